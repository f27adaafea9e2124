// IonStrategy: the part of a sign-in with Ion that talks to Passport.

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
import { explainSessionError } from './sign-in/session-at-log-in.js';
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
import { parseTokens } from './check-tokens.js';
import { toIonTokens } from './tokens.js';
import type { IonTokens } from './tokens.js';

/**
 * The methods that tell Passport how a call to authenticate ended. According to Passport's types, they
 * return nothing, but `success` and `error` return what the app's custom callback returned, which is a
 * promise if the callback is async.
 */
interface PassportActions {
  redirect(url: string): unknown;
  success(user: Express.User, info: unknown): unknown;
  fail(info: unknown, status?: number): unknown;
  error(error: Error): unknown;
}

/** The result of a call to authenticate. */
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
 * Errors from this package and from your code go to Express's error handling. A refused sign-in is a
 * failure in Passport's sense, with `info.code`: `access_denied` if Ion reports that access was denied
 * (401), `ERR_ION_STATE` if this browser has no such sign-in in flight (403), or `ERR_ION_CALLBACK` if Ion
 * cannot have sent this callback (400).
 */
export class IonStrategy extends OAuth2Strategy {
  /**
   * The name for `passport.authenticate`. `passport.use('another', strategy)` registers the strategy under
   * another name.
   */
  override name = 'ion';
  /** node-oauth's client. `strategy._oauth2.setAgent(agent)` overrides the option `agent`. */
  declare readonly _oauth2: IonOAuth2;

  // There are no #private members, because Passport calls these methods on other objects, which only have
  // this object as their prototype.
  private readonly endpoints: Endpoints;
  private readonly signIns: SignInFlow;
  private readonly refreshes = new Refreshes((tokens) => this.requestRefresh(tokens));

  /**
   * Checks the options. Sends no request.
   *
   * @param verify - Turns a sign-in into the app's user. If it has one parameter, it is in the short form
   *   ({@link VerifySignIn}), otherwise in one of Passport's forms.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if an option cannot work, or verify is not a function.
   */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  /** The same as above, but with verify in Passport's form: {@link VerifyFunction}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunction);
  /** The same as above, but with verify in Passport's form: {@link VerifyFunctionWithParams}. */
  constructor(options: IonStrategyOptions, verify: VerifyFunctionWithParams);
  /** The same as above, but with verify in Passport's form: {@link VerifyFunctionWithRequest}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequest);
  /** The same as above, but with verify in Passport's form: {@link VerifyFunctionWithRequestAndParams}. */
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequestAndParams);
  /** The short form again, because if no overload fits, the compiler's error message is about the last one. */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifySignIn);
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: AnyVerify) {
    const settings = settingsFrom(options);
    const { clientID, clientSecret = '', endpoints, customHeaders, sessionKey } = settings;
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    // Without a sessionKey, passport-oauth2 would make one with url.parse, which is deprecated (DEP0169).
    super({ authorizationURL, tokenURL, clientID, clientSecret, sessionKey }, () => undefined);
    // This is a class, because passport-oauth2-refresh creates its own client with this client's constructor,
    // and so gets the same settings.
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

  /**
   * Begins a sign-in, or if the request is a callback, finishes the sign-in that it belongs to. Called by
   * Passport.
   */
  override authenticate(req: IonRequest, options: IonAuthenticateOptions = {}): void {
    this.run(req, options).catch(() => {
      // The app's code threw again while handling its first error. If the connection were not closed, the
      // browser would wait forever.
      req.socket.destroy();
    });
  }

  private async run(req: IonRequest, options: IonAuthenticateOptions): Promise<void> {
    try {
      await awaitPromise(tell(this, await this.endingOf(req, options)));
    } catch (thrown) {
      // Passport called the app's own code (a custom callback, req.logIn, or the next handler), and that code
      // threw. Express does not catch it, because this function is asynchronous, so the error is passed on
      // here.
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
   * Gets the profile of the person who owns the access token. Override this method to give verify a
   * different profile: either call `done`, or make it async and return the profile.
   *
   * @param done - Called with the profile, or with an {@link IonConnectionError} or {@link IonResponseError}
   *   if Ion did not send one.
   */
  override userProfile(
    accessToken: string,
    done: (error?: unknown, profile?: IonProfile) => void,
  ): void {
    // node-oauth's `get` calls IonOAuth2._request, which sends the request with exchange(). `done` might
    // come from an app's override that changes the profile, so what it throws must be caught.
    const end: ProfileCallback = (...results) => {
      callBack('The callback of userProfile', done, ...results);
    };
    const { profile } = this.endpoints;
    // eslint-disable-next-line @typescript-eslint/no-confusing-void-expression -- an app's own version might be async
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
   * Returns the parameters of the authorization request besides `response_type`, `client_id`,
   * `redirect_uri`, `scope`, `state`, and those for PKCE. Override this method to add others; the override
   * may be async.
   */
  override authorizationParams(
    options: IonAuthenticateOptions,
  ): Record<string, string | undefined> {
    return extraParameters(options);
  }

  /**
   * Exchanges the tokens for new ones (RFC 6749, section 6). The old access token and refresh token stop
   * working right away, so save the new ones before you use them. If Ion sends no new refresh token, the old
   * one is kept. Simultaneous calls with the same tokens share one request and its result.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if the argument is not tokens.
   * @throws {@link IonTokenError} with the `code` `invalid_grant` if the person has to sign in again.
   * @throws {@link IonConnectionError} or {@link IonResponseError} if Ion gave no usable response: the old
   *   tokens might still work.
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
   * Revokes the tokens at Ion: the refresh token, which also revokes the access token, or the access token
   * alone if there is no refresh token. It is not an error if the tokens no longer work (RFC 7009, section
   * 2.2).
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
   * Returns a client for Ion's API that uses these tokens, or the tokens in a store, and refreshes them
   * before they expire. Nothing is sent until its first request.
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

// Waits for a promise that the app returned. Other thenables are not awaited: awaiting a Mongoose query, for
// example, would run it.
async function awaitPromise(returned: unknown): Promise<void> {
  if (types.isPromise(returned)) await returned;
}

// Describes an error for the debug log, without its message: if the error is the app's own, its message might
// hold a secret.
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
