// Runs the sign-ins of one strategy: each call to authenticate sends a browser to Ion, or turns Ion's
// callback into the app's user.

import { randomBytes } from 'node:crypto';

import { awaitCallback, awaitResult } from '../call-app-code.js';
import { debug } from '../debug.js';
import { IonAppError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import type { IonOAuth2 } from '../http/oauth2-client.js';
import { quoteCodeIfSafe } from '../http/safe-quotes.js';
import { authorizationError, explainOpenIDError } from '../http/responses.js';
import type { IonAuthenticateOptions } from '../options.js';
import type { IonProfile } from '../profile.js';
import { MAX_TIMEOUT_MS, callbackURLFrom, scopeFrom } from '../settings.js';
import type { Settings } from '../settings.js';
import { authorizationRequest } from './authorization-request.js';
import { readCallback } from './callback.js';
import type { Callback } from './callback.js';
import { CustomStateStore } from './custom-state-store.js';
import { redirectURIFor } from './redirect-uri.js';
import type { InFlightSignIn, InFlightStore } from './in-flight-store.js';
import { NoStateStore } from './no-state-store.js';
import { refusal } from './state-refusal.js';
import type { Refusal } from './state-refusal.js';
import { SessionState } from './session-state.js';
import { rememberState, withState } from './state-of.js';
import { CodeExchanges } from './code-exchanges.js';
import type { Verify } from './verify.js';

/** How a request to the sign-in routes ends: one of Passport's actions. */
export type Outcome =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'success'; readonly user: Express.User; readonly info: unknown }
  | { readonly kind: 'fail'; readonly info: unknown; readonly status?: number };

/** The callback that userProfile calls with the profile. */
export type ProfileCallback = (error?: unknown, profile?: IonProfile) => void;

type TextParameters = Readonly<Record<string, string | undefined>>;

/**
 * The parts of a strategy that Passport lets apps override. A sign-in calls them on the strategy, and
 * awaits what they return, since an override can be async.
 */
export interface OverridePoints {
  readonly _oauth2: IonOAuth2;
  authorizationParams(options: IonAuthenticateOptions): TextParameters | Promise<TextParameters>;
  tokenParams(options: IonAuthenticateOptions): object | Promise<object>;
  userProfile(accessToken: string, done: ProfileCallback): unknown;
}

/** Ion's response to a token request. */
export interface GrantedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** The token response without the refresh token: `expires_in`, `scope`, … */
  readonly params: Record<string, unknown>;
}

/** What Ion returned for a code: tokens, and the profile of the person who owns them. */
interface Grant extends GrantedTokens {
  readonly profile: IonProfile;
}

/** One call to `strategy.authenticate`. */
interface Call {
  readonly req: IonRequest;
  readonly options: IonAuthenticateOptions;
  readonly strategy: OverridePoints;
  readonly redirectURI: string;
}

/** A callback that Ion could have sent: one with a code, or one with an error. */
type IonCallback = Extract<Callback, { kind: 'code' | 'error' }>;
type ErrorCallback = Extract<Callback, { kind: 'error' }>;

/** Runs the sign-ins of one strategy. */
export class SignInFlow {
  // These fields are #private, so that logging the strategy does not show secrets.
  readonly #settings: Settings;
  readonly #verify: Verify;
  readonly #inFlight: InFlightStore;
  readonly #codeExchanges = new CodeExchanges<Grant>();

  constructor(settings: Settings, verify: Verify) {
    this.#settings = settings;
    this.#verify = verify;
    this.#inFlight = inFlightStoreFor(settings);
  }

  /** Begins a sign-in, or if the request is a callback, finishes the sign-in that it belongs to. */
  async beginOrFinish(
    req: IonRequest,
    options: IonAuthenticateOptions,
    strategy: OverridePoints,
  ): Promise<Outcome> {
    const { callbackURL: usual, proxy } = this.#settings;
    const { callbackURL: given } = options;
    const callbackURL = given === undefined ? usual : callbackURLFrom(given);
    const redirectURI = redirectURIFor(req, callbackURL, proxy);
    const callback = readCallback(req, redirectURI);
    if (callback.kind === 'malformed') {
      return refuseMalformed(
        `This callback cannot have come from Ion (${callback.problem}): start the sign-in again.`,
      );
    }
    const call = { req, options, strategy, redirectURI };
    return callback.kind === 'none' ? this.#begin(call) : this.#finish(call, callback);
  }

  async #begin({ req, options, strategy, redirectURI }: Call): Promise<Outcome> {
    const { clientID, endpoints, pkce, scope: usualScope, timeout } = this.#settings;
    const scope = options.scope === undefined ? usualScope : scopeFrom(options.scope);
    const extra = await awaitResult('authorizationParams', timeout, () =>
      strategy.authorizationParams(options),
    );
    const verifier = pkce ? randomBytes(32).toString('base64url') : undefined;
    const signIn = { verifier, redirectURI, scope, state: options.state };
    const state = await this.#inFlight.begin(req, signIn);
    const request = { clientID, redirectURI, scope, state, verifier };
    const location = authorizationRequest(endpoints.authorization, extra, request);
    // The TLS handshake can finish while the person is on Ion's page.
    strategy._oauth2.expectTokenRequest();
    debug('begin: redirecting to Ion for scope "%s" and redirect URI %s', scope, redirectURI);
    return { kind: 'redirect', location };
  }

  async #finish(call: Call, callback: IonCallback): Promise<Outcome> {
    const { req, redirectURI } = call;
    // The `state` has not been checked yet. In a forged callback, `error` can be anything, even a secret, so
    // it is logged only if it looks like an error code.
    const sent = callback.kind === 'code' ? 'a code' : quoteCodeIfSafe(callback.error, []);
    debug('callback: Ion sent %s', sent ?? 'an error');
    const taken = await this.#inFlight.take(req, callback.state, redirectURI);
    if ('reason' in taken) return refuseState(taken);
    const { signIn, handle } = taken;
    rememberState(req, signIn);
    try {
      if (callback.kind === 'error') return endDeclined(callback, signIn);
      const { code } = callback;
      const redeem = (): Promise<Grant> => this.#redeem(call, code, signIn);
      const grant = this.#codeExchanges.once(handle, code, redeem);
      if (!grant) return refuseState(refusal('used'));
      const [user, given] = await this.#verify({ req, ...(await grant) });
      debug('verify: returned %s', user ? 'a user' : 'no user, so the sign-in is refused');
      const info = withState(given, signIn.state);
      return user ? { kind: 'success', user, info: info ?? {} } : { kind: 'fail', info };
    } finally {
      // Failing to save the other in-flight sign-ins must not change the outcome of this one.
      if (handle !== undefined)
        await this.#inFlight.keepOthers?.(req, handle).catch(() => undefined);
    }
  }

  async #redeem({ strategy, options }: Call, code: string, signIn: InFlightSignIn): Promise<Grant> {
    const { timeout } = this.#settings;
    const { redirectURI, verifier, scope = this.#settings.scope } = signIn;
    const extra = await awaitResult('tokenParams', timeout, () => strategy.tokenParams(options));
    const tokens = await requestTokens(strategy._oauth2, code, {
      ...extra,
      grant_type: 'authorization_code',
      redirect_uri: redirectURI,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    }).catch((error: unknown) => {
      throw explainOpenIDError(error, scope);
    });
    debug('token request: Ion issued tokens');
    if (await this.#skipsProfile(tokens.accessToken)) {
      // Cast because an app that skips the profile has a verify function that expects none.
      return { ...tokens, profile: undefined as never };
    }
    const deadline = outerDeadline(timeout);
    const [profile] = await awaitCallback<[unknown]>('userProfile', deadline, async (done) => {
      const returned = await strategy.userProfile(tokens.accessToken, done);
      if (returned !== undefined) done(null, returned);
    });
    if (!profile)
      throw new IonAppError('userProfile returned no profile, so nobody can be signed in');
    debug('userProfile: returned a profile');
    // Cast because an app that overrides userProfile knows what its verify function takes.
    return { ...tokens, profile: profile as IonProfile };
  }

  async #skipsProfile(accessToken: string): Promise<boolean> {
    const { skipUserProfile: skip, timeout } = this.#settings;
    if (typeof skip !== 'function') return skip;
    // Cast because passport-oauth2 tells the two forms apart by the number of parameters.
    const decide = skip as (...parameters: unknown[]) => unknown;
    if (skip.length < 2) return Boolean(await awaitResult('skipUserProfile', timeout, decide));
    const [skipped] = await awaitCallback<[unknown]>('skipUserProfile', timeout, (done) =>
      decide(accessToken, done),
    );
    return Boolean(skipped);
  }
}

/**
 * Gets tokens for a code or a refresh token, through node-oauth's method, because an app might have
 * replaced it.
 */
export async function requestTokens(
  oauth2: IonOAuth2,
  codeOrRefreshToken: string,
  params: object,
): Promise<GrantedTokens> {
  const [accessToken, refreshToken, rest] = await awaitCallback<
    [string?, (string | undefined)?, Record<string, unknown>?]
  >('getOAuthAccessToken', outerDeadline(oauth2.timeout), (done): unknown =>
    // eslint-disable-next-line @typescript-eslint/no-confusing-void-expression -- an app's own version might be async
    oauth2.getOAuthAccessToken(codeOrRefreshToken, params, done),
  );
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw new IonAppError('getOAuthAccessToken called back without an access token');
  }
  return { accessToken, refreshToken, params: rest ?? {} };
}

/**
 * The deadline for a function that calls Ion itself. It is twice as long as usual, so that the request to
 * Ion fails first, with an error that explains more.
 */
function outerDeadline(timeout: number): number {
  return Math.min(timeout * 2, MAX_TIMEOUT_MS);
}

function inFlightStoreFor(settings: Settings): InFlightStore {
  const { store, state } = settings;
  if (store) return new CustomStateStore(store, settings);
  return state ? new SessionState(settings) : new NoStateStore();
}

function endDeclined({ error, description }: ErrorCallback, { state }: InFlightSignIn): Outcome {
  if (error !== 'access_denied') throw authorizationError(error, description);
  // Ion sends access_denied if the person declined, but also if the browser runs no JavaScript, because then
  // the button on Ion's consent page always declines.
  const message =
    'Ion did not sign you in: you declined, or the page at Ion could not run its script. Try again.';
  return { kind: 'fail', info: withState({ code: error, message }, state) };
}

function refuseMalformed(message: string): Outcome {
  debug('callback: refused (%s)', message);
  return { kind: 'fail', info: { code: 'ERR_ION_CALLBACK', message }, status: 400 };
}

function refuseState({ reason, message }: Refusal): Outcome {
  debug('state: refused (%s): %s', reason, message);
  return { kind: 'fail', info: { code: 'ERR_ION_STATE', reason, message }, status: 403 };
}
