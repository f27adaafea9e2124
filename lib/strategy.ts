// IonStrategy: Passport's side of a sign-in with Ion.

import { types } from 'node:util';

import OAuth2Strategy = require('passport-oauth2');

import { IonAPI } from './api/api.js';
import { Refreshes } from './api/refreshes.js';
import type { TokenStore } from './api/token-source.js';
import { asError, callBack } from './call-app-code.js';
import { debug } from './debug.js';
import type { Endpoints } from './endpoints.js';
import { IonOptionError, IonTokenError } from './errors.js';
import type { IonRequest } from './express-request.js';
import { IonOAuth2 } from './http/oauth2-client.js';
import type {
  IonAuthenticateOptions,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
} from './options.js';
import { toIonProfile } from './profile.js';
import type { IonProfile } from './profile.js';
import { settingsFrom } from './settings.js';
import { extraParameters } from './sign-in/authorization-request.js';
import { explainSessionError } from './sign-in/request-session.js';
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
 * The methods that tell Passport how a call of authenticate ends. In Passport's types they return nothing; in
 * fact `success` and `error` return what the app's custom callback returned, a promise if that is async.
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
 * An error goes to Express's error handling as one of this package's errors. A failure is Passport's,
 * with `info.code`: `access_denied` if Ion reports that access was denied (401), `ERR_ION_STATE` if this
 * sign-in was not begun in this browser (403), `ERR_ION_CALLBACK` if Ion cannot have sent this callback
 * (400).
 */
export class IonStrategy extends OAuth2Strategy {
  /** The name for `passport.authenticate`. `passport.use('another', strategy)` registers it under another. */
  override name = 'ion';
  /** node-oauth's client. `strategy._oauth2.setAgent(agent)` overrides the option `agent`. */
  declare readonly _oauth2: IonOAuth2;

  // No #private members: Passport calls methods on objects that only inherit from this one.
  private readonly endpoints: Endpoints;
  private readonly signIns: SignInFlow;
  private readonly refreshes = new Refreshes((tokens) => this.requestRefresh(tokens));

  /**
   * Checks the options. Makes no request.
   *
   * @param verify - Turns a sign-in into the app's user. With one parameter it has the short form
   *   ({@link VerifySignIn}), otherwise one of Passport's.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if an option cannot work, or verify is not a function.
   */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  /** As above, with verify in Passport's form: {@link VerifyFunction}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunction);
  /** As above, with verify in Passport's form: {@link VerifyFunctionWithParams}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunctionWithParams);
  /** As above, with verify in Passport's form: {@link VerifyFunctionWithRequest}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequest);
  /** As above, with verify in Passport's form: {@link VerifyFunctionWithRequestAndParams}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequestAndParams);
  /** The short form again: if no overload fits, the compiler's error message is about the last one. */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: AnyVerify) {
    const settings = settingsFrom(options);
    const { clientID, clientSecret = '', endpoints, customHeaders, sessionKey } = settings;
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    // Without a sessionKey, passport-oauth2 would make one by url.parse, which is deprecated (DEP0169).
    super({ authorizationURL, tokenURL, clientID, clientSecret, sessionKey }, () => undefined);
    // passport-oauth2-refresh makes its own client with the constructor of this one.
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

  /** Begins a sign-in, or finishes the one that a callback belongs to. Called by Passport. */
  override authenticate(req: IonRequest, options: IonAuthenticateOptions = {}): void {
    this.run(req, options).catch(() => {
      // The app's code threw once more, while it was handed its first error. Without this, the browser would wait.
      req.socket.destroy();
    });
  }

  private async run(req: IonRequest, options: IonAuthenticateOptions): Promise<void> {
    try {
      await awaitPromise(tell(this, await this.endingOf(req, options)));
    } catch (thrown) {
      // Passport called the app's own code (a custom callback, req.logIn, the next handler), and that threw.
      // Express would catch the error only in synchronous code, so it is passed on here.
      const error = explainSessionError(
        req,
        asError('The callback of passport.authenticate', thrown),
      );
      debug('error: the app threw after the sign-in: %s', describe(error));
      const { next } = req as { next?: (error: unknown) => unknown };
      if (next) await awaitPromise(next(error));
      else await awaitPromise(tell(this, { kind: 'error', error }));
    }
  }

  private async endingOf(req: IonRequest, options: IonAuthenticateOptions): Promise<Ending> {
    try {
      return await this.signIns.beginOrFinish(req, options, this);
    } catch (thrown) {
      const error = asError('The sign-in', thrown);
      debug('error: %s', describe(error));
      return { kind: 'error', error };
    }
  }

  /**
   * Gets the profile of the person who owns the access token. Override it to give verify another
   * profile: call `done`, or be async and return the profile.
   *
   * @param done - Called with the profile, or with an {@link IonConnectionError} or
   *   {@link IonResponseError} if Ion gave none.
   */
  override userProfile(
    accessToken: string,
    done: (error?: unknown, profile?: IonProfile) => void,
  ): void {
    // node-oauth's `get` ends in IonOAuth2._request, which sends the request by exchange().
    // An app's override may have given it, to change the profile.
    const end: ProfileCallback = (...results) => {
      callBack('The callback of userProfile', done, ...results);
    };
    const { profile } = this.endpoints;
    // eslint-disable-next-line @typescript-eslint/no-confusing-void-expression -- an app's may be async
    const returned: unknown = this._oauth2.get(profile, accessToken, (error: unknown, body) => {
      if (error) end(error);
      else this.giveProfile(body, end);
    });
    awaitPromise(returned).catch(end);
  }

  private giveProfile(body: unknown, done: ProfileCallback): void {
    let profile;
    try {
      profile = toIonProfile(String(body), this.endpoints);
    } catch (error) {
      done(error);
      return;
    }
    done(null, profile);
  }

  /**
   * The parameters of the authorization request besides `response_type`, `client_id`, `redirect_uri`,
   * `scope`, `state` and PKCE's. Override it to add others; it may be async.
   */
  override authorizationParams(
    options: IonAuthenticateOptions,
  ): Record<string, string | undefined> {
    return extraParameters(options);
  }

  /**
   * Exchanges the tokens for new ones (RFC 6749, section 6). Ion ends the old access token and refresh
   * token at once, so save the new ones before you use them. If Ion gives no new refresh token, the old
   * one is kept. Calls at the same time with the same tokens share one request and its result.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if the argument is not tokens.
   * @throws {@link IonTokenError} with the `code` `invalid_grant` if the person has to sign in again.
   * @throws {@link IonConnectionError} or {@link IonResponseError} if Ion gave no usable response: the
   *   old tokens may still work.
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
   * Revokes the tokens at Ion: the refresh token, which ends both, or the access token if there is no
   * refresh token. Tokens that have ended already are not an error (RFC 7009, section 2.2).
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if the argument is not tokens.
   * @throws {@link IonConnectionError}, {@link IonResponseError} or {@link IonTokenError} if Ion did not
   *   revoke them.
   */
  async revoke(tokens: IonTokens): Promise<void> {
    const { accessToken, refreshToken } = requireTokens(tokens, 'strategy.revoke');
    const [token, hint] = refreshToken
      ? ([refreshToken, 'refresh_token'] as const)
      : ([accessToken, 'access_token'] as const);
    await this._oauth2.revoke(this.endpoints.revocation, token, hint);
  }

  /**
   * A client of Ion's API that uses these tokens, or those of a store, and refreshes them in time. Nothing
   * is sent before the first request.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if `source` is neither tokens nor a store.
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

/** Waits for a promise that the app returned. No other thenable is awaited: with some, that would run a query. */
async function awaitPromise(returned: unknown): Promise<void> {
  if (types.isPromise(returned)) await returned;
}

// Without the message: that of the app's own error may hold a secret.
function describe(error: Error & { code?: unknown }): string {
  const { name, code } = error as { name: unknown; code?: unknown };
  return `${typeof name === 'string' ? name : 'Error'}${typeof code === 'string' ? ` (${code})` : ''}`;
}

function requireTokens(value: unknown, method: string): IonTokens {
  const tokens = parseTokens(value);
  if (tokens) return tokens;
  throw new IonOptionError(
    'tokens',
    `${method}: the argument is not IonTokens (see toIonTokens); did the person sign in, and were the tokens stored?`,
  );
}
