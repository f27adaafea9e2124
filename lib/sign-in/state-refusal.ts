// Defines the reasons for refusing the `state` in a callback, and the message for each reason.

import type { IonRequest } from '../express-request.js';
import { SIGN_IN_LIFETIME_MS } from './in-flight-store.js';

/** The reason why a callback was refused, and the message for it. */
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
 * - `'expired'`: the sign-in took longer than ten minutes.
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

/** Creates the refusal for a `state` that does not belong to any sign-in in this browser. */
export function unknownState({ headers }: IonRequest): Refusal {
  return refusal(headers.cookie === undefined ? 'no-cookie' : 'unknown');
}
