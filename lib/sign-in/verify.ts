// The app's verify function, in either form, as one that takes a login and promises a user.

import type OAuth2Strategy = require('passport-oauth2');

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../options.js';
import type { IonProfile } from '../profile.js';
import { promised } from '../app-callback.js';
import { toIonTokens } from '../tokens.js';
import type { IonTokens } from '../tokens.js';

/** What verify, the short way, is given. */
export interface IonSignIn {
  /** Who signed in. */
  readonly profile: IonProfile;
  /** What Ion granted. Most apps need none of it once they have the profile. */
  readonly tokens: IonTokens;
  /** The request to the callback. */
  readonly req: IonRequest;
}

/** What verify gives: the app's user, or one of the others to refuse the login. */
export type VerifiedUser = Express.User | false | null | undefined;

/**
 * Verify, the short way: one argument; returns the user, or false to refuse the login, or a promise
 * of either. What it throws is passed to Express's error handling; where it gives no answer within
 * the option `timeout`, that is an {@link IonAppError}.
 *
 * ```ts
 * const verify: VerifySignIn = async ({ profile }) =>
 *   profile.isStudent ? findOrCreateUser(profile.id, profile.displayName) : false;
 * ```
 */
export type VerifySignIn = (login: IonSignIn) => VerifiedUser | Promise<VerifiedUser>;

/**
 * What verify, Passport's way, calls once: `done(error)`, `done(null, user)`, or, to refuse the login,
 * `done(null, false, info)`.
 */
export type VerifyCallback = OAuth2Strategy.VerifyCallback;

// Declared as methods, whose parameters may be annotated more narrowly: existing code writes
// `refreshToken: string`, though a provider may leave it out.

/**
 * Verify, Passport's way. It may be async: a rejection is the error. TypeScript cannot tell the forms
 * apart by their length, so name the type:
 *
 * ```ts
 * const verify: VerifyFunction = async (accessToken, refreshToken, profile, done) => {
 *   done(null, await findOrCreateUser(profile.id, profile.displayName));
 * };
 * ```
 */
export type VerifyFunction = {
  verify(
    accessToken: string,
    refreshToken: string | undefined,
    profile: IonProfile,
    done: VerifyCallback,
  ): void | Promise<void>;
}['verify'];

/**
 * As {@link VerifyFunction}, with the token response without its tokens (`expires_in`, `scope`, …) as
 * `params`. {@link toIonTokens} takes it.
 */
export type VerifyFunctionWithParams = {
  verify(
    accessToken: string,
    refreshToken: string | undefined,
    params: Record<string, unknown>,
    profile: IonProfile,
    done: VerifyCallback,
  ): void | Promise<void>;
}['verify'];

/** As {@link VerifyFunction}, with the option `passReqToCallback`. */
export type VerifyFunctionWithRequest = {
  verify(
    req: IonRequest,
    accessToken: string,
    refreshToken: string | undefined,
    profile: IonProfile,
    done: VerifyCallback,
  ): void | Promise<void>;
}['verify'];

/** As {@link VerifyFunctionWithParams}, with the option `passReqToCallback`. */
export type VerifyFunctionWithRequestAndParams = {
  verify(
    req: IonRequest,
    accessToken: string,
    refreshToken: string | undefined,
    params: Record<string, unknown>,
    profile: IonProfile,
    done: VerifyCallback,
  ): void | Promise<void>;
}['verify'];

/** Verify in any of its forms. */
export type AnyVerify =
  | VerifySignIn
  | VerifyFunction
  | VerifyFunctionWithParams
  | VerifyFunctionWithRequest
  | VerifyFunctionWithRequestAndParams;

/** What Ion gave for a sign-in: all that verify may be called with. */
export interface GrantedSignIn {
  readonly req: IonRequest;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly params: Record<string, unknown>;
  readonly profile: IonProfile;
}

/** The app's user, or none; and what Passport calls info. */
export type VerifyResult = readonly [user?: VerifiedUser, info?: unknown];

/** The app's verify function, whichever form it has. */
export type Verify = (signIn: GrantedSignIn) => Promise<VerifyResult>;

/**
 * One function for every form of verify, told apart by the number of parameters, as Passport does.
 *
 * @throws {@link IonOptionError} where it is no function, or has another number of parameters.
 */
export function verifyFrom(verify: unknown, passReqToCallback: boolean, timeout: number): Verify {
  if (typeof verify !== 'function') {
    throw new IonOptionError(
      'verify',
      `IonStrategy: verify must be a function, the second argument; ${forms(passReqToCallback)}`,
    );
  }
  // The cast: what it takes is told by the number of its parameters alone.
  const call = verify as (...parameters: unknown[]) => unknown;
  const positions = verify.length - (passReqToCallback ? 1 : 0);
  if (verify.length === 1) {
    return ({ req, profile, ...granted }) => {
      const tokens = toIonTokens(granted.accessToken, granted.refreshToken, granted.params);
      return promised<[VerifiedUser]>('verify', timeout, async (done) => {
        done(null, (await call({ profile, tokens, req })) as VerifiedUser);
      });
    };
  }
  if (positions !== 4 && positions !== 5) {
    throw new IonOptionError(
      'verify',
      `IonStrategy: verify has ${verify.length} parameters (default values and ...rest do not count); ${forms(passReqToCallback)}`,
    );
  }
  return ({ req, accessToken, refreshToken, params, profile }) =>
    promised<[VerifiedUser, unknown]>('verify', timeout, (done) =>
      call(
        ...(passReqToCallback ? [req] : []),
        accessToken,
        refreshToken,
        ...(positions === 5 ? [params] : []),
        profile,
        done,
      ),
    );
}

function forms(passReqToCallback: boolean): string {
  const req = passReqToCallback ? 'req, ' : '';
  return `write ({ profile, tokens, req }) => user, or (${req}accessToken, refreshToken, profile, done) => …, or (${req}accessToken, refreshToken, params, profile, done) => …`;
}
