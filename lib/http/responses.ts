// What Ion's answers mean: token responses, OAuth's errors, and answers that are neither.

import { IonAuthorizationError, IonResponseError, IonTokenError, isErrorOfIon } from '../errors.js';
import type { IonResponseErrorCode } from '../errors.js';
import type { Incoming } from './exchange.js';
import { textOf } from './exchange.js';
import { quotable, quotableCode } from './redact.js';
import { isRecord } from '../json.js';
import { isToken } from '../tokens.js';

/** A token response (RFC 6749, section 5.1), checked. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** All that Ion sent but the refresh token. */
  readonly rest: Record<string, unknown>;
}

/** What the answer to a token request is judged by. */
export interface TokenRequest {
  /** How an error calls it. */
  readonly what: 'the token request' | 'the refresh request' | 'the revocation request';
  /** What it held that no error may repeat; the client secret last, empty for a public client. */
  readonly secrets: readonly string[];
}

/**
 * The tokens in Ion's answer.
 *
 * @throws {@link IonTokenError} where Ion refused to give any.
 * @throws {@link IonResponseError} where the answer is no token response.
 */
export function readTokenResponse(incoming: Incoming, request: TokenRequest): TokenResponse {
  const { status } = incoming;
  const json = parsed(incoming);
  throwUnlessGranted(status, json, request);
  if (json === undefined) throw notJSON(request.what, status);
  const { refresh_token: refreshToken, ...rest } = isRecord(json) ? json : {};
  const accessToken = rest['access_token'];
  if (!isToken(accessToken)) {
    const message = `Ion answered ${status} to ${request.what}, but without an access token: check that baseURL is Ion, and try again`;
    throw new IonResponseError('ERR_ION_RESPONSE', message, status);
  }
  return { accessToken, refreshToken: isToken(refreshToken) ? refreshToken : undefined, rest };
}

/** Throws where Ion refused, or answered with no success. `json` is what it answered. */
export function throwUnlessGranted(status: number, json: unknown, request: TokenRequest): void {
  if (isRecord(json) && typeof json['error'] === 'string') throw refusal(json, status, request);
  if (status < 200 || status > 299) throw unexpected(request.what, status);
}

/**
 * The error for an answer whose status says that it is not what was asked for.
 *
 * @param withToken - Whether the request held an access token, which Ion may have refused.
 */
export function unexpected(what: string, status: number, withToken = false): IonResponseError {
  const [code, advice] = meaningOf(status, withToken);
  return new IonResponseError(code, `Ion answered ${status} to ${what}: ${advice}`, status);
}

/** The error for a success without JSON in it. */
export function notJSON(what: string, status: number): IonResponseError {
  const message = `Ion answered ${status} to ${what} with no JSON: check that baseURL is Ion, and that no proxy in between answers in its place`;
  return new IonResponseError('ERR_ION_NOT_JSON', message, status);
}

/**
 * `error`, or what it means after a token request for this scope: whoever asks for `openid` without
 * being registered for it gets a code from Ion like anyone else, and then a 500.
 */
export function explainedByScope(error: unknown, scope: string): unknown {
  if (!(error instanceof IonResponseError) || error.status !== 500) return error;
  if (!scope.split(' ').includes('openid')) return error;
  const message =
    'Ion answered 500 to the token request, as it does where scope holds openid and the application is not registered for OpenID Connect: leave openid out of scope, or register an application with an algorithm for it';
  return new IonResponseError('ERR_ION_OPENID', message, 500, error);
}

/** The error for a login that Ion sent back with one other than `access_denied`. */
export function signInRefusal(error: string, description: unknown): IonAuthorizationError {
  const code = quotableCode(error, []) ?? 'server_error';
  const said = [code, quotable(description, [])].filter(Boolean).join(', ');
  return new IonAuthorizationError(
    code,
    `Ion refused the sign-in (${said}): ${adviceOnSignIn(code)}`,
  );
}

/**
 * The JSON in an answer, whatever its Content-Type: Ion sends JSON as text/html at times. Undefined,
 * which no JSON is, where there is none.
 */
export function parsed(incoming: Incoming): unknown {
  try {
    return JSON.parse(textOf(incoming.body));
  } catch {
    // The parser's message quotes the text, which may repeat a secret.
    return undefined;
  }
}

/** The JSON object in an answer; undefined where it is something else. */
export function objectIn(incoming: Incoming): Record<string, unknown> | undefined {
  const json = parsed(incoming);
  return isRecord(json) ? json : undefined;
}

function meaningOf(
  status: number,
  withToken: boolean,
): readonly [code: IonResponseErrorCode, advice: string] {
  if (status >= 300 && status <= 399) {
    return ['ERR_ION_REDIRECT', 'a redirect, which is never followed; check that baseURL is Ion'];
  }
  if (withToken && (status === 401 || status === 403)) {
    return ['ERR_ION_FORBIDDEN', 'it refused the access token; sign in again'];
  }
  if (status === 429) return ['ERR_ION_UNAVAILABLE', 'too many requests, try again later'];
  if (status === 502 || status === 503 || status === 504) {
    return ['ERR_ION_UNAVAILABLE', 'it is down for maintenance, try again later'];
  }
  if (status >= 500 && status <= 599) {
    return ['ERR_ION_RESPONSE', 'something broke there, try again'];
  }
  const elsewhere = 'check that baseURL is Ion, and that no proxy in between answers in its place';
  return ['ERR_ION_RESPONSE', elsewhere];
}

function refusal(
  json: Record<string, unknown>,
  status: number,
  { what, secrets }: TokenRequest,
): IonTokenError | IonResponseError {
  const code = quotableCode(json['error'], secrets);
  if (code === undefined) return unexpected(what, status);
  const description = quotable(json['error_description'], secrets);
  const said = description === undefined ? code : `${code}, ${description}`;
  const message = `Ion refused ${what} with ${status} (${said}): ${adviceOn(code, what, secrets.at(-1) !== '')}`;
  return new IonTokenError(code, message, isErrorOfIon(status) ? status : 502);
}

function adviceOn(code: string, what: TokenRequest['what'], hasSecret: boolean): string {
  const isLogin = what === 'the token request';
  switch (code) {
    case 'invalid_client':
      return hasSecret
        ? 'clientID or clientSecret is not that of the application, compare them; Ion shows a secret only once, a lost one means a new application'
        : 'clientID is wrong, or the application is confidential and clientSecret was not given; is its environment variable set?';
    case 'invalid_grant':
      return !isLogin
        ? 'the refresh token was used already, revoked or deleted; sign in again'
        : 'the code was used already, is older than a minute, or was given to another application; start the sign-in again';
    case 'unauthorized_client':
      return "the application is not registered for this; on Ion its Authorization Grant Type must be 'Authorization code'";
    case 'invalid_request':
      return isLogin
        ? 'callbackURL must be the same at both ends of a login, and exactly as registered with Ion'
        : 'check that the tokens are those that Ion gave';
    case 'invalid_scope':
      return 'the scope is unknown or wider than what was granted; sign in again';
    default:
      return isLogin ? 'start the sign-in again' : 'sign in again';
  }
}

function adviceOnSignIn(code: string): string {
  switch (code) {
    case 'invalid_scope':
      return 'the option scope names one that Ion does not know; its scopes are read, write, openid, profile, email, groups';
    case 'unauthorized_client':
      return "the application's Authorization Grant Type on Ion must be 'Authorization code'";
    case 'server_error':
    case 'temporarily_unavailable':
      return 'something broke there, try again later';
    default:
      return 'start the sign-in again';
  }
}
