// The options of IonStrategy, and their defaults.

import type { OutgoingHttpHeaders } from 'node:http';

import type { AuthenticateCallback as PassportCallback, AuthenticateOptions } from 'passport';
import type OAuth2Strategy = require('passport-oauth2');

import { ION_URL, endpointsOf } from './endpoints.js';
import type { Endpoints } from './endpoints.js';
import { IonOptionError } from './errors.js';
import {
  callbackURLFrom,
  credential,
  flag,
  headersFrom,
  missing,
  originFrom,
  pkceFrom,
  scopeFrom,
  sessionKeyFrom,
  skipFrom,
  storeFrom,
  timeoutFrom,
  wrong,
} from './settings.js';
import { isRecord } from './json.js';

/** What IonStrategy is told at construction. Checked there: see {@link IonOptionError}. */
export interface IonStrategyOptions {
  /**
   * The client id that Ion gave the application. It may be undefined so that an environment variable
   * can be given as it is; that is then an error at construction.
   */
  clientID: string | undefined;
  /**
   * The client secret. Left out for a public client, which proves itself by PKCE alone. It is sent
   * to Ion's token and revocation endpoints, in the body, and nowhere else.
   */
  clientSecret?: string | undefined;
  /**
   * Where Ion sends people back to, exactly as registered with Ion, the final slash included: Ion
   * compares character by character. Either a URL, or a path such as `/complete/ion/`, which is
   * completed from the request: scheme and host (from `X-Forwarded-Proto` and `X-Forwarded-Host`
   * behind a trusted proxy), and the path under which the app or router is mounted, unless
   * the path begins with it already.
   */
  callbackURL: string;
  /**
   * What to ask for: `'read'` (the default), `'write'`, or several, as an array or with spaces.
   * It is always sent, since Ion grants every scope to who asks for none. `passport.authenticate`
   * may override it.
   */
  scope?: string | readonly string[] | undefined;
  /**
   * Whether a login must come back to the browser that began it (RFC 6749, section 10.12). Default
   * true. Without it anyone can sign others in as themself; leave it on.
   */
  state?: boolean | undefined;
  /** PKCE by S256 (RFC 7636). Default `'S256'`; `true` means the same, `false` is off. */
  pkce?: 'S256' | boolean | undefined;
  /**
   * For one exchange with Ion, connect to last byte, in milliseconds. Default 10,000. The verify
   * function has as long again.
   */
  timeout?: number | undefined;
  /**
   * Where Ion is. Default `https://ion.tjhsst.edu`; only for a stand-in such as the local Ion. `http`
   * is refused unless the host is loopback.
   */
  baseURL?: string | undefined;
  /** Whether verify, in Passport's way, gets the request first. Default false. */
  passReqToCallback?: false | undefined;
  /**
   * Whether to believe `X-Forwarded-Proto` and `X-Forwarded-Host` from anyone. Default false: then
   * Express's `trust proxy` setting decides.
   */
  proxy?: boolean | undefined;
  /** Under which key of the session the in-flight logins lie. Default `oauth2:` and Ion's host. */
  sessionKey?: string | undefined;
  /**
   * A state store as passport-oauth2 takes it, in place of the session. `true` means the session.
   */
  store?: OAuth2Strategy.StateStore | boolean | undefined;
  /** Headers for every request to Ion, such as a User-Agent that names your app. */
  customHeaders?: OutgoingHttpHeaders | undefined;
  /**
   * Whether not to ask Ion for the profile: true, or a function that decides, as passport-oauth2 has
   * it. Default false. Verify then gets no profile.
   */
  skipUserProfile?: SkipUserProfile | undefined;
}

/** The options with which verify, in Passport's way, gets the request first. */
export interface IonStrategyOptionsWithRequest extends Omit<
  IonStrategyOptions,
  'passReqToCallback'
> {
  /** Verify, in Passport's way, gets the request first. */
  passReqToCallback: true;
}

/** What `passport.authenticate('ion', …)` takes besides Passport's own options. */
export interface IonAuthenticateOptions extends Omit<
  AuthenticateOptions,
  'prompt' | 'scope' | 'state'
> {
  /** Overrides the strategy's scope, for this login. */
  scope?: string | readonly string[] | undefined;
  /** Overrides the strategy's callbackURL, for this login. */
  callbackURL?: string | undefined;
  /**
   * The app's own, such as `{ returnTo: '/lunch' }`: kept in the session, never sent to Ion, and back
   * as `req.authInfo.state` once the person is signed in. Anything that survives JSON. (With
   * a `store` of your own or `state: false`, and `pkce: false`, a string is sent as it is, as
   * passport-oauth2 does.)
   */
  state?: unknown;
  /** `'login'`: Ion asks for the password again, also of who is signed in there. */
  prompt?: 'login' | undefined;
  /** `'auto'`: Ion leaves the consent page out for who holds a live token of this application. */
  approvalPrompt?: 'auto' | undefined;
}

declare module 'passport' {
  // The type parameters are those of the interface that this adds to.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declaration merging wants them all
  interface Authenticator<InitializeRet, AuthenticateRet, AuthorizeRet, AuthorizeOptions> {
    authenticate(
      strategy: 'ion',
      options: IonAuthenticateOptions,
      callback?: PassportCallback,
    ): AuthenticateRet;
  }
}

/** Decides whether the profile is left out: a value, `() => value`, or `(accessToken, done) => …`. */
export type SkipUserProfile =
  | boolean
  | (() => boolean)
  | ((accessToken: string, done: (error: unknown, skip?: boolean) => void) => void);

/** The options once checked, defaults filled in. */
export interface Settings {
  readonly clientID: string;
  readonly clientSecret: string | undefined;
  readonly callbackURL: string;
  readonly scope: string;
  readonly state: boolean;
  readonly pkce: 'S256' | false;
  readonly timeout: number;
  readonly endpoints: Endpoints;
  readonly passReqToCallback: boolean;
  readonly proxy: boolean;
  readonly sessionKey: string;
  readonly store: OAuth2Strategy.StateStore | undefined;
  readonly customHeaders: OutgoingHttpHeaders;
  readonly skipUserProfile: SkipUserProfile;
}

const NAMES = [
  'clientID',
  'clientSecret',
  'callbackURL',
  'scope',
  'state',
  'pkce',
  'timeout',
  'baseURL',
  'passReqToCallback',
  'proxy',
  'sessionKey',
  'store',
  'customHeaders',
  'skipUserProfile',
] as const satisfies readonly (keyof IonStrategyOptions)[];

/**
 * The options, checked.
 *
 * @throws {@link IonOptionError} (`ERR_ION_OPTION`) at the first option that cannot work.
 */
export function settingsFrom(
  options: IonStrategyOptions | IonStrategyOptionsWithRequest,
): Settings {
  if (!isRecord(options)) throw wrong('options', 'must be an object', options);
  refuseMisspelled(options);
  const endpoints = endpointsOf(originFrom(options.baseURL ?? ION_URL));
  const settings = {
    clientID: credential('clientID', options.clientID ?? missing('clientID')),
    clientSecret:
      options.clientSecret === undefined
        ? undefined
        : credential('clientSecret', options.clientSecret),
    callbackURL: callbackURLFrom(options.callbackURL),
    scope: scopeFrom(options.scope ?? 'read'),
    state: flag('state', options.state, true),
    pkce: pkceFrom(options.pkce),
    timeout: timeoutFrom(options.timeout ?? 10_000),
    endpoints,
    passReqToCallback: flag('passReqToCallback', options.passReqToCallback, false),
    proxy: flag('proxy', options.proxy, false),
    sessionKey: sessionKeyFrom(options.sessionKey, endpoints),
    store: storeFrom(options.store),
    customHeaders: headersFrom(options.customHeaders ?? {}),
    skipUserProfile: skipFrom(options.skipUserProfile),
  };
  refuseUnsafe(settings);
  return settings;
}

function refuseUnsafe({ state, store, pkce, clientSecret }: Settings): void {
  if (!state && !store && pkce) {
    throw new IonOptionError(
      'state',
      'IonStrategy: state is off while pkce is on, and the verifier is kept with the state; leave state on (or, against advice, switch pkce off too)',
    );
  }
  if (!pkce && clientSecret === undefined) {
    throw new IonOptionError(
      'pkce',
      'IonStrategy: pkce is off and there is no clientSecret, so that anyone who sees a code could use it; leave pkce on, or give the clientSecret (is its environment variable set?)',
    );
  }
}

function refuseMisspelled(options: object): void {
  for (const given of Object.keys(options)) {
    const meant = NAMES.find((name) => name.toLowerCase() === given.toLowerCase());
    if (meant !== undefined && meant !== given) {
      throw new IonOptionError(meant, `IonStrategy: the option ${given} is written ${meant}`);
    }
  }
}
