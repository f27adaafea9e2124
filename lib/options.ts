// The types of the options: IonStrategy's, and those of passport.authenticate('ion', …).

import type { Agent, OutgoingHttpHeaders } from 'node:http';

import type { AuthenticateCallback as PassportCallback, AuthenticateOptions } from 'passport';

import type { StateStore } from './state-store.js';

/** The options of IonStrategy. The constructor checks them: see {@link IonOptionError}. */
export interface IonStrategyOptions {
  /**
   * The client id that Ion gave the application. The type allows undefined, so that you can pass an
   * environment variable; if that is not set, the constructor throws.
   */
  clientID: string | undefined;
  /**
   * The client secret. Leave it out for a public client, which relies on PKCE. It is sent only to Ion's
   * token and revocation endpoints, in the body.
   */
  clientSecret?: string | undefined;
  /**
   * Where Ion sends people back to, exactly as registered with Ion, the final slash included: Ion
   * compares character by character. One of:
   *
   * - A whole URL, such as `'https://lunch.sites.tjhsst.edu/complete/ion/'`: every sign-in uses it.
   * - A list of whole URLs, one for each origin at which people use the app: the origin that a
   *   request was sent to chooses among them. A sign-in at any other origin is refused
   *   ({@link IonOriginError}), and so is one at a loopback host while `NODE_ENV` is `production`,
   *   unless the list has no other hosts. List what this deployment needs, and nothing else.
   * - For development, a path such as `'/complete/ion/'`: it is completed with the origin that the
   *   request was sent to, and with the path that the app, router or plugin is mounted under, unless
   *   it begins with that already. Anyone who can send your app a Host of their choice can then choose
   *   among the URLs that are registered with Ion, so a loopback host is refused while `NODE_ENV` is
   *   `production`.
   *
   * The origin is scheme, host and port as the browser used them. Behind a proxy that the app trusts
   * they come from `X-Forwarded-Proto` and `X-Forwarded-Host`: see `proxy`.
   */
  callbackURL: string | readonly string[];
  /**
   * What to request: `'read'` (the default), `'write'`, or several, as an array or separated by spaces.
   * It is always sent, since Ion grants every scope if the request names none. The option `scope` of
   * `passport.authenticate` overrides it.
   */
  scope?: string | readonly string[] | undefined;
  /**
   * Whether a sign-in must come back to the browser that began it (RFC 6749, section 10.12). Default
   * true. Leave it on: without it, attackers can sign other people in to the attacker's account.
   */
  state?: boolean | undefined;
  /** PKCE with S256 (RFC 7636). Default `'S256'`; `true` means the same, `false` switches it off. */
  pkce?: 'S256' | boolean | undefined;
  /**
   * How long one exchange with Ion may take, from connecting to the last byte, in milliseconds. Default
   * 10,000. Each call of the app's own code, such as verify, may take as long; a function that itself calls
   * Ion, such as `userProfile`, twice as long.
   */
  timeout?: number | undefined;
  /**
   * The agent for every request to Ion, to go through a proxy or to trust a CA: an `https.Agent`, or one that
   * extends it. Default: connections of the package's own, kept open and opened ahead; or Node's
   * `https.globalAgent`, if it was replaced, something such as `ca` was set on it, or `NODE_USE_ENV_PROXY`
   * is in use. `strategy._oauth2.setAgent(agent)` overrides it later.
   */
  agent?: Agent | undefined;
  /**
   * Where Ion is. Default `'https://ion.tjhsst.edu'`; set it only for a stand-in such as the local
   * Ion. It may be `http` only for `localhost`, 127.0.0.0/8 and `[::1]`, which are always this machine.
   */
  baseURL?: string | undefined;
  /** Whether verify in Passport's form gets the request as its first argument. Default false. */
  passReqToCallback?: false | undefined;
  /**
   * Whether to believe `X-Forwarded-Proto` and `X-Forwarded-Host` from anyone. Default false: then
   * the framework's own setting decides, which is `trust proxy` in Express, `trustProxy` in Fastify
   * and `proxy` in Koa.
   */
  proxy?: boolean | undefined;
  /** The session key for in-flight sign-ins. Default `oauth2:` and Ion's host. */
  sessionKey?: string | undefined;
  /**
   * Where sign-ins are kept while the browser is at Ion: a {@link CookieStateStore}, or a state store
   * of your own, of the kind that passport-oauth2 takes. Default: the session; `true` means the same.
   */
  store?: StateStore | boolean | undefined;
  /** Headers for every request to Ion, such as a User-Agent that names your app. */
  customHeaders?: OutgoingHttpHeaders | undefined;
  /**
   * Whether to sign in without the profile: true, or a function that decides, as in passport-oauth2.
   * Default false. If it is skipped, verify gets no profile.
   */
  skipUserProfile?: SkipUserProfile | undefined;
}

/** The options with which verify in Passport's form gets the request as its first argument. */
export interface IonStrategyOptionsWithRequest extends Omit<
  IonStrategyOptions,
  'passReqToCallback'
> {
  /** Verify in Passport's form gets the request as its first argument. */
  passReqToCallback: true;
}

/** The options of `passport.authenticate('ion', …)`, besides Passport's own. */
export interface IonAuthenticateOptions extends Omit<
  AuthenticateOptions,
  'prompt' | 'scope' | 'state'
> {
  /** Overrides the strategy's `scope` for this sign-in. */
  scope?: string | readonly string[] | undefined;
  /** Overrides the strategy's `callbackURL` for this sign-in. Checked in the same way. */
  callbackURL?: string | readonly string[] | undefined;
  /**
   * Data of your own, such as `{ returnTo: '/lunch' }`. It is kept with the in-flight sign-in, and is
   * never sent to Ion. It comes back by {@link stateOf}, however the sign-in ends, and as
   * `req.authInfo.state` once the person is signed in. It must survive JSON. (With `pkce: false` and a
   * `store` of your own or `state: false`, a string is sent to Ion as it is, as in passport-oauth2.)
   */
  state?: unknown;
  /** `'login'`: Ion asks for the password, even if the person is signed in there. */
  prompt?: 'login' | undefined;
  /** `'auto'`: Ion skips the consent page if the person has a valid token of this application. */
  approvalPrompt?: 'auto' | undefined;
}

declare module 'passport' {
  // The type parameters are those of the interface that this adds to.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declaration merging requires all of them
  interface Authenticator<InitializeRet, AuthenticateRet, AuthorizeRet, AuthorizeOptions> {
    authenticate(
      strategy: IonStrategyName | readonly IonStrategyName[],
      options: IonAuthenticateOptions,
      callback?: PassportCallback,
    ): AuthenticateRet;
    authorize(
      strategy: IonStrategyName | readonly IonStrategyName[],
      options: IonAuthenticateOptions,
      callback?: PassportCallback,
    ): AuthorizeRet;
  }
}

/** The strategy names whose options are typed: this one's, and passport-oauth2's for code that used that before. */
type IonStrategyName = 'ion' | 'oauth2';

/** Whether to skip the profile: a value, `() => value`, or `(accessToken, done) => …`. Both may be async. */
export type SkipUserProfile =
  | boolean
  | (() => boolean | Promise<boolean>)
  | ((accessToken: string, done: (error: unknown, skip?: boolean) => void) => void | Promise<void>);
