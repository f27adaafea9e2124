// Types for the options of IonStrategy and of passport.authenticate('ion', …).

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
   * Where Ion sends people back to, exactly as registered with Ion, including the trailing slash: Ion
   * compares it character by character. One of:
   *
   * - A full URL, such as `'https://lunch.sites.tjhsst.edu/complete/ion/'`, which every sign-in uses.
   * - A list of full URLs, one for each origin where people use the app. A sign-in uses the URL with the
   *   origin that its request was sent to. A sign-in at any other origin is refused
   *   ({@link IonOriginError}), and so is a sign-in at a loopback host while `NODE_ENV` is `production`,
   *   unless the list has no other hosts. List only what this deployment needs.
   * - For development, a path such as `'/complete/ion/'`. The origin that the request was sent to is put in
   *   front of it, and so is the path that the app, router, or plugin is mounted under, unless
   *   `callbackURL` already begins with that path. Anyone who can send your app a Host header of their
   *   choice can then choose among the URLs that are registered with Ion, so a loopback host is refused
   *   while `NODE_ENV` is `production`.
   *
   * The origin is the scheme, host, and port that the browser used. Behind a proxy that the app trusts, they
   * come from `X-Forwarded-Proto` and `X-Forwarded-Host`: see `proxy`.
   */
  callbackURL: string | readonly string[];
  /**
   * The scope to request: `'read'` (the default), `'write'`, or several scopes, as an array or separated by
   * spaces. It is always sent, because Ion grants every scope if the request names none. The option `scope`
   * of `passport.authenticate` overrides it.
   */
  scope?: string | readonly string[] | undefined;
  /**
   * Whether a sign-in must come back to the browser that began it (RFC 6749, section 10.12). Default
   * true. Leave it on: without it, attackers can sign other people in to the attacker's account.
   */
  state?: boolean | undefined;
  /** PKCE with S256 (RFC 7636). Default `'S256'`; `true` means the same, and `false` turns it off. */
  pkce?: 'S256' | boolean | undefined;
  /**
   * How long one exchange with Ion may take, from connecting to the last byte, in milliseconds. Default
   * 10,000. Each call to the app's own code, such as verify, may take just as long, and each call to a
   * function that calls Ion itself, such as `userProfile`, may take twice as long.
   */
  timeout?: number | undefined;
  /**
   * The agent for every request to Ion, for example to go through a proxy or to trust a CA: an
   * `https.Agent`, or an agent that extends it. Default: the package's own agent, which keeps connections
   * open and opens them ahead of time; or Node's `https.globalAgent`, if it was replaced, if something such
   * as `ca` was set on it, or if `NODE_USE_ENV_PROXY` is in use. `strategy._oauth2.setAgent(agent)`
   * overrides it later.
   */
  agent?: Agent | undefined;
  /**
   * Ion's URL. Default `'https://ion.tjhsst.edu'`; set it only for a stand-in, such as the local Ion. It may
   * be `http` only for `localhost`, 127.0.0.0/8, and `[::1]`, which are always this machine.
   */
  baseURL?: string | undefined;
  /** Whether verify in Passport's form gets the request as its first argument. Default false. */
  passReqToCallback?: false | undefined;
  /**
   * Whether to believe `X-Forwarded-Proto` and `X-Forwarded-Host` from anyone. Default false: the
   * framework's own setting decides, which is `trust proxy` in Express, `trustProxy` in Fastify, and `proxy`
   * in Koa.
   */
  proxy?: boolean | undefined;
  /** The session key for in-flight sign-ins. Default: `oauth2:` followed by Ion's host. */
  sessionKey?: string | undefined;
  /**
   * Where sign-ins are kept while the browser is at Ion: a {@link CookieStateStore}, or your own state
   * store, in passport-oauth2's format. Default: the session; `true` means the same.
   */
  store?: StateStore | boolean | undefined;
  /** Headers for every request to Ion, such as a User-Agent that names your app. */
  customHeaders?: OutgoingHttpHeaders | undefined;
  /**
   * Whether to sign people in without fetching their profile: true, or a function that decides, as in
   * passport-oauth2. Default false. If the profile is skipped, verify gets no profile.
   */
  skipUserProfile?: SkipUserProfile | undefined;
}

/** Options that make verify in Passport's form get the request as its first argument. */
export interface IonStrategyOptionsWithRequest extends Omit<
  IonStrategyOptions,
  'passReqToCallback'
> {
  /** True means that verify in Passport's form gets the request as its first argument. */
  passReqToCallback: true;
}

/** Options for `passport.authenticate('ion', …)`, besides Passport's own. */
export interface IonAuthenticateOptions extends Omit<
  AuthenticateOptions,
  'prompt' | 'scope' | 'state'
> {
  /** Overrides the strategy's `scope` for this sign-in. */
  scope?: string | readonly string[] | undefined;
  /** Overrides the strategy's `callbackURL` for this sign-in, and is checked in the same way. */
  callbackURL?: string | readonly string[] | undefined;
  /**
   * Your own data, such as `{ returnTo: '/lunch' }`. It is kept with the in-flight sign-in, and not sent
   * to Ion. When the person comes back, {@link stateOf} returns it, even if the sign-in fails; after a
   * successful sign-in, it is also in `req.authInfo.state`. It must be data that JSON can represent. (An
   * exception, as in passport-oauth2: with `pkce: false` and either your own `store` or `state: false`, a
   * string is sent to Ion unchanged.)
   */
  state?: unknown;
  /** `'login'` makes Ion ask for the password even if the person is already signed in there. */
  prompt?: 'login' | undefined;
  /** `'auto'` makes Ion skip the consent page if the person has a valid token for this application. */
  approvalPrompt?: 'auto' | undefined;
}

declare module 'passport' {
  // TypeScript requires the same type parameters as in the interface that this one is merged with.
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

/**
 * The strategy names with typed options: `ion` for this package, and `oauth2` for code that used
 * passport-oauth2 before.
 */
type IonStrategyName = 'ion' | 'oauth2';

/**
 * Whether to skip the profile: a boolean, `() => boolean`, or `(accessToken, done) => …`. Both functions may
 * be async.
 */
export type SkipUserProfile =
  | boolean
  | (() => boolean | Promise<boolean>)
  | ((accessToken: string, done: (error: unknown, skip?: boolean) => void) => void | Promise<void>);
