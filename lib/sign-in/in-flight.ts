// In-flight sign-ins: the interface of their stores, and the store that keeps nothing.

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';

/** How long a sign-in may take, from the redirect to Ion until the callback, in milliseconds. */
export const SIGN_IN_LIFETIME_MS: number = 10 * 60 * 1000;

/** A sign-in whose browser is at Ion right now. */
export interface InFlightSignIn {
  /** The PKCE verifier, if PKCE is on. */
  readonly verifier?: string | undefined;
  /** Sent in the authorization request; the token request must repeat it. */
  readonly redirectURI: string;
  /** The scope that was requested; undefined if the app's own store did not keep it. */
  readonly scope?: string | undefined;
  /** The app's own data, for `req.authInfo.state`. */
  readonly state?: unknown;
}

/** Where in-flight sign-ins are kept. */
export interface InFlightStore {
  /** Saves a sign-in. Returns its handle, which is sent as the `state` parameter; undefined if none is sent. */
  begin(req: IonRequest, signIn: InFlightSignIn): Promise<string | undefined>;
  /** Removes the sign-in with this handle from the store and returns it, or says why it cannot. */
  take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken>;
  /** Called when the sign-in with this handle has ended. Keeps the other sign-ins in this browser. */
  keepOthers?(req: IonRequest, handle: string): Promise<void>;
}

/**
 * A sign-in from a store, or the reason why there is none. It has a handle if the store knows that this
 * browser began the sign-in.
 */
export type Taken = { readonly signIn: InFlightSignIn; readonly handle?: string } | Refusal;

/** Why a callback was refused. */
export interface Refusal {
  readonly reason: StateRefusalReason;
  readonly message: string;
}

/**
 * Why the `state` in a callback was refused, as far as the store can tell. Passport passes it on as
 * `info.reason`, next to the `info.code` `'ERR_ION_STATE'`:
 *
 * - `'no-cookie'`: the browser sent no cookie at all.
 * - `'unknown'`: the browser sent cookies, but they lead to no sign-in with this `state`.
 * - `'expired'`: the sign-in took longer than it may.
 * - `'used'`: the sign-in was already finished.
 * - `'unreadable'`: the cookie of this sign-in was changed, or sealed with another secret.
 * - `'other-user'`: someone was signed in when the sign-in began, and now someone else is, or no one.
 */
export type StateRefusalReason =
  'no-cookie' | 'unknown' | 'expired' | 'used' | 'unreadable' | 'other-user';

const CHECK_COOKIES =
  'If it keeps happening, the cookie does not come back: it must not be SameSite=Strict, it may be Secure only over https (behind a proxy: set trust proxy), and the app must be opened at the host name of its callbackURL (localhost and 127.0.0.1 are different).';

const MESSAGES: Readonly<Record<StateRefusalReason, string>> = {
  'no-cookie': `The browser sent no cookie with Ion's response, so nothing shows that this sign-in began in it: start again. ${CHECK_COOKIES}`,
  unknown: `This sign-in did not begin in this browser, or it is already finished: start again. ${CHECK_COOKIES} Or the cookie came back, but its session is in the memory of another process, or was there before a restart: use a session store that all processes share, or a CookieStateStore.`,
  expired: `This sign-in began more than ${SIGN_IN_LIFETIME_MS / 60_000} minutes ago: start again.`,
  used: 'This sign-in is already finished: start again.',
  unreadable:
    'The cookie of this sign-in cannot be opened: it was changed, or sealed with a secret that the app no longer has. Start again.',
  'other-user':
    'The person who was signed in when this sign-in began is not signed in anymore: start again.',
};

/** Creates a refusal. The app's own state store can give a message; otherwise, each reason has its usual one. */
export function refusal(reason: StateRefusalReason, message: string = MESSAGES[reason]): Refusal {
  return { reason, message };
}

/** Creates the refusal of a `state` that belongs to no sign-in in this browser. */
export function unknownState({ headers }: IonRequest): Refusal {
  return refusal(headers.cookie === undefined ? 'no-cookie' : 'unknown');
}

/** Returns `value` as JSON. The error message for a value that cannot be JSON begins with `what`. */
export function toJSON(what: string, value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'its toJSON failed';
    throw new IonOptionError('state', `${what} cannot be kept as JSON (${why})`);
  }
}

/** Returns the app's `state` if it is a string. It is then sent to Ion unchanged, because no store keeps it. */
export function stateAsText({ state, verifier }: InFlightSignIn): string | undefined {
  if (typeof state !== 'string' || state === '') return undefined;
  if (verifier === undefined) return state;
  throw new IonOptionError(
    'state',
    'IonStrategy: a string as state of passport.authenticate is sent to Ion without asking your store, so nothing would keep the PKCE verifier: give an object, which the store keeps, or turn the option pkce off',
  );
}

/** The store for `state: false`, which keeps nothing. */
export class NoState implements InFlightStore {
  /** Returns the app's `state` if it is a string. */
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

/** Adds the app's `state` to Passport's `info`, which may be a string. */
export function withState(info: unknown, state: unknown): unknown {
  if (state === undefined) return info;
  const fields = typeof info === 'string' ? { message: info } : info;
  return { ...(fields as object | undefined), state };
}
