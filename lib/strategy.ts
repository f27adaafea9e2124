// IonStrategy: a login with Ion, from the authorization request to the app's user.

import { randomBytes } from 'node:crypto';

import OAuth2Strategy = require('passport-oauth2');

import { IonAPI } from './api.js';
import { authorizationRequest, extraParameters } from './authorization-request.js';
import { readCallback } from './callback.js';
import type { Callback } from './callback.js';
import { CodeExchanges } from './code-exchanges.js';
import { inFlightLogins } from './custom-store.js';
import type { Endpoints } from './endpoints.js';
import { IonOptionError, IonTokenError } from './errors.js';
import type { TokenStore } from './fresh-tokens.js';
import { profileIn, requestGrant, requestTokens } from './grant.js';
import type { Grant } from './grant.js';
import { IonOAuth2 } from './oauth2.js';
import { callbackURLFrom, scopeFrom } from './option-checks.js';
import { settingsFrom } from './options.js';
import type {
  IonAuthenticateOptions,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
  Settings,
} from './options.js';
import type { IonProfile } from './profile.js';
import { Refreshes } from './refreshes.js';
import { signInRefusal } from './responses.js';
import { redirectURIFor } from './redirect-uri.js';
import { NoLogins, SessionLogins, UNKNOWN_STATE, explained, withState } from './state.js';
import type { InFlightLogin, InFlightLogins } from './state.js';
import { toIonTokens } from './tokens.js';
import type { IonTokens } from './tokens.js';
import { judgeFrom } from './verify.js';
import type {
  AnyVerify,
  IonRequest,
  Judge,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
  VerifyLogin,
} from './verify.js';

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
  override name = 'ion';
  /** node-oauth's client, for who has to set an agent: `strategy._oauth2.setAgent(agent)`. */
  declare readonly _oauth2: IonOAuth2;

  // No #private members: Passport works on objects that only inherit from this one.
  private readonly settings: Settings;
  private readonly endpoints: Endpoints;
  private readonly inFlight: InFlightLogins;
  private readonly exchanges = new CodeExchanges<Grant>();
  private readonly judge: Judge;
  private readonly refreshes = new Refreshes((tokens) => this.refresh(tokens));

  /**
   * Checks the options, and makes no request.
   *
   * @param verify - Turns a login into the app's user. One argument is the short way; four or more
   *   are Passport's.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where an option or verify cannot work.
   */
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: VerifyLogin);
  constructor(options: IonStrategyOptions, verify: VerifyFunction);
  constructor(options: IonStrategyOptions, verify: VerifyFunctionWithParams);
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequest);
  constructor(options: IonStrategyOptionsWithRequest, verify: VerifyFunctionWithRequestAndParams);
  constructor(options: IonStrategyOptions | IonStrategyOptionsWithRequest, verify: AnyVerify) {
    const settings = settingsFrom(options);
    const { clientID, clientSecret = '', endpoints, customHeaders } = settings;
    const judge = judgeFrom(verify, settings.passReqToCallback, settings.timeout);
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    super({ authorizationURL, tokenURL, clientID, clientSecret }, () => undefined);
    this._oauth2 = new IonOAuth2(
      clientID,
      clientSecret,
      '',
      authorizationURL,
      tokenURL,
      customHeaders,
    );
    this._oauth2.timeout = settings.timeout;
    this._oauth2.useAuthorizationHeaderforGET(true);
    this.settings = settings;
    this.endpoints = endpoints;
    this.judge = judge;
    this.inFlight = inFlightLogins(settings);
  }

  /** Begins a login, or finishes the one that a callback belongs to. Passport calls it. */
  override authenticate(req: IonRequest, options: IonAuthenticateOptions = {}): void {
    const failed = (error: unknown): void => {
      this.error(error);
    };
    this.handle(req, options)
      .then(
        (act) => act,
        (error: unknown) => () => {
          failed(error);
        },
      )
      .then((act) => {
        act();
      })
      .catch((error: unknown) => {
        // The app's own code threw, called by Passport: where Express would have caught it, had this
        // been synchronous, it must not end the process.
        const { next = failed } = req as { next?: (error: unknown) => void };
        next(explained(req, error));
      });
  }

  /** Gets the profile. Override it to have another in verify. */
  override userProfile(
    accessToken: string,
    done: (error?: unknown, profile?: IonProfile) => void,
  ): void {
    this._oauth2.get(this.endpoints.profile, accessToken, (error: unknown, body) => {
      if (error) done(error);
      else profileIn(String(body), this.endpoints, done);
    });
  }

  /** What the authorization request holds besides. Override it to add to that. */
  override authorizationParams(
    options: IonAuthenticateOptions,
  ): Record<string, string | undefined> {
    return extraParameters(options);
  }

  /**
   * New tokens for old ones; the old access token and refresh token end at once (RFC 6749, section 6).
   * Keep the new ones before you use them. Where Ion gives no new refresh token, the old one is kept.
   *
   * @throws {@link IonTokenError} with `code` `invalid_grant` where the person has to sign in again.
   * @throws {@link IonConnectionError} or {@link IonResponseError} where Ion did not answer well: the
   *   old tokens may still be good.
   */
  async refresh(tokens: IonTokens): Promise<IonTokens> {
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
   * @throws {@link IonConnectionError}, {@link IonResponseError} or {@link IonTokenError} where Ion
   *   did not do it.
   */
  async revoke(tokens: IonTokens): Promise<void> {
    const { accessToken, refreshToken } = tokens;
    if (refreshToken)
      await this._oauth2.revoke(this.endpoints.revocation, refreshToken, 'refresh_token');
    else await this._oauth2.revoke(this.endpoints.revocation, accessToken, 'access_token');
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

  // What to do at the end, one of Passport's actions: what they throw is not this login's failure.
  private async handle(req: IonRequest, options: IonAuthenticateOptions): Promise<Action> {
    const callback = readCallback(req);
    if (callback.kind === 'malformed') {
      const message = `This is no answer of Ion's (${callback.problem}): start the sign-in again.`;
      return this.failing({ code: 'ERR_ION_CALLBACK', message }, 400);
    }
    const { callbackURL: byDefault, proxy } = this.settings;
    const { callbackURL } = options;
    const checked = callbackURL === undefined ? byDefault : callbackURLFrom(callbackURL);
    const redirectURI = redirectURIFor(req, checked, proxy);
    if (redirectURI === undefined) {
      const message = 'The Host of this request is no host name: open the app by its address.';
      return this.failing({ code: 'ERR_ION_CALLBACK', message }, 400);
    }
    return callback.kind === 'none'
      ? this.begin(req, options, redirectURI)
      : this.finish(req, options, redirectURI, callback);
  }

  private failing(info: unknown, status?: number): Action {
    return () => {
      // The cast: Passport hands on whatever the app gave as info.
      this.fail(info as string, status);
    };
  }

  private async begin(
    req: IonRequest,
    options: IonAuthenticateOptions,
    redirectURI: string,
  ): Promise<Action> {
    const verifier = this.settings.pkce ? randomBytes(32).toString('base64url') : undefined;
    const state = await this.keep(req, { verifier, redirectURI, state: options.state });
    const { authorization } = this.endpoints;
    const location = authorizationRequest(authorization, this.authorizationParams(options), {
      clientID: this.settings.clientID,
      redirectURI,
      scope: options.scope === undefined ? this.settings.scope : scopeFrom(options.scope),
      state,
      verifier,
    });
    return () => {
      this.redirect(location);
    };
  }

  private async keep(req: IonRequest, login: InFlightLogin): Promise<string | undefined> {
    const { state } = login;
    const kept = this.inFlight instanceof SessionLogins;
    if (!kept && typeof state === 'string' && state !== '') return state;
    if (this.inFlight instanceof NoLogins && state !== undefined) {
      throw new IonOptionError(
        'state',
        'IonStrategy: there is nowhere to keep the state of passport.authenticate, as the option state is off: switch it on',
      );
    }
    return this.inFlight.begin(req, login);
  }

  private async finish(
    req: IonRequest,
    options: IonAuthenticateOptions,
    redirectURI: string,
    callback: Answer,
  ): Promise<Action> {
    const taken = await this.inFlight.take(req, callback.state, redirectURI);
    if ('refusal' in taken)
      return this.failing({ code: 'ERR_ION_STATE', message: taken.refusal }, 403);
    const { login } = taken;
    if (callback.kind === 'error') return this.refused(callback, login);
    // Without a state, the code is what tells logins apart.
    const handle = this.inFlight instanceof NoLogins ? callback.code : (callback.state ?? '');
    const grant = this.exchanges.once(handle, callback.code, () =>
      this.exchange(callback.code, login, options),
    );
    if (!grant) return this.failing({ code: 'ERR_ION_STATE', message: UNKNOWN_STATE }, 403);
    const [user, info] = await this.judge({ req, ...(await grant) });
    if (!user) return this.failing(info);
    return () => {
      this.inFlight.keepAcrossLogin?.(req);
      this.success(user, withState(info, login.state));
    };
  }

  private refused({ error, description }: ErrorAnswer, { state }: InFlightLogin): Action {
    if (error !== 'access_denied') throw signInRefusal(error, description);
    return this.failing(
      withState({ code: error, message: 'You declined to sign in with Ion.' }, state),
    );
  }

  private exchange(
    code: string,
    { redirectURI, verifier }: InFlightLogin,
    options: IonAuthenticateOptions,
  ): Promise<Grant> {
    const params = {
      ...this.tokenParams(options),
      grant_type: 'authorization_code',
      redirect_uri: redirectURI,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    };
    return requestGrant(this._oauth2, code, params, this.settings, (accessToken, done) => {
      this.userProfile(accessToken, done);
    });
  }
}

/** One of Passport's: success, fail, redirect. */
type Action = () => void;
/** An answer of Ion's to the authorization request. */
type Answer = Extract<Callback, { kind: 'code' | 'error' }>;
type ErrorAnswer = Extract<Callback, { kind: 'error' }>;
