// In-flight sign-ins: what every store of them does, and the store that keeps none.

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../options.js';

/** How long a login may be in flight, in milliseconds. */
export const LIFETIME: number = 10 * 60 * 1000;

/** A login that was sent to Ion and has not come back. */
export interface InFlightLogin {
  /** The PKCE verifier, where there is one. */
  readonly verifier?: string | undefined;
  /** As sent in the authorization request; the token request must repeat it. */
  readonly redirectURI: string;
  /** What was asked for; undefined where a store of the app's own did not keep it. */
  readonly scope?: string | undefined;
  /** The app's own, for `req.authInfo.state`. */
  readonly state?: unknown;
}

/** Where in-flight logins are kept. */
export interface InFlightLogins {
  /** Keeps one and gives its `state` parameter; undefined where none is sent. */
  begin(req: IonRequest, login: InFlightLogin): Promise<string | undefined>;
  /** Takes the one of this `state` parameter out, or says why there is none. */
  take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken>;
  /**
   * Has the others live on once the one of this `state` parameter has ended: in this session, and in
   * the one that Passport begins when somebody is logged in.
   */
  keepOthers?(req: IonRequest, handle: string): Promise<void>;
}

/** An in-flight login, or why there is none. `handle` is there where it tells logins apart. */
export type Taken =
  { readonly login: InFlightLogin; readonly handle?: string } | { readonly refusal: string };

/** A text that the app gave as its state where no session keeps it: sent to Ion as it is. */
export function stateAsText({ state, verifier }: InFlightLogin): string | undefined {
  if (typeof state !== 'string' || state === '') return undefined;
  if (verifier === undefined) return state;
  throw new IonOptionError(
    'state',
    'IonStrategy: a text as state of passport.authenticate is sent as it is past your store, so that nobody keeps the PKCE verifier: give an object, which the store keeps, or switch the option pkce off',
  );
}

/** The refusal of a `state` that names no login of this session. */
export const UNKNOWN_STATE =
  'This sign-in was not begun in this browser, was finished already, or is over 10 minutes old: start again. If it keeps happening, the session cookie does not come back: it must not be SameSite=Strict, and Secure only behind https.';

/** Keeps none: `state: false`. */
export class NoLogins implements InFlightLogins {
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws is a rejection
  async begin(_req: IonRequest, login: InFlightLogin): Promise<string | undefined> {
    const text = stateAsText(login);
    if (text !== undefined || login.state === undefined) return text;
    throw new IonOptionError(
      'state',
      'IonStrategy: there is nowhere to keep the state of passport.authenticate, as the option state is off: switch it on',
    );
  }

  take(_req: IonRequest, _handle: string | undefined, redirectURI: string): Promise<Taken> {
    return Promise.resolve({ login: { redirectURI } });
  }
}

/** What Passport calls info, which may be a text, with the state that the app gave at the beginning. */
export function withState(info: unknown, state: unknown): unknown {
  if (state === undefined) return info;
  const fields = typeof info === 'string' ? { message: info } : info;
  return { ...(fields as object | undefined), state };
}
