// Handles sign-ins whose `state` no store keeps: `state` is turned off, or the app's own string is sent to
// Ion.

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import type { InFlightSignIn, InFlightStore, Taken } from './in-flight-store.js';

/**
 * If the app's `state` is a string, returns it, to be sent to Ion unchanged, because no store keeps it;
 * otherwise returns undefined. Throws if it is a string and PKCE is on, because nothing would keep the
 * verifier.
 */
export function stateAsText({ state, verifier }: InFlightSignIn): string | undefined {
  if (typeof state !== 'string' || state === '') return undefined;
  if (verifier === undefined) return state;
  throw new IonOptionError(
    'state',
    'IonStrategy: a string as state of passport.authenticate is sent to Ion without asking your store, so nothing would keep the PKCE verifier: give an object, which the store keeps, or turn the option pkce off',
  );
}

/** The store for `state: false`, which keeps nothing. */
export class NoStateStore implements InFlightStore {
  /**
   * Returns the app's `state` if it is a string, and undefined if there is none. Throws if it is anything
   * else, because nothing would keep it.
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws becomes a rejection
  async begin(_req: IonRequest, signIn: InFlightSignIn): Promise<string | undefined> {
    const text = stateAsText(signIn);
    if (text !== undefined || signIn.state === undefined) return text;
    throw new IonOptionError(
      'state',
      'IonStrategy: nothing keeps the state of passport.authenticate, since the option state is off: turn it on',
    );
  }

  /** Accepts every callback. */
  take(_req: IonRequest, _handle: string | undefined, redirectURI: string): Promise<Taken> {
    return Promise.resolve({ signIn: { redirectURI } });
  }
}
