// Defines in-flight sign-ins, and the interface of the stores that keep them.

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import type { Refusal } from './state-refusal.js';

/** How long a sign-in may take, from the redirect to Ion until the callback, in milliseconds. */
export const SIGN_IN_LIFETIME_MS: number = 10 * 60 * 1000;

/** A sign-in whose browser is at Ion right now. */
export interface InFlightSignIn {
  /** The PKCE verifier, if PKCE is on. */
  readonly verifier?: string | undefined;
  /** The redirect URI from the authorization request; the token request must repeat it. */
  readonly redirectURI: string;
  /** The scope that was requested; undefined if the store does not keep it. */
  readonly scope?: string | undefined;
  /** The app's own `state`, for `stateOf` and `req.authInfo.state`. */
  readonly state?: unknown;
}

/** Where in-flight sign-ins are kept. */
export interface InFlightStore {
  /**
   * Saves a sign-in. Returns its handle, which is sent as the `state` parameter; undefined if no `state` is
   * sent.
   */
  begin(req: IonRequest, signIn: InFlightSignIn): Promise<string | undefined>;
  /**
   * Removes the sign-in with this handle from the store and returns it, or returns the reason why it
   * cannot.
   */
  take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken>;
  /** Called when the sign-in with this handle is over, to keep this browser's other sign-ins. */
  keepOthers?(req: IonRequest, handle: string): Promise<void>;
}

/**
 * A sign-in from a store, or the reason why there is none. It has a handle if the store knows that this
 * browser began the sign-in.
 */
export type Taken = { readonly signIn: InFlightSignIn; readonly handle?: string } | Refusal;

/** Returns `value` as JSON. If the value cannot be written as JSON, the error message begins with `what`. */
export function toJSON(what: string, value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'its toJSON failed';
    throw new IonOptionError('state', `${what} cannot be kept as JSON (${why})`);
  }
}
