// IonStrategy: Passport's side of a sign-in with Ion.

import { types } from 'node:util';

import OAuth2Strategy = require('passport-oauth2');

import { IonAPI } from './api/api.js';
import { Refreshes } from './api/refreshes.js';
import type { TokenStore } from './api/token-source.js';
import { asError } from './app-callback.js';
import { debug } from './debug.js';
import type { Endpoints } from './endpoints.js';
import { IonOptionError, IonTokenError } from './errors.js';
import { IonOAuth2 } from './http/oauth2-client.js';
import type {
  IonAuthenticateOptions,
  IonRequest,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
} from './options.js';
import { toIonProfile } from './profile.js';
import type { IonProfile } from './profile.js';
import { settingsFrom } from './settings.js';
import { extraParameters } from './sign-in/authorization-request.js';
import { explained } from './sign-in/session-state.js';
import { SignInFlow, requestTokens } from './sign-in/sign-in.js';
import type { Outcome, ProfileCallback } from './sign-in/sign-in.js';
import { verifyFrom } from './sign-in/verify.js';
import type {
  AnyVerify,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
  VerifySignIn,
} from './sign-in/verify.js';
import { parseTokens, toIonTokens } from './tokens.js';
import type { IonTokens } from './tokens.js';

/**
 * How Passport is told of the end. Its types say void, but success and error give back what a custom
 * callback returned, which is a promise if the callback is async.
 */
interface PassportActions {
  redirect(url: string): unknown;
  success(user: Express.User, info: unknown): unknown;
  fail(info: unknown, status?: number): unknown;
  error(error: Error): unknown;
}

/** How a call of authenticate ends. */
type Ending = Outcome | { readonly kind: 'error'; readonly error: Error };

/**
 * Signs people in with their Ion accounts.
 *
 * ```ts
 * import passport from 'passport';
 * import { IonStrategy } from 'passport-ion';
 *
 * passport.use(
 *   new IonStrategy(
 *     {
 *       clientID: process.env.ION_CLIENT_ID,
 *       clientSecret: process.env.ION_CLIENT_SECRET,
 *       callbackURL: '/complete/ion/',
 *     },
 *     ({ profile }) => ({ id: profile.id, name: profile.displayName }),
 *   ),
 * );
 * ```
 *
 * What goes wrong reaches Express's error handling as one of this package's errors, or fails the
 * login, with `info.code`: `access_denied` where the person declined (401), `ERR_ION_STATE` where
 * the sign-in is not under way in this browser (403), `ERR_ION_CALLBACK` where the callback holds
 * what Ion never sends (400).
 */
export class IonStrategy extends OAuth2Strategy {
  /** What `passport.authenticate` calls it. `passport.use('another', strategy)` gives it another name. */
  override name = 'ion';
  /** node-oauth's client. `strategy._oauth2.setAgent(agent)` overrides the option `agent`. */
  declare readonly _oauth2: IonOAuth2;

  // No #private members: Passport works on objects that only inherit from this one.
  private readonly endpoints: Endpoints;
  private readonly signIns: SignInFlow;
  private readonly refreshes = new Refreshes((tokens) => this.requestRefresh(tokens));

  /**
   * Checks the options, and makes no request.
   *
   * @param verify - Turns a login into the app's user. One argument is the short way; four or more
   *   are Passport's.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where an option or verify cannot work.
   */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  /** As above, with verify in Passport's way: {@link VerifyFunction}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunction);
  /** As above, with verify in Passport's way: {@link VerifyFunctionWithParams}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunctionWithParams);
  /** As above, with verify in Passport's way: {@link VerifyFunctionWithRequest}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequest);
  /** As above, with verify in Passport's way: {@link VerifyFunctionWithRequestAndParams}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequestAndParams);
  /** The short form again: of overloads that all fail, TypeScript quotes the last. */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: AnyVerify) {
    const settings = settingsFrom(options);
    const { clientID, clientSecret = '', endpoints, customHeaders, sessionKey } = settings;
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    // Without a sessionKey, passport-oauth2 would make one by url.parse, which is deprecated (DEP0169).
    super({ authorizationURL, tokenURL, clientID, clientSecret, sessionKey }, () => undefined);
    // passport-oauth2-refresh makes a client of its own by the constructor of this one.
    const Client = class extends IonOAuth2 {
      override timeout = settings.timeout;

      constructor(...parameters: ConstructorParameters<typeof IonOAuth2>) {
        super(...parameters);
        if (settings.agent) this.setAgent(settings.agent);
      }
    };
    this._oauth2 = new Client(
      clientID,
      clientSecret,
      '',
      authorizationURL,
      tokenURL,
      customHeaders,
    );
    this._oauth2.useAuthorizationHeaderforGET(true);
    this.endpoints = endpoints;
    this.signIns = new SignInFlow(
      settings,
      verifyFrom(verify, settings.passReqToCallback, settings.timeout),
    );
  }

  /** Begins a login, or finishes the one that a callback belongs to. Passport calls it. */
  override authenticate(req: IonRequest, options: IonAuthenticateOptions = {}): void {
    this.run(req, options).catch(() => {
      // The app's code threw again when it was told of its first error; the browser must not wait.
      req.socket.destroy();
    });
  }

  private async run(req: IonRequest, options: IonAuthenticateOptions): Promise<void> {
    try {
      await settled(tell(this, await this.endingOf(req, options)));
    } catch (thrown) {
      // Passport called the app's own code (a custom callback, req.logIn, the handler behind), and that
      // threw. Express catches this only while it is synchronous, so here it has to be passed on.
      const error = explained(req, asError('The callback of passport.authenticate', thrown));
      debug('error: the app threw after the sign-in: %s', describe(error));
      const { next } = req as { next?: (error: unknown) => unknown };
      if (next) await settled(next(error));
      else await settled(tell(this, { kind: 'error', error }));
    }
  }

  private async endingOf(req: IonRequest, options: IonAuthenticateOptions): Promise<Ending> {
    try {
      return await this.signIns.handle(req, options, this);
    } catch (thrown) {
      const error = asError('The sign-in', thrown);
      debug('error: %s', describe(error));
      return { kind: 'error', error };
    }
  }

  /**
   * Gets the profile of whom the access token belongs to. Override it to have another in verify.
   *
   * @param done - Called with an {@link IonConnectionError} or {@link IonResponseError} where Ion did not
   *   answer well.
   */
  override userProfile(
    accessToken: string,
    done: (error?: unknown, profile?: IonProfile) => void,
  ): void {
    this._oauth2.get(this.endpoints.profile, accessToken, (error: unknown, body) => {
      if (error) done(error);
      else this.giveProfile(String(body), done);
    });
  }

  private giveProfile(body: string, done: ProfileCallback): void {
    let profile;
    try {
      profile = toIonProfile(body, this.endpoints);
    } catch (error) {
      done(error);
      return;
    }
    done(null, profile);
  }

  /**
   * What the authorization request holds besides `response_type`, `client_id`, `redirect_uri`, `scope`,
   * `state` and PKCE's parameters. Override it to add to that.
   */
  override authorizationParams(
    options: IonAuthenticateOptions,
  ): Record<string, string | undefined> {
    return extraParameters(options);
  }

  /**
   * New tokens for old ones; the old access token and refresh token end at once (RFC 6749, section 6).
   * Keep the new ones before you use them. Where Ion gives no new refresh token, the old one is kept.
   * Calls at the same time with the same tokens make one request and get the same new tokens.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where these are no tokens.
   * @throws {@link IonTokenError} with `code` `invalid_grant` where the person has to sign in again.
   * @throws {@link IonConnectionError} or {@link IonResponseError} where Ion did not answer well: the
   *   old tokens may still be good.
   */
  async refresh(tokens: IonTokens): Promise<IonTokens> {
    return this.refreshes.refresh(requireTokens(tokens, 'strategy.refresh'));
  }

  private async requestRefresh(tokens: IonTokens): Promise<IonTokens> {
    if (!tokens.refreshToken) {
      throw new IonTokenError('invalid_grant', 'There is no refresh token: sign in again.', 400);
    }
    const form = { grant_type: 'refresh_token' };
    const { accessToken, refreshToken, params } = await requestTokens(
      this._oauth2,
      tokens.refreshToken,
      form,
    );
    return toIonTokens(accessToken, refreshToken ?? tokens.refreshToken, params);
  }

  /**
   * Ends the tokens at Ion: with the refresh token, which ends both, or with the access token where
   * there is no other. Tokens that are dead already are no error (RFC 7009, section 2.2).
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where these are no tokens.
   * @throws {@link IonConnectionError}, {@link IonResponseError} or {@link IonTokenError} where Ion
   *   did not do it.
   */
  async revoke(tokens: IonTokens): Promise<void> {
    const { accessToken, refreshToken } = requireTokens(tokens, 'strategy.revoke');
    const [token, hint] = refreshToken
      ? ([refreshToken, 'refresh_token'] as const)
      : ([accessToken, 'access_token'] as const);
    await this._oauth2.revoke(this.endpoints.revocation, token, hint);
  }

  /**
   * Requests to Ion's API with these tokens, or with those of a store, kept fresh. Nothing is sent
   * before the first request.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where `source` is neither tokens nor a store.
   */
  api(source: IonTokens | TokenStore): IonAPI {
    const { endpoints, refreshes } = this;
    return new IonAPI({ endpoints, refreshes, transport: () => this._oauth2.transport }, source);
  }
}

function tell(passport: PassportActions, ending: Ending): unknown {
  switch (ending.kind) {
    case 'redirect':
      return passport.redirect(ending.location);
    case 'success':
      return passport.success(ending.user, ending.info);
    case 'fail':
      return passport.fail(ending.info, ending.status);
    case 'error':
      return passport.error(ending.error);
  }
}

/** Waits for a promise that the app returned. Other thenables, such as a query, may run when awaited. */
async function settled(returned: unknown): Promise<void> {
  if (types.isPromise(returned)) await returned;
}

// Without the message, which is the app's if the error is.
function describe(error: Error & { code?: unknown }): string {
  return `${error.name}${typeof error.code === 'string' ? ` (${error.code})` : ''}`;
}

function requireTokens(value: unknown, method: string): IonTokens {
  const tokens = parseTokens(value);
  if (tokens) return tokens;
  throw new IonOptionError(
    'tokens',
    `${method}: the argument is not IonTokens (see toIonTokens); did the person sign in, and were the tokens stored?`,
  );
}
