// Interprets Ion's responses: tokens, JSON from the API, refusals, and anything unexpected.

import {
  IonAPIError,
  IonAuthorizationError,
  IonResponseError,
  IonTokenError,
  isUnavailable,
  joinReasons,
} from '../errors.js';
import type { IonAPIReason, IonResponseErrorCode } from '../errors.js';
import { decodeText } from './exchange.js';
import type { IonHttpResponse } from './exchange.js';
import { quoteCodeIfSafe, quoteIfSafe } from './safe-quotes.js';
import { isRecord, parseJSON } from '../json.js';
import { isToken } from '../check-tokens.js';

/** A token response (RFC 6749, section 5.1) that has been checked. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Everything that Ion sent except the refresh token. */
  readonly rest: Record<string, unknown>;
}

/** The request to an OAuth endpoint that a response belongs to. */
export interface TokenRequest {
  /** What error messages call the request. */
  readonly label: 'the token request' | 'the refresh request' | 'the revocation request';
  /**
   * The secrets in the request, which no error may repeat. The client secret is last; it is '' for a public
   * client.
   */
  readonly secrets: readonly string[];
}

/**
 * Reads the tokens in the response to a token or refresh request.
 *
 * @throws {@link IonTokenError} if Ion refused.
 * @throws {@link IonResponseError} if Ion's response is not a token response.
 */
export function readTokenResponse(response: IonHttpResponse, request: TokenRequest): TokenResponse {
  const json = requireOAuthSuccess(response, request);
  if (json === undefined) throw notJSONError(response, request.label);
  const { refresh_token: refreshToken, ...rest } = isRecord(json) ? json : {};
  const { access_token: accessToken, token_type: type } = rest;
  // RFC 6749, section 7.1: a token of an unknown type must not be used. The type's case does not matter.
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  if (!isToken(accessToken) || !isBearer) {
    const missing = isToken(accessToken) ? 'the token_type Bearer' : 'an access token';
    const message = `Ion answered ${response.status} to ${request.label}, but without ${missing}: check that baseURL is Ion, and try again`;
    throw new IonResponseError('ERR_ION_RESPONSE', message, response.status);
  }
  return { accessToken, refreshToken: isToken(refreshToken) ? refreshToken : undefined, rest };
}

/**
 * Throws unless an OAuth endpoint accepted the request.
 *
 * @returns The JSON in the response; undefined if it is not JSON.
 * @throws {@link IonTokenError} if Ion refused.
 * @throws {@link IonResponseError} if the status is not a success.
 */
export function requireOAuthSuccess(response: IonHttpResponse, request: TokenRequest): unknown {
  const json = readJSON(response);
  if (isRecord(json) && typeof json['error'] === 'string') {
    throw refusalError(json, response, request);
  }
  if (!isSuccess(response)) throw statusError(response, request.label);
  return json;
}

/**
 * Reads the JSON in a response from Ion's API. Returns undefined if the response has no body.
 *
 * @param label - What error messages call the request, such as `GET /api/schedule`.
 * @param secrets - The secrets in the request, which no error may repeat.
 * @throws {@link IonAPIError} if Ion refused.
 * @throws {@link IonResponseError} if the response is a redirect, or is not JSON.
 */
export function readAPIResponse(
  response: IonHttpResponse,
  label: string,
  secrets: readonly string[],
): unknown {
  requireAPISuccess(response, label, secrets);
  if (response.body.length === 0) return undefined;
  const json = readJSON(response);
  if (json === undefined) throw notJSONError(response, label);
  return json;
}

/**
 * Throws unless Ion's API carried out the request.
 *
 * @throws {@link IonAPIError} if Ion refused.
 * @throws {@link IonResponseError} if the status is neither a success nor an error.
 */
export function requireAPISuccess(
  response: IonHttpResponse,
  label: string,
  secrets: readonly string[],
): void {
  if (isSuccess(response)) return;
  const { status } = response;
  // 407 comes from a proxy, not from Ion.
  if (status < 400 || status > 599 || status === 407) throw statusError(response, label);
  const reasons = readReasons(response, secrets);
  const quote = reasons.length === 0 ? '' : ` (${joinReasons(reasons)})`;
  const message = `Ion answered ${status} to ${label}${quote}: ${apiAdviceFor(status)}`;
  throw new IonAPIError(message, status, { reasons, retryAfter: readRetryAfter(response) });
}

const INVALID_TOKEN_DETAIL = 'Authentication credentials were not provided.';

/**
 * Whether Ion's API refused the token. Its response is the same whether the token is expired, revoked, or
 * unknown.
 */
export function isTokenRefused(response: IonHttpResponse): boolean {
  if (response.status !== 403) return false;
  const json = readJSON(response);
  return isRecord(json) && json['detail'] === INVALID_TOKEN_DETAIL;
}

/**
 * Returns the JSON in a response, or undefined if the body is not JSON. Ignores the content type, because
 * Ion sends some JSON as text/html.
 */
export function readJSON(response: IonHttpResponse): unknown {
  return parseJSON(decodeText(response.body));
}

/**
 * Creates the error for a response that is not a success, if Ion did not explain why.
 *
 * @param hadAccessToken - Whether the request had an access token, which Ion might have refused.
 */
export function statusError(
  response: IonHttpResponse,
  label: string,
  hadAccessToken = false,
): IonResponseError {
  const { status } = response;
  const isForbidden = hadAccessToken && (status === 401 || status === 403);
  const code = isForbidden ? 'ERR_ION_FORBIDDEN' : codeFor(status);
  const advice = isForbidden ? 'it refused the access token; sign in again' : adviceFor(status);
  const message = `Ion answered ${status} to ${label}: ${advice}`;
  return new IonResponseError(code, message, status, { retryAfter: readRetryAfter(response) });
}

/** Creates the error for a successful response with the wrong kind of body. */
export function bodyError(
  { status }: IonHttpResponse,
  label: string,
  got: string,
  advice = "check that this is a path of Ion's API, and that baseURL is Ion",
): IonResponseError {
  const message = `Ion answered ${status} to ${label} with ${got}: ${advice}`;
  return new IonResponseError('ERR_ION_RESPONSE', message, status);
}

/**
 * If a token request failed with 500 and its scope includes `openid`, returns an error that explains this:
 * Ion gives even an application that is not registered for OpenID Connect a code, but then responds to its
 * token request with a 500. Returns any other error unchanged.
 */
export function explainOpenIDError(error: unknown, scope: string): unknown {
  if (!(error instanceof IonResponseError) || error.ionStatus !== 500) return error;
  if (!scope.split(' ').includes('openid')) return error;
  const message =
    'Ion answered 500 to the token request, as it does if scope includes openid and the application is not registered for OpenID Connect: leave openid out of scope, or tick "Oidc enabled" for the application on Ion';
  return new IonResponseError('ERR_ION_OPENID', message, 500, { cause: error });
}

/** Creates the error for a sign-in that Ion sent back with an `error` other than `access_denied`. */
export function authorizationError(error: string, description: unknown): IonAuthorizationError {
  const code = quoteCodeIfSafe(error, []) ?? 'server_error';
  const quote = [code, quoteIfSafe(description, [])].filter(Boolean).join(', ');
  const message = `Ion refused the sign-in (${quote}): ${authorizationAdviceFor(code)}`;
  return new IonAuthorizationError(code, message);
}

function notJSONError({ status }: IonHttpResponse, label: string): IonResponseError {
  const message = `Ion answered ${status} to ${label} with something that is not JSON: check that baseURL is Ion, and that no proxy in between answers in its place`;
  return new IonResponseError('ERR_ION_NOT_JSON', message, status);
}

function isSuccess({ status }: IonHttpResponse): boolean {
  return status >= 200 && status <= 299;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status <= 399;
}

function codeFor(status: number): IonResponseErrorCode {
  if (isRedirect(status)) return 'ERR_ION_REDIRECT';
  return isUnavailable(status) ? 'ERR_ION_UNAVAILABLE' : 'ERR_ION_RESPONSE';
}

function adviceFor(status: number): string {
  if (isRedirect(status)) {
    return 'that is a redirect, which is never followed; check that baseURL is Ion';
  }
  if (status === 429) return 'too many requests, try again later';
  if (isUnavailable(status)) return 'it is down for maintenance, try again later';
  if (status >= 500 && status <= 599) return 'something broke there, try again';
  return 'check that baseURL is Ion, and that no proxy in between answers in its place';
}

function apiAdviceFor(status: number): string {
  switch (status) {
    case 400:
      return 'correct what was sent; Ion did not carry it out';
    case 401:
      return 'it refuses requests with an Origin header; check what a proxy adds';
    case 403:
      return 'this person may not do that on Ion, and another token will not help';
    case 404:
      return 'check the path; Ion also says this about what this person may not see';
    case 405:
      return 'this path does not accept this method';
    default:
      return status >= 500 || status === 429 ? adviceFor(status) : 'check what was asked for';
  }
}

const MAX_REASONS = 10;
const MAX_REASONS_READ = 100;
const MAX_FIELDS_READ = 100;
// In Ion's error responses, the reasons under these keys are not about a particular field.
const GENERAL = ['detail', 'details', 'error', 'non_field_errors'];

// REST framework sends {"detail": "…"}, {"<field>": ["…"]} or a bare ["…"]; Ion sends {"details": ["…"]} and
// {"error": "…"}.
function readReasons(response: IonHttpResponse, secrets: readonly string[]): IonAPIReason[] {
  const json = readJSON(response);
  const byKey: Readonly<Record<string, unknown>> = Array.isArray(json)
    ? { details: json as unknown[] }
    : isRecord(json)
      ? json
      : {};
  const reasons: IonAPIReason[] = [];
  let read = 0;
  for (const key of Object.keys(byKey).slice(0, MAX_FIELDS_READ)) {
    const field = GENERAL.includes(key) ? undefined : quoteIfSafe(key, secrets);
    for (const value of [byKey[key]].flat<unknown[]>()) {
      if (read === MAX_REASONS_READ || reasons.length === MAX_REASONS) return reasons;
      read += 1;
      const text = quoteIfSafe(value, secrets);
      if (text !== undefined) reasons.push(field === undefined ? { text } : { text, field });
    }
  }
  return reasons;
}

const MAX_RETRY_AFTER_SECONDS = 24 * 60 * 60;
// RFC 9110, section 5.6.7: a date looks like Wed, 25 Nov 2026 11:37:05 GMT.
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Returns the seconds in a Retry-After header (RFC 9110, section 10.2.3); undefined if the header is absent
 * or malformed.
 */
function readRetryAfter({ message }: IonHttpResponse): number | undefined {
  const value = message.headers['retry-after'] ?? '';
  let seconds = NaN;
  if (/^\d{1,10}$/.test(value)) seconds = Number(value);
  else if (HTTP_DATE.test(value)) seconds = Math.ceil((Date.parse(value) - Date.now()) / 1000);
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}

function refusalError(
  json: Record<string, unknown>,
  response: IonHttpResponse,
  { label, secrets }: TokenRequest,
): IonTokenError | IonResponseError {
  const code = quoteCodeIfSafe(json['error'], secrets);
  if (code === undefined) return statusError(response, label);
  const description = quoteIfSafe(json['error_description'], secrets);
  const quote = description === undefined ? code : `${code}, ${description}`;
  const advice = refusalAdviceFor(code, label, secrets.at(-1) !== '');
  const message = `Ion refused ${label} with ${response.status} (${quote}): ${advice}`;
  return new IonTokenError(code, message, response.status);
}

function refusalAdviceFor(
  code: string,
  label: TokenRequest['label'],
  hasClientSecret: boolean,
): string {
  const isSignIn = label === 'the token request';
  switch (code) {
    case 'invalid_client':
      return hasClientSecret
        ? "clientID or clientSecret is not the application's, compare them; Ion shows a secret only once, so if it is lost, register a new application"
        : 'clientID is wrong, or the application is confidential and clientSecret was not given; is its environment variable set?';
    case 'invalid_grant':
      return isSignIn
        ? 'the code was already used, is over a minute old, or was issued to another application; start the sign-in again'
        : 'the refresh token was already used, revoked or deleted; sign in again';
    case 'unauthorized_client':
      return "the application is not registered for this; on Ion its Authorization Grant Type must be 'Authorization code'";
    case 'invalid_request':
      return isSignIn
        ? 'callbackURL must be the same at both ends of a sign-in, and exactly as registered with Ion'
        : 'check that these are the tokens that Ion gave';
    case 'invalid_scope':
      return 'the scope is unknown, or wider than what was granted; sign in again';
    default:
      return isSignIn ? 'start the sign-in again' : 'sign in again';
  }
}

function authorizationAdviceFor(code: string): string {
  switch (code) {
    case 'invalid_scope':
      return 'the option scope names a scope that Ion does not know; its scopes are read, write, openid, profile, email, groups';
    case 'unauthorized_client':
      return "the application's Authorization Grant Type on Ion must be 'Authorization code'";
    case 'server_error':
    case 'temporarily_unavailable':
      return 'something broke there, try again later';
    default:
      return 'start the sign-in again';
  }
}
