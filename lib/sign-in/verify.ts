// Turns the app's verify function, in any of its forms, into one that takes a sign-in and promises a user.

import type OAuth2Strategy = require('passport-oauth2');

import { awaitCallback, awaitResult } from '../call-app-code.js';
import { IonAppError, IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { RAW_FIELDS, throwOnRead } from '../profile.js';
import type { IonProfile } from '../profile.js';
import { toIonTokens } from '../tokens.js';
import type { IonTokens } from '../tokens.js';

/** The only argument of verify in the short form. */
export interface IonSignIn {
  /** The person who signed in. */
  readonly profile: IonProfile;
  /** The tokens that Ion granted. Most apps need only the profile. */
  readonly tokens: IonTokens;
  /** The request to the callback route. */
  readonly req: IonRequest;
}

/** What verify returns: the app's user, or false or null to refuse the sign-in. */
export type VerifiedUser = Express.User | false | null;

/**
 * Verify in the short form: it takes one argument, and returns the user, or false or null to refuse the
 * sign-in, or a promise for one of these. What it throws goes to Express's error handling. If it returns
 * undefined (a forgotten `return`), or does not finish within the option `timeout`, the sign-in fails with
 * an {@link IonAppError}.
 *
 * ```ts
 * const verify: VerifySignIn = async ({ profile }) =>
 *   profile.isStudent ? findOrCreateUser(profile.id, profile.displayName) : false;
 * ```
 */
export type VerifySignIn = (signIn: IonSignIn) => VerifiedUser | Promise<VerifiedUser>;

/**
 * The callback of verify in Passport's form, which calls it once: `done(error)`, `done(null, user)`, or, to
 * refuse the sign-in, `done(null, false, info)`.
 */
export type VerifyCallback = OAuth2Strategy.VerifyCallback;

// Declared as methods, because TypeScript lets apps give a method's parameters narrower types: existing
// code says `refreshToken: string`, although a provider might not send a refresh token.

/**
 * Verify in Passport's form. It may be async; if it rejects, the sign-in fails with that error. TypeScript
 * cannot infer the types of the parameters, because the short form is possible too, so name the type:
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
 * Like {@link VerifyFunction}, with the rest of the token response (`expires_in`, `scope`, …) as `params`,
 * which {@link toIonTokens} takes.
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

/** Like {@link VerifyFunction}, with the option `passReqToCallback`. */
export type VerifyFunctionWithRequest = {
  verify(
    req: IonRequest,
    accessToken: string,
    refreshToken: string | undefined,
    profile: IonProfile,
    done: VerifyCallback,
  ): void | Promise<void>;
}['verify'];

/** Like {@link VerifyFunctionWithParams}, with the option `passReqToCallback`. */
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

/** Everything that verify might be called with, for one sign-in. */
export interface GrantedSignIn {
  readonly req: IonRequest;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly params: Record<string, unknown>;
  readonly profile: IonProfile;
}

/** The app's user, if any, and what Passport calls info. */
export type VerifyResult = readonly [user?: VerifiedUser | undefined, info?: unknown];

/** The app's verify function, whichever form it has. */
export type Verify = (signIn: GrantedSignIn) => Promise<VerifyResult>;

type AppFunction = (...parameters: unknown[]) => unknown;

/**
 * Turns the app's verify function into one that takes a sign-in. The number of its parameters decides which
 * form it has, as in passport-oauth2: one parameter means the short form. A number that no form has counts
 * as Passport's usual form, since wrappers such as NestJS's `(...params) =>` have a length of 0.
 *
 * @throws {@link IonOptionError} if it is not a function.
 */
export function verifyFrom(verify: unknown, passReqToCallback: boolean, timeout: number): Verify {
  const req = passReqToCallback ? 'req, ' : '';
  if (typeof verify !== 'function') {
    throw new IonOptionError(
      'verify',
      `IonStrategy: verify must be a function, the second argument; write ({ profile, tokens, req }) => user, or (${req}accessToken, refreshToken, profile, done) => …, or (${req}accessToken, refreshToken, params, profile, done) => …`,
    );
  }
  // Cast because a function's number of parameters is all that can be known about it.
  const call = verify as AppFunction;
  const usualLength = passReqToCallback ? 5 : 4;
  switch (verify.length) {
    case 1:
      // Cast because a function with one parameter has the short form.
      return shortForm(verify as VerifySignIn, timeout);
    case usualLength:
      return passportForm(call, { passReqToCallback, withParams: false, timeout });
    case usualLength + 1:
      return passportForm(call, { passReqToCallback, withParams: true, timeout });
    default:
      return passportForm(refuseReturnedUser(call), {
        passReqToCallback,
        withParams: false,
        timeout,
      });
  }
}

function shortForm(verify: VerifySignIn, timeout: number): Verify {
  return async ({ req, profile, accessToken, refreshToken, params }) => {
    const tokens = toIonTokens(accessToken, refreshToken, params);
    const signIn = new SignIn(profile, tokens, req);
    const user = await awaitResult<VerifiedUser | undefined>('verify', timeout, () =>
      verify(signIn),
    );
    if (user === undefined) {
      throw new IonAppError(
        'verify returned undefined, so nobody was signed in. If a `return` is missing, add it: `return { id: profile.id }`. If the user was not found, refuse the sign-in with null: `return (await findUser(profile.id)) ?? null`',
      );
    }
    return [user];
  };
}

function passportForm(
  verify: AppFunction,
  options: {
    readonly passReqToCallback: boolean;
    readonly withParams: boolean;
    readonly timeout: number;
  },
): Verify {
  const { passReqToCallback, withParams, timeout } = options;
  return ({ req, accessToken, refreshToken, params, profile }) =>
    awaitCallback<[VerifiedUser, unknown]>('verify', timeout, (done) =>
      verify(
        ...(passReqToCallback ? [req] : []),
        accessToken,
        refreshToken,
        ...(withParams ? [params] : []),
        profile,
        done,
      ),
    );
}

// Used if the number of parameters fits no form. Then verify might still be in the short form:
// `() => user`, or a function with a default value or a rest parameter. Such a function returns the user
// without calling `done`, so the sign-in fails with an error that explains this.
function refuseReturnedUser(verify: AppFunction): AppFunction {
  return async (...parameters) => {
    const done = parameters.at(-1) as (error: unknown) => void;
    const returned = await verify(...parameters);
    if (returned === undefined) return;
    done(
      new IonAppError(
        `verify returned a value without calling done. It was called in Passport's form, since it has ${verify.length} parameters (default values and ...rest do not count). To return the user, write it with exactly one parameter: ({ profile }) => user`,
      ),
    );
  };
}

/**
 * The fields of a profile. An app might read them from the sign-in by mistake, as in `(profile) => ({ id:
 * profile.id })`.
 */
const PROFILE_FIELDS: Readonly<Record<keyof IonProfile, true>> = {
  provider: true,
  id: true,
  username: true,
  displayName: true,
  name: true,
  nickname: true,
  title: true,
  emails: true,
  photos: true,
  profileUrl: true,
  userType: true,
  isStudent: true,
  isTeacher: true,
  isEighthAdmin: true,
  graduationYear: true,
  grade: true,
  studentID: true,
  counselor: true,
  administrator: true,
  _raw: true,
  _json: true,
};

/** The argument of verify in the short form. Reading a field of the profile from it throws an error. */
class SignIn implements IonSignIn {
  constructor(
    readonly profile: IonProfile,
    readonly tokens: IonTokens,
    readonly req: IonRequest,
  ) {}

  // The accessors are on the prototype, since defining them on each sign-in would take longer than all of
  // its checks.
  static {
    const fields = [...Object.keys(PROFILE_FIELDS), ...RAW_FIELDS];
    const accessors = throwOnRead(
      fields,
      (field) =>
        `verify read ${field} from its argument, which is not the profile but holds it: write ({ profile }) => … in place of (profile) => …`,
    );
    Object.defineProperties(this.prototype, accessors);
  }
}
