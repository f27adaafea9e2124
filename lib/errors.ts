// Every error class, and what each carries.

import OAuth2Strategy = require('passport-oauth2');

import type { IonTokens } from './tokens.js';

/**
 * An option or argument that cannot work: at construction, in `passport.authenticate`, or in a call of
 * the strategy's, the API's or the vault's. Nothing was sent. The message says what it must be.
 */
export class IonOptionError extends TypeError {
  override readonly name = 'IonOptionError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_OPTION';
  /** The option's name. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(message);
    this.option = option;
  }
}

/**
 * Ion gave no complete answer: the deadline passed (`ERR_ION_TIMEOUT`), or the connection could not
 * be made or broke (`ERR_ION_UNREACHABLE`, the reason is the `cause`).
 */
export class IonConnectionError extends OAuth2Strategy.InternalOAuthError {
  override name = 'IonConnectionError';
  /** Stable, for programs. */
  readonly code: 'ERR_ION_TIMEOUT' | 'ERR_ION_UNREACHABLE';
  /** The HTTP status that fits an answer to the browser: 504 for a timeout, else 502. */
  readonly status: 502 | 504;
  /** What Node reported, where it did. */
  declare readonly cause?: Error;

  constructor(code: IonConnectionError['code'], message: string, cause?: Error) {
    super(message, cause);
    restack(this, IonConnectionError);
    this.code = code;
    this.status = code === 'ERR_ION_TIMEOUT' ? 504 : 502;
    if (cause) this.cause = cause;
  }

  /** The name and the message; the parent class would print the cause in their place. */
  override toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

/**
 * What was wrong with an answer of Ion's:
 *
 * - `ERR_ION_UNAVAILABLE`: Ion is down for maintenance, or asked too often (429, 502, 503, 504).
 * - `ERR_ION_REDIRECT`: a redirect, which is never followed.
 * - `ERR_ION_FORBIDDEN`: it refused the access token that it had given a moment before (401, 403).
 * - `ERR_ION_OPENID`: `openid` was asked for an application that is not registered for OpenID Connect.
 * - `ERR_ION_NOT_JSON`: no JSON, such as a page.
 * - `ERR_ION_PROFILE`: JSON, but no profile, or one that names nobody.
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
 * Ion answered, but not with what the protocol or its API promises.
 *
 * It holds nothing of the body: Ion's error pages may repeat the request, secrets included.
 */
export class IonResponseError extends OAuth2Strategy.InternalOAuthError {
  override name = 'IonResponseError';
  /** Stable, for programs: see {@link IonResponseErrorCode}. */
  readonly code: IonResponseErrorCode;
  /** Ion's own HTTP status where it is an error's (400 to 599, but for 407), else 502. */
  readonly status: number;
  /** The error behind this one, where there is one. */
  declare readonly cause?: Error;

  constructor(code: IonResponseErrorCode, message: string, ionStatus: number, cause?: Error) {
    super(message, { statusCode: ionStatus });
    restack(this, IonResponseError);
    this.code = code;
    this.status = isErrorOfIon(ionStatus) ? ionStatus : 502;
    if (cause) this.cause = cause;
  }

  /** The name and the message, without the status that the parent class adds. */
  override toString(): string {
    return `${this.name}: ${this.message}`;
  }
}

/**
 * Ion refused to give tokens (RFC 6749, section 5.2). `code` is Ion's own: `invalid_grant`,
 * `invalid_client`, and so on.
 */
export class IonTokenError extends OAuth2Strategy.TokenError {
  override name = 'IonTokenError';
  /** Ion's own code, such as `invalid_grant`. */
  declare code: string;
  /** Ion's own HTTP status, 400 or 401. */
  declare status: number;

  constructor(code: string, message: string, status: number) {
    super(message, code, undefined, status);
    restack(this, IonTokenError);
  }
}

/**
 * Ion sent the browser back with an error (RFC 6749, section 4.1.2.1). `code` is Ion's own:
 * `invalid_scope`, `unauthorized_client`, `server_error`, and so on.
 */
export class IonAuthorizationError extends OAuth2Strategy.AuthorizationError {
  override name = 'IonAuthorizationError';
  /** Ion's own code, such as `invalid_scope`. */
  declare code: string;
  /**
   * The HTTP status that fits an answer to the browser: 502 for `server_error`, 503 for
   * `temporarily_unavailable`, else 500.
   */
  declare status: number;

  constructor(code: string, message: string) {
    super(message, code);
    restack(this, IonAuthorizationError);
  }
}

/** The app's session cannot hold a login: no session middleware, or one that lacks a method. */
export class IonSessionError extends Error {
  override readonly name = 'IonSessionError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_SESSION';
  /** The HTTP status that fits an answer to the browser. */
  readonly status = 500;
}

/**
 * A sign-in that was refused because of the address that its request was sent to: none of the URLs
 * in `callbackURL` belongs there, or the request names no host at all. Nothing was sent to Ion.
 */
export class IonOriginError extends Error {
  override readonly name = 'IonOriginError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_ORIGIN';
  /**
   * The HTTP status that fits an answer to the browser. Anyone can send the Host of their choice, so
   * it is never the app's fault: 400 without a usable host, else 421 (RFC 9110, section 15.5.20).
   */
  readonly status: 400 | 421;

  constructor(message: string, status: 400 | 421) {
    super(message);
    this.status = status;
  }
}

/**
 * Code of the app misbehaved: it gave no usable result, or none in time, or it failed with something
 * that is not an Error (then that is the `cause`). The message names the function: verify,
 * userProfile, skipUserProfile, a session store, a state store, `load`, and so on.
 */
export class IonAppError extends Error {
  override readonly name = 'IonAppError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_APP';
  /** The HTTP status that fits an answer to the browser. */
  readonly status = 500;
}

/** Ion's API refused a request, or could not carry it out. */
export class IonAPIError extends Error {
  override readonly name = 'IonAPIError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_API';
  /** Ion's own HTTP status, 400 to 599. */
  readonly status: number;
  /** What Ion said, where it said something that may be repeated; several reasons have `; ` between. */
  declare readonly detail?: string;

  constructor(message: string, status: number, detail?: string) {
    super(message);
    this.status = status;
    if (detail !== undefined) this.detail = detail;
  }
}

/**
 * A path, or a link in one of Ion's answers, that does not lead to Ion's API, so that no token may be
 * sent there. Nothing was sent.
 */
export class IonURLError extends Error {
  override readonly name = 'IonURLError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_URL';
}

/**
 * There are no tokens that Ion takes, and none can be got without the person: send them to sign in.
 * Where Ion refused to refresh, its {@link IonTokenError} is the `cause`.
 */
export class IonSignInRequiredError extends Error {
  override readonly name = 'IonSignInRequiredError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_SIGN_IN_REQUIRED';
  /** The HTTP status that fits an answer to the browser. */
  readonly status = 401;
}

/**
 * Ion gave new tokens, and the app's `save` failed. The old ones are dead by now, so `tokens` holds
 * the only pair that works: save it by other means. The `cause` is the error of `save`.
 */
export class IonTokensNotSavedError extends Error {
  override readonly name = 'IonTokensNotSavedError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_TOKENS_NOT_SAVED';
  /** The HTTP status that fits an answer to the browser. */
  readonly status = 500;
  readonly #tokens: IonTokens;

  constructor(tokens: IonTokens, cause: unknown) {
    super(
      "Ion gave new tokens, but the app's save failed (see the cause): they are on this error as `tokens`, save them or the person must sign in again",
      { cause },
    );
    this.#tokens = tokens;
  }

  /** The new tokens. No log of the error shows them. */
  get tokens(): IonTokens {
    return this.#tokens;
  }
}

/** A string that a TokenVault cannot open; the message says why, as far as cryptography can tell. */
export class IonVaultError extends Error {
  override readonly name = 'IonVaultError';
  /** Stable, for programs. */
  readonly code = 'ERR_ION_VAULT';
}

/** Whether it is the status of an error, and Ion's: 407 is a proxy's, and no browser takes it from an app. */
export function isErrorOfIon(status: number): boolean {
  return status >= 400 && status <= 599 && status !== 407;
}

// passport-oauth2's classes take the stack before they have a name and a message, so it would
// begin with a bare "Error".
function restack(error: Error, constructor: new (...args: never[]) => Error): void {
  Error.captureStackTrace(error, constructor);
}
