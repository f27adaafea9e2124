// Defines all error classes, and the details that each of them has.

import OAuth2Strategy = require('passport-oauth2');

import type { IonTokens } from './tokens.js';

// passport-oauth2 makes its error classes subclasses of Error by assigning to `__proto__`. That has no
// effect in Deno and under `node --disable-proto=delete`, where neither these classes nor our subclasses
// would be errors. So their prototypes are set here instead.
const { TokenError, AuthorizationError, InternalOAuthError } = OAuth2Strategy;
for (const { prototype } of [TokenError, AuthorizationError, InternalOAuthError]) {
  if (prototype instanceof Error) continue;
  Reflect.deleteProperty(prototype, '__proto__');
  Object.setPrototypeOf(prototype, Error.prototype);
}

/**
 * An option or argument cannot work. It was passed to a constructor, to `passport.authenticate`, or to a
 * method of the strategy, the API, or the vault. Nothing was sent. The message says what the value must be.
 */
export class IonOptionError extends TypeError {
  override readonly name = 'IonOptionError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_OPTION';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
  /** The option's name. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/**
 * Ion sent no complete response: the deadline passed (`ERR_ION_TIMEOUT`), or the connection failed or
 * broke (`ERR_ION_UNREACHABLE`; the `cause` says why).
 */
export class IonConnectionError extends OAuth2Strategy.InternalOAuthError {
  override name = 'IonConnectionError';
  /** A stable code that programs can check. */
  readonly code: 'ERR_ION_TIMEOUT' | 'ERR_ION_UNREACHABLE';
  /** The HTTP status to send to the visitor: 504 for a timeout, otherwise 502. */
  readonly status: 502 | 504;
  /** The underlying error from Node, if there is one. */
  declare readonly cause?: Error;

  constructor(code: IonConnectionError['code'], message: string, cause?: Error) {
    super(message, cause);
    restack(this, new.target);
    this.code = code;
    this.status = code === 'ERR_ION_TIMEOUT' ? 504 : 502;
    if (cause) this.cause = cause;
  }

  /** Returns the name and the message; the parent class would print the cause instead. */
  override toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

/**
 * What was wrong with Ion's response:
 *
 * - `ERR_ION_UNAVAILABLE`: Ion is down for maintenance, or is getting too many requests (429, 502, 503,
 *   504).
 * - `ERR_ION_REDIRECT`: a redirect, which is never followed.
 * - `ERR_ION_FORBIDDEN`: Ion refused the access token that it had just issued (401, 403).
 * - `ERR_ION_OPENID`: `openid` was requested for an application that is not registered for OpenID Connect.
 * - `ERR_ION_NOT_JSON`: not JSON, such as an HTML page.
 * - `ERR_ION_PROFILE`: JSON, but not a profile, or a profile that does not identify a person.
 * - `ERR_ION_RESPONSE_TOO_LARGE`: over 1 MiB.
 * - `ERR_ION_RESPONSE`: anything else that the protocol or Ion's API does not promise.
 */
export type IonResponseErrorCode =
  | 'ERR_ION_UNAVAILABLE'
  | 'ERR_ION_REDIRECT'
  | 'ERR_ION_FORBIDDEN'
  | 'ERR_ION_OPENID'
  | 'ERR_ION_NOT_JSON'
  | 'ERR_ION_PROFILE'
  | 'ERR_ION_RESPONSE_TOO_LARGE'
  | 'ERR_ION_RESPONSE';

/**
 * Ion responded, but not with what the protocol or its API promises.
 *
 * The error holds no part of the body, because Ion's error pages might repeat the request, including its
 * secrets.
 */
export class IonResponseError extends OAuth2Strategy.InternalOAuthError {
  override name = 'IonResponseError';
  /** A stable code that programs can check: see {@link IonResponseErrorCode}. */
  readonly code: IonResponseErrorCode;
  /**
   * The HTTP status to send to the visitor: 503 for `ERR_ION_UNAVAILABLE`, 500 for
   * `ERR_ION_OPENID` (a mistake in the app's settings), otherwise 502.
   */
  readonly status: 500 | 502 | 503;
  /** The HTTP status of Ion's response. */
  readonly ionStatus: number;
  /**
   * How long Ion asks to wait (its `Retry-After` header), in seconds, at most a day. Absent if Ion does not
   * ask to.
   */
  declare readonly retryAfter?: number;
  /** The error that caused this one, if any. */
  declare readonly cause?: Error;

  constructor(
    code: IonResponseErrorCode,
    message: string,
    ionStatus: number,
    { retryAfter, cause }: { retryAfter?: number | undefined; cause?: Error | undefined } = {},
  ) {
    super(message, { statusCode: ionStatus });
    restack(this, new.target);
    this.code = code;
    this.status = code === 'ERR_ION_UNAVAILABLE' ? 503 : code === 'ERR_ION_OPENID' ? 500 : 502;
    this.ionStatus = ionStatus;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (cause) this.cause = cause;
  }

  /** Returns the name and the message, without the status that the parent class adds. */
  override toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

/**
 * Ion refused to issue tokens, or to revoke a token (RFC 6749, section 5.2). `code` is Ion's error code:
 * `invalid_grant`, `invalid_client`, and so on.
 */
export class IonTokenError extends OAuth2Strategy.TokenError {
  override name = 'IonTokenError';
  /** Ion's error code, such as `invalid_grant`. */
  declare code: string;
  /**
   * The HTTP status to send to the visitor: 401 for `invalid_grant`, after which the person has to sign in
   * again. Other refusals, such as `invalid_client`, are the app's mistake (500), unless Ion itself failed
   * (502 or 503).
   */
  declare status: number;
  /** The HTTP status of Ion's response, usually 400 or 401. */
  readonly ionStatus: number;

  constructor(code: string, message: string, ionStatus: number) {
    super(message, code, undefined, code === 'invalid_grant' ? 401 : serverStatus(ionStatus));
    restack(this, new.target);
    this.ionStatus = ionStatus;
  }
}

/**
 * Ion sent the browser back with an error (RFC 6749, section 4.1.2.1). `code` is Ion's error code:
 * `invalid_scope`, `unauthorized_client`, `server_error`, and so on.
 */
export class IonAuthorizationError extends OAuth2Strategy.AuthorizationError {
  override name = 'IonAuthorizationError';
  /** Ion's error code, such as `invalid_scope`. */
  declare code: string;
  /**
   * The HTTP status to send to the visitor: 502 for `server_error`, 503 for `temporarily_unavailable`, and
   * 500 for anything else, because then the app's settings are wrong.
   */
  declare status: number;

  constructor(code: string, message: string) {
    super(message, code);
    restack(this, new.target);
  }
}

/**
 * The app cannot keep a sign-in: there is no session middleware, or its session lacks a required method; or,
 * with a CookieStateStore, the sign-in began at an http: address and came back to https:.
 */
export class IonSessionError extends Error {
  override readonly name = 'IonSessionError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_SESSION';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
}

/**
 * A sign-in was refused because of the address that its request was sent to: `callbackURL` does not allow
 * this origin, or the request names no usable host. Nothing was sent to Ion.
 */
export class IonOriginError extends Error {
  override readonly name = 'IonOriginError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_ORIGIN';
  /**
   * The HTTP status to send to the visitor: 400 if the request names no usable host, otherwise 421 (RFC
   * 9110, section 15.5.20). It is never 500, because anyone can send any Host header: it is not the app's
   * fault.
   */
  readonly status: 400 | 421;

  constructor(message: string, status: 400 | 421) {
    super(message);
    this.status = status;
  }
}

/**
 * The app's own code misbehaved: it returned nothing usable, did not finish in time, or failed with
 * something that is not an Error (which is then the `cause`). The message names the function: verify,
 * userProfile, skipUserProfile, a session store, a state store, `load`, and so on.
 */
export class IonAppError extends Error {
  override readonly name = 'IonAppError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_APP';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
}

/** One of the reasons that Ion's API gives for refusing a request. */
export interface IonAPIReason {
  /** Ion's words, such as `This field is required.` */
  readonly text: string;
  /** The field in the request that the reason is about, if any. */
  readonly field?: string;
}

/**
 * Ion's API refused a request, or could not carry it out.
 *
 * ```ts
 * try {
 *   await api.get('/profile/2027nobody');
 * } catch (error) {
 *   if (error instanceof IonAPIError && error.ionStatus === 404) console.log('No such person');
 *   else throw error;
 * }
 * ```
 */
export class IonAPIError extends Error {
  override readonly name = 'IonAPIError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_API';
  /**
   * The HTTP status to send to the visitor, if the app does not handle the error: 503 if Ion is
   * unavailable, 502 if it failed, 500 if it refused what the app asked for.
   */
  readonly status: 500 | 502 | 503;
  /** The HTTP status of Ion's response, 400 to 599. For example, 404 if there is no such person. */
  readonly ionStatus: number;
  /**
   * Why Ion refused, in its own words: at most 10 reasons, each of at most 300 characters. Reasons that
   * might hold a secret are left out. Empty if Ion gave none.
   */
  readonly reasons: readonly IonAPIReason[];
  /** The reasons in one string, separated by `; `. Absent if Ion gave none. */
  declare readonly detail?: string;
  /**
   * How long Ion asks to wait (its `Retry-After` header), in seconds, at most a day. Absent if Ion does not
   * ask to.
   */
  declare readonly retryAfter?: number;

  constructor(
    message: string,
    ionStatus: number,
    {
      reasons = [],
      retryAfter,
    }: { reasons?: readonly IonAPIReason[]; retryAfter?: number | undefined } = {},
  ) {
    super(message);
    this.status = serverStatus(ionStatus);
    this.ionStatus = ionStatus;
    this.reasons = reasons;
    if (reasons.length > 0) this.detail = joinReasons(reasons);
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** Joins the reasons into one string, for an error message. */
export function joinReasons(reasons: readonly IonAPIReason[]): string {
  return reasons.map(({ field, text }) => (field ? `${field}: ${text}` : text)).join('; ');
}

/**
 * A path, or a link in one of Ion's responses, does not lead to Ion's API, so no token may be sent there.
 * Nothing was sent.
 */
export class IonURLError extends Error {
  override readonly name = 'IonURLError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_URL';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
}

/**
 * There are no tokens that Ion accepts, and only the person can get new ones: send them to sign in again. If
 * Ion refused the refresh, its {@link IonTokenError} is the `cause`.
 */
export class IonSignInRequiredError extends Error {
  override readonly name = 'IonSignInRequiredError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_SIGN_IN_REQUIRED';
  /** The HTTP status to send to the visitor. */
  readonly status = 401;
}

/**
 * Ion issued new tokens, but the app's `save` failed. The old ones no longer work, so `tokens` holds the
 * only pair that does: save it in some other way. The `cause` is the error that `save` threw.
 */
export class IonTokensNotSavedError extends Error {
  override readonly name = 'IonTokensNotSavedError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_TOKENS_NOT_SAVED';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
  readonly #tokens: IonTokens;

  constructor(tokens: IonTokens, cause: unknown) {
    super(
      "Ion issued new tokens, but the app's save failed (see the cause): they are in `tokens` of this error; save them, or the person must sign in again",
      { cause },
    );
    this.#tokens = tokens;
  }

  /** The new tokens. They do not appear in a log of the error. */
  get tokens(): IonTokens {
    return this.#tokens;
  }
}

/**
 * A TokenVault cannot open this string, or cannot seal this value; the message says why, as far as
 * cryptography can tell.
 */
export class IonVaultError extends Error {
  override readonly name = 'IonVaultError';
  /** A stable code that programs can check. */
  readonly code = 'ERR_ION_VAULT';
  /** The HTTP status to send to the visitor. */
  readonly status = 500;
}

/** Whether the status means that Ion is down for maintenance, or is getting too many requests. */
export function isUnavailable(ionStatus: number): boolean {
  return [429, 502, 503, 504].includes(ionStatus);
}

// Never returns a 4xx status: the app sent what Ion refused, so it is not the visitor's fault.
function serverStatus(ionStatus: number): 500 | 502 | 503 {
  if (isUnavailable(ionStatus)) return 503;
  return ionStatus >= 500 ? 502 : 500;
}

// Captures the stack again. passport-oauth2's classes capture it before they set name and message, so that
// stack would begin with a bare "Error".
function restack(error: Error, constructor: new (...args: never[]) => Error): void {
  Error.captureStackTrace(error, constructor);
}
