// Keeps in-flight sign-ins in a state store in passport-oauth2's format: the app's own, or a
// CookieStateStore.

import type OAuth2Strategy = require('passport-oauth2');

import { awaitCallback } from '../call-app-code.js';
import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';
import type { Settings } from '../settings.js';
import type { StateStore, StateStoreMetadata } from '../state-store.js';
import { CookieStateStore } from './cookie-state-store.js';
import type { InFlightSignIn, InFlightStore, Taken } from './in-flight-store.js';
import { stateAsText } from './no-state-store.js';
import { refusal } from './state-refusal.js';
import type { Refusal } from './state-refusal.js';

/** Calls the app's store the way passport-oauth2 does. */
export class CustomStateStore implements InFlightStore {
  readonly #store: StateStore;
  readonly #metadata: OAuth2Strategy.Metadata;
  readonly #timeout: number;

  /** Throws an {@link IonOptionError} if PKCE is on and `store.store` has no parameter for the verifier. */
  constructor(store: StateStore, { endpoints, clientID, pkce, timeout }: Settings) {
    if (pkce) requireVerifier(store);
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    this.#store = store;
    this.#metadata = { authorizationURL, tokenURL, clientID };
    this.#timeout = timeout;
  }

  /** Calls `store.store`. */
  async begin(req: IonRequest, signIn: InFlightSignIn): Promise<string | undefined> {
    const text = this.#isOurs ? undefined : stateAsText(signIn);
    if (text !== undefined) return text;
    const { verifier, state, redirectURI, scope } = signIn;
    const meta: StateStoreMetadata = { ...this.#metadata, callbackURL: redirectURI, scope };
    const parameters = {
      5: [req, verifier, state, meta],
      4: [req, state, meta],
      3: [req, meta],
    }[this.#store.store.length] ?? [req];
    const [handle] = await awaitCallback<[unknown]>('store.store', this.#timeout, (done) =>
      this.#call('store', [...parameters, done]),
    );
    return typeof handle === 'string' && handle !== '' ? handle : undefined;
  }

  /** Calls `store.verify`. */
  async take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken> {
    const meta: StateStoreMetadata = { ...this.#metadata, callbackURL: redirectURI };
    const parameters = this.#store.verify.length === 4 ? [req, handle, meta] : [req, handle];
    const [ok, state, kept] = await awaitCallback<[unknown, unknown, InFlightSignIn]>(
      'store.verify',
      this.#timeout,
      (done) => this.#call('verify', [...parameters, done]),
    );
    if (!ok) return this.#isOurs ? (state as Refusal) : refusal('unknown', messageFrom(state));
    // Our own store has checked that this browser began the sign-in, and returning the handle says so. An
    // app's store might not check.
    if (this.#isOurs && kept && handle !== undefined) return { signIn: kept, handle };
    return { signIn: { redirectURI, state, verifier: typeof ok === 'string' ? ok : undefined } };
  }

  get #isOurs(): boolean {
    return this.#store instanceof CookieStateStore;
  }

  #call(method: 'store' | 'verify', parameters: unknown[]): unknown {
    // Cast because the number of parameters tells which signature the function has.
    const store = this.#store as unknown as Record<string, (...parameters: unknown[]) => unknown>;
    return store[method]?.(...parameters);
  }
}

function requireVerifier({ store }: StateStore): void {
  if (store.length === 5) return;
  throw new IonOptionError(
    'store',
    `IonStrategy: store.store declares ${store.length} parameters, so it would not be given the PKCE verifier, and every sign-in would fail; declare all five, store(req, verifier, state, meta, done), and call done(error, handle) even if the function is async, or turn the option pkce off`,
  );
}

function messageFrom(info: unknown): string | undefined {
  if (typeof info === 'string') return info;
  return isRecord(info) && typeof info['message'] === 'string' ? info['message'] : undefined;
}
