// Lists every function that an app can pass in or override, and the ways in which each can go wrong.

import type { Request } from 'express';
import type { IonStrategy, TokenStore } from 'passport-ion';

import { CookieStateStore } from '../../../lib/sign-in/cookie-state-store.js';
import { RESPONDING, CALLING_BACK, RETURNING, THROWING, misbehave } from './ways-to-fail.js';
import type { Done } from './ways-to-fail.js';

/** What to change in the tests' app so that one of its functions misbehaves. */
export interface Misbehavior {
  readonly options?: object;
  readonly verify?: AppFunction;
  readonly change?: (strategy: IonStrategy) => void;
  /** Changes each request that the app gets, except the first one, which starts the session. */
  readonly request?: (req: Request) => void;
  readonly callback?: (error: unknown, user: unknown, info: unknown) => unknown;
  readonly store?: TokenStore;
}

export interface Hook {
  readonly ways: readonly string[];
  /**
   * What the browser does: sign in (the default), sign in although Ion refuses the code, decline, or open a page
   * that uses the API.
   */
  readonly visit?: 'sign-in' | 'refused' | 'declined' | 'api';
  misbehaving(way: string): Misbehavior;
}

type AppFunction = (...all: never[]) => unknown;

function verifying(verify: AppFunction, options: object = {}): Misbehavior {
  return { verify, options };
}

/** Returns a method for the strategy that goes wrong in this way. Its last parameter is a callback. */
const calling =
  (way: string) =>
  (...all: unknown[]): unknown =>
    misbehave(way, all.at(-1) as Done);

const EXPIRED = {
  accessToken: 'ACCESS-TOKEN',
  refreshToken: 'REFRESH-TOKEN',
  tokenType: 'Bearer',
  scope: [],
  expiresAt: 1,
};

export const HOOKS: Readonly<Record<string, Hook>> = {
  'verify in the short form': {
    ways: RETURNING,
    misbehaving: (way) => verifying((_signIn: unknown) => misbehave(way)),
  },
  "verify in Passport's form": {
    ways: CALLING_BACK,
    misbehaving: (way) =>
      verifying((_a: unknown, _r: unknown, _profile: unknown, done: Done) => misbehave(way, done)),
  },
  'verify with params': {
    ways: CALLING_BACK,
    misbehaving: (way) =>
      verifying((_a: unknown, _r: unknown, _params: unknown, _profile: unknown, done: Done) =>
        misbehave(way, done),
      ),
  },
  'verify with req': {
    ways: CALLING_BACK,
    misbehaving: (way) =>
      verifying(
        (_req: unknown, _a: unknown, _r: unknown, _profile: unknown, done: Done) =>
          misbehave(way, done),
        { passReqToCallback: true },
      ),
  },
  'verify with req and params': {
    ways: CALLING_BACK,
    misbehaving: (way) =>
      verifying(
        (
          _req: unknown,
          _a: unknown,
          _r: unknown,
          _params: unknown,
          _profile: unknown,
          done: Done,
        ) => misbehave(way, done),
        { passReqToCallback: true },
      ),
  },
  'verify of length 0': {
    ways: CALLING_BACK,
    misbehaving: (way) => verifying(calling(way)),
  },
  userProfile: {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: (strategy) => Object.assign(strategy, { userProfile: calling(way) }),
    }),
  },
  'userProfile that calls the original': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: (strategy) => {
        const userProfile = strategy.userProfile.bind(strategy);
        const override = (token: string, done: Done): void => {
          userProfile(token, () => misbehave(way, done));
        };
        Object.assign(strategy, { userProfile: override });
      },
    }),
  },
  'userProfile that calls _oauth2.get': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: (strategy) => {
        const { _oauth2: oauth2 } = strategy;
        const profile = new URL('/api/profile', oauth2.getAuthorizeUrl());
        const override = (token: string, done: Done): void => {
          oauth2.get(profile.href, token, () => misbehave(way, done));
        };
        Object.assign(strategy, { userProfile: override });
      },
    }),
  },
  '_oauth2.get': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: ({ _oauth2 }) => Object.assign(_oauth2, { get: calling(way) }),
    }),
  },
  authorizationParams: {
    ways: RETURNING,
    misbehaving: (way) => ({
      change: (strategy) => Object.assign(strategy, { authorizationParams: () => misbehave(way) }),
    }),
  },
  tokenParams: {
    ways: RETURNING,
    misbehaving: (way) => ({
      change: (strategy) => Object.assign(strategy, { tokenParams: () => misbehave(way) }),
    }),
  },
  'skipUserProfile that returns': {
    ways: RETURNING,
    misbehaving: (way) => ({ options: { skipUserProfile: () => misbehave(way) } }),
  },
  'skipUserProfile that calls back': {
    ways: CALLING_BACK.filter((way) => way !== 'calls back late'),
    misbehaving: (way) => ({
      options: { skipUserProfile: (_token: unknown, done: Done) => misbehave(way, done) },
    }),
  },
  getOAuthAccessToken: {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: ({ _oauth2 }) => Object.assign(_oauth2, { getOAuthAccessToken: calling(way) }),
    }),
  },
  'getOAuthAccessToken that calls the original': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      change: ({ _oauth2: oauth2 }) => {
        const original = oauth2.getOAuthAccessToken.bind(oauth2);
        const getOAuthAccessToken = (code: string, params: unknown, done: Done): void => {
          original(code, params, () => misbehave(way, done));
        };
        Object.assign(oauth2, { getOAuthAccessToken });
      },
    }),
  },
  'store.store': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      options: {
        store: {
          store: (_req: unknown, _verifier: unknown, _state: unknown, _meta: unknown, done: Done) =>
            misbehave(way, done),
          verify: (_req: unknown, _handle: unknown, done: Done) => {
            done(null, false);
          },
        },
      },
    }),
  },
  'store.verify': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      options: {
        store: {
          store: (
            _req: unknown,
            _verifier: unknown,
            _state: unknown,
            _meta: unknown,
            done: Done,
          ) => {
            done(null, 'a-handle');
          },
          verify: (_req: unknown, _handle: unknown, done: Done) => misbehave(way, done),
        },
      },
    }),
  },
  'the option response of CookieStateStore': {
    ways: RETURNING,
    misbehaving: (way) => {
      const secret = 'only for these tests: 0123456789';
      const response = (): never => misbehave(way) as never;
      return { options: { store: new CookieStateStore({ secret, response }) } };
    },
  },
  'sessionStore.get': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      request: (req) => {
        const { sessionStore } = req as unknown as { sessionStore: object };
        // Cast because Object.create returns `any`.
        const broken = Object.create(sessionStore, { get: { value: calling(way) } }) as object;
        Object.assign(req, { sessionStore: broken });
      },
    }),
  },
  'session.save': {
    ways: CALLING_BACK,
    misbehaving: (way) => ({
      request: (req) => {
        const { session } = req as unknown as { session: object };
        // Break only the strategy's call. We cannot guard express-session's own call at the end of a request.
        const save = (...all: unknown[]): unknown => {
          Reflect.deleteProperty(session, 'save');
          return misbehave(way, all.at(-1) as Done);
        };
        Object.defineProperty(session, 'save', { value: save, configurable: true });
      },
    }),
  },
  load: {
    visit: 'api',
    ways: RETURNING,
    misbehaving: (way) => ({
      store: { load: () => misbehave(way) as never, save: () => undefined },
    }),
  },
  save: {
    visit: 'api',
    ways: RETURNING,
    misbehaving: (way) => ({ store: { load: () => EXPIRED, save: () => misbehave(way) } }),
  },
  'the callback of passport.authenticate, on success': {
    ways: RESPONDING,
    misbehaving: (way) => ({ callback: () => misbehave(way) }),
  },
  'the callback of passport.authenticate, on an error': {
    visit: 'refused',
    ways: RESPONDING,
    misbehaving: (way) => ({ callback: () => misbehave(way) }),
  },
  // Passport ignores what the callback returns, so the app must catch a rejection itself.
  'the callback of passport.authenticate, on a failure': {
    visit: 'declined',
    ways: THROWING,
    misbehaving: (way) => ({ callback: () => misbehave(way) }),
  },
};
