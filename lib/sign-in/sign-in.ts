// A login: begun with an authorization request, finished with a callback.

import { randomBytes } from 'node:crypto';

import { authorizationRequest } from './authorization-request.js';
import { readCallback } from './callback.js';
import type { Callback } from './callback.js';
import { CodeExchanges } from './used-codes.js';
import { inFlightLogins } from './custom-state.js';
import { requestGrant } from './grant.js';
import type { Grant, ProfileCallback } from './grant.js';
import type { IonOAuth2 } from '../http/oauth2-client.js';
import { callbackURLFrom, scopeFrom } from '../settings.js';
import type { IonAuthenticateOptions, Settings } from '../options.js';
import { signInRefusal } from '../http/responses.js';
import { redirectURIFor } from './redirect-uri.js';
import { UNKNOWN_STATE, withState } from './session-state.js';
import type { InFlightLogin, InFlightLogins } from './session-state.js';
import type { IonRequest, Judge } from './verify.js';

/** How a request to the sign-in routes ends: one of Passport's actions. */
export type Outcome =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'success'; readonly user: Express.User; readonly info: unknown }
  | { readonly kind: 'fail'; readonly info: unknown; readonly status?: number };

/** What apps may override in a strategy. */
export interface Hooks {
  readonly _oauth2: IonOAuth2;
  authorizationParams(options: IonAuthenticateOptions): Record<string, string | undefined>;
  tokenParams(options: IonAuthenticateOptions): object;
  userProfile(accessToken: string, done: ProfileCallback): void;
}

/** What came with a request: all that the steps of a login need to know of it. */
interface Visit {
  readonly req: IonRequest;
  readonly options: IonAuthenticateOptions;
  readonly hooks: Hooks;
  readonly redirectURI: string;
}

/** An answer of Ion's to the authorization request. */
type Answer = Extract<Callback, { kind: 'code' | 'error' }>;
type ErrorAnswer = Extract<Callback, { kind: 'error' }>;

/** The logins of one strategy. */
export class Logins {
  // #private, so that a strategy in a log shows no secret.
  readonly #settings: Settings;
  readonly #judge: Judge;
  readonly #inFlight: InFlightLogins;
  readonly #exchanges = new CodeExchanges<Grant>();

  constructor(settings: Settings, judge: Judge) {
    this.#settings = settings;
    this.#judge = judge;
    this.#inFlight = inFlightLogins(settings);
  }

  /** Begins a login, or finishes the one that this callback belongs to. What it throws is an error. */
  async handle(req: IonRequest, options: IonAuthenticateOptions, hooks: Hooks): Promise<Outcome> {
    const callback = readCallback(req);
    if (callback.kind === 'malformed') {
      return malformed(
        `This is no answer of Ion's (${callback.problem}): start the sign-in again.`,
      );
    }
    const { callbackURL: byDefault, proxy } = this.#settings;
    const { callbackURL } = options;
    const checked = callbackURL === undefined ? byDefault : callbackURLFrom(callbackURL);
    const redirectURI = redirectURIFor(req, checked, proxy);
    if (redirectURI === undefined) {
      return malformed('The Host of this request is no host name: open the app by its address.');
    }
    const visit = { req, options, hooks, redirectURI };
    return callback.kind === 'none' ? this.#begin(visit) : this.#finish(visit, callback);
  }

  async #begin({ req, options, hooks, redirectURI }: Visit): Promise<Outcome> {
    const settings = this.#settings;
    const scope = options.scope === undefined ? settings.scope : scopeFrom(options.scope);
    const extra = hooks.authorizationParams(options);
    const verifier = settings.pkce ? randomBytes(32).toString('base64url') : undefined;
    const login = { verifier, redirectURI, scope, state: options.state };
    const state = await this.#inFlight.begin(req, login);
    const { clientID, endpoints } = settings;
    const request = { clientID, redirectURI, scope, state, verifier };
    const location = authorizationRequest(endpoints.authorization, extra, request);
    // While the person is at Ion's page there is time for it.
    hooks._oauth2.expectTokenRequest();
    return { kind: 'redirect', location };
  }

  async #finish(visit: Visit, callback: Answer): Promise<Outcome> {
    const { req } = visit;
    const taken = await this.#inFlight.take(req, callback.state, visit.redirectURI);
    if ('refusal' in taken) return stateRefused(taken.refusal);
    const { login, handle } = taken;
    try {
      if (callback.kind === 'error') return declined(callback, login);
      return await this.#redeem(visit, callback.code, login, handle ?? callback.code);
    } finally {
      // How this login ended counts, even where the others are lost.
      if (handle !== undefined)
        await this.#inFlight.keepOthers?.(req, handle).catch(() => undefined);
    }
  }

  async #redeem(
    visit: Visit,
    code: string,
    login: InFlightLogin,
    handle: string,
  ): Promise<Outcome> {
    const grant = this.#exchanges.once(handle, code, () => this.#exchange(visit, code, login));
    if (!grant) return stateRefused(UNKNOWN_STATE);
    const [user, given] = await this.#judge({ req: visit.req, ...(await grant) });
    const info = withState(given, login.state);
    return user ? { kind: 'success', user, info: info ?? {} } : { kind: 'fail', info };
  }

  #exchange(
    { hooks, options }: Visit,
    code: string,
    { redirectURI, verifier, scope = this.#settings.scope }: InFlightLogin,
  ): Promise<Grant> {
    const params = {
      ...hooks.tokenParams(options),
      grant_type: 'authorization_code',
      redirect_uri: redirectURI,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    };
    return requestGrant(
      hooks._oauth2,
      code,
      params,
      { ...this.#settings, scope },
      (accessToken, done) => {
        hooks.userProfile(accessToken, done);
      },
    );
  }
}

function declined({ error, description }: ErrorAnswer, { state }: InFlightLogin): Outcome {
  if (error !== 'access_denied') throw signInRefusal(error, description);
  const message = 'You declined to sign in with Ion.';
  return { kind: 'fail', info: withState({ code: error, message }, state) };
}

function malformed(message: string): Outcome {
  return { kind: 'fail', info: { code: 'ERR_ION_CALLBACK', message }, status: 400 };
}

function stateRefused(message: string): Outcome {
  return { kind: 'fail', info: { code: 'ERR_ION_STATE', message }, status: 403 };
}
