// In-flight logins in a state store of the kind that passport-oauth2 takes.

import type OAuth2Strategy = require('passport-oauth2');

import { awaitCallback } from '../app-callback.js';
import type { Settings } from '../settings.js';
import { isRecord } from '../json.js';
import { NoLogins, UNKNOWN_STATE, stateAsText } from './in-flight.js';
import type { InFlightLogin, InFlightLogins, Taken } from './in-flight.js';
import { SessionLogins } from './session-state.js';
import type { IonRequest } from '../options.js';

/** What a store is told of a login besides. */
export type Metadata = OAuth2Strategy.Metadata & { readonly callbackURL: string };

/** Speaks to the app's own store as passport-oauth2 does. */
export class CustomStoreLogins implements InFlightLogins {
  constructor(
    private readonly stateStore: OAuth2Strategy.StateStore,
    private readonly metadata: OAuth2Strategy.Metadata,
    private readonly timeout: number,
  ) {}

  /** Gives the login to `store.store`. */
  async begin(req: IonRequest, login: InFlightLogin): Promise<string | undefined> {
    const text = stateAsText(login);
    if (text !== undefined) return text;
    const { verifier, state, redirectURI } = login;
    const meta: Metadata = { ...this.metadata, callbackURL: redirectURI };
    const parameters = {
      5: [req, verifier, state, meta],
      4: [req, state, meta],
      3: [req, meta],
    }[this.stateStore.store.length] ?? [req];
    const [handle] = await awaitCallback<[unknown]>('store.store', this.timeout, (done) =>
      this.call('store', [...parameters, done]),
    );
    return typeof handle === 'string' && handle !== '' ? handle : undefined;
  }

  /** Asks `store.verify` for the login. */
  async take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken> {
    const meta: Metadata = { ...this.metadata, callbackURL: redirectURI };
    const parameters = this.stateStore.verify.length === 4 ? [req, handle, meta] : [req, handle];
    const [ok, state] = await awaitCallback<[unknown, unknown]>(
      'store.verify',
      this.timeout,
      (done) => this.call('verify', [...parameters, done]),
    );
    if (!ok) return { refusal: messageIn(state) ?? UNKNOWN_STATE };
    return { login: { redirectURI, state, verifier: typeof ok === 'string' ? ok : undefined } };
  }

  private call(method: 'store' | 'verify', parameters: unknown[]): unknown {
    // The cast: the declarations list only some of the signatures, which go by their length.
    const store = this.stateStore as unknown as Record<
      string,
      (...parameters: unknown[]) => unknown
    >;
    return store[method]?.(...parameters);
  }
}

function messageIn(info: unknown): string | undefined {
  if (typeof info === 'string') return info;
  return isRecord(info) && typeof info['message'] === 'string' ? info['message'] : undefined;
}

/** Where a strategy with these settings keeps its in-flight logins. */
export function inFlightLogins(settings: Settings): InFlightLogins {
  const { store, endpoints, clientID, timeout } = settings;
  if (store) {
    const { authorization: authorizationURL, token: tokenURL } = endpoints;
    return new CustomStoreLogins(store, { authorizationURL, tokenURL, clientID }, timeout);
  }
  return settings.state ? new SessionLogins(settings.sessionKey, timeout) : new NoLogins();
}
