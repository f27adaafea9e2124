// Keeps in-flight sign-ins in the session, which is the default.

import { createHash, randomBytes } from 'node:crypto';

import { IonOptionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';
import type { Settings } from '../settings.js';
import { SIGN_IN_LIFETIME_MS, toJSON } from './in-flight-store.js';
import { refusal, unknownState } from './state-refusal.js';
import type { InFlightSignIn, InFlightStore, Taken } from './in-flight-store.js';
import {
  hasStore,
  readAgain,
  regenerateSession,
  requireSession,
  saveSession,
  sessionOf,
} from './request-session.js';
import type { Session } from './request-session.js';
import { afterLogIn } from './session-at-log-in.js';
import { inTurn } from './session-turns.js';

interface Entry extends InFlightSignIn {
  readonly handle: string;
  /** When the sign-in began, in milliseconds since the epoch. */
  readonly at: number;
  /** A hash of the Ion and the application, so that two strategies never share an entry. */
  readonly strategy: string;
  /**
   * The `maxAge` of the session's cookie before a sign-in shortened it, kept so that it can be restored: null
   * if the cookie had none. Absent if no sign-in shortened it.
   */
  readonly usualMaxAge?: number | null | undefined;
}

const MAX_ENTRIES = 10;
// A session without a store is a cookie of at most 4,096 bytes. It is encoded in base64, and the app needs
// some of the space, too.
const MAX_BYTES_WITHOUT_STORE = 1500;

/** Keeps sign-ins in `req.session`, one entry each. */
export class SessionState implements InFlightStore {
  readonly #key: string;
  readonly #timeout: number;
  readonly #strategy: string;

  constructor({
    sessionKey,
    timeout,
    endpoints,
    clientID,
  }: Pick<Settings, 'sessionKey' | 'timeout' | 'endpoints' | 'clientID'>) {
    const { authorization, token } = endpoints;
    const identity = JSON.stringify([authorization, token, clientID]);
    this.#key = sessionKey;
    this.#timeout = timeout;
    this.#strategy = createHash('sha256').update(identity).digest('base64url').slice(0, 8);
  }

  /** Adds the sign-in to the session. */
  async begin(req: IonRequest, signIn: InFlightSignIn): Promise<string> {
    requireSession(req);
    // Checked here, because express-session would find a state that is not JSON only at the end of the
    // response, and would then leave the browser waiting.
    toJSON('IonStrategy: the state of passport.authenticate', { state: signIn.state });
    const handle = randomBytes(24).toString('base64url');
    // Without turns, if two tabs began at the same time, the tab whose session is saved last would
    // overwrite the other's entry.
    await inTurn(req, this.#timeout, async () => {
      const stored = await readAgain(req, this.#timeout);
      if (stored === 'destroyed') await regenerateSession(req, this.#timeout);
      const earlier = merge(this.#entriesOf(req), entriesIn(stored, this.#key));
      const usualMaxAge = shortenIfAnonymous(req, this.#key);
      const entry = { handle, at: Date.now(), strategy: this.#strategy, usualMaxAge, ...signIn };
      this.#write(req, dropUntilItFits(req, [...earlier, entry]));
      if (isRecord(stored)) await saveSession(req, this.#timeout);
    });
    return handle;
  }

  /** Removes the sign-in from the session. */
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws becomes a rejection
  async take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken> {
    requireSession(req);
    const isMeant = (entry: Entry): boolean =>
      entry.handle === handle &&
      entry.strategy === this.#strategy &&
      pathOf(entry.redirectURI) === pathOf(redirectURI);
    const all = allEntriesIn(sessionOf(req), this.#key);
    const signIn = all.find(isMeant);
    if (!signIn) return unknownState(req);
    if (!isAlive(signIn)) return refusal('expired');
    this.#write(
      req,
      all.filter((entry) => entry !== signIn && isAlive(entry)),
    );
    return { signIn, handle: signIn.handle };
  }

  /** Keeps the other sign-ins in this session, and in the new session that `req.logIn` starts. */
  async keepOthers(req: IonRequest, handle: string): Promise<void> {
    const own = this.#entriesOf(req);
    const stored = await readAgain(req, this.#timeout);
    const all = merge(own, entriesIn(stored, this.#key));
    // The session was read again, because another tab might have begun a sign-in while this one waited for
    // Ion.
    const others = all.filter((entry) => entry.handle !== handle);
    const usualMaxAge = all.find((entry) => entry.handle === handle)?.usualMaxAge;
    // If the session is gone from its store, this request must not bring it or its entries back.
    if (stored === 'destroyed') await regenerateSession(req, this.#timeout);
    else if (others.length > 0) this.#write(req, others);
    afterLogIn(req, () => {
      if (others.length > 0) this.#write(req, others);
      restoreMaxAge(req, usualMaxAge);
    });
  }

  #entriesOf(req: IonRequest): Entry[] {
    return entriesIn(sessionOf(req), this.#key);
  }

  #write(req: IonRequest, entries: Entry[]): void {
    const session = sessionOf(req);
    if (!session) return;
    if (entries.length > 0) session[this.#key] = entries.slice(-MAX_ENTRIES);
    else Reflect.deleteProperty(session, this.#key);
  }
}

/** Returns the entries that have not expired. */
function entriesIn(session: Session | 'destroyed' | undefined, key: string): Entry[] {
  return allEntriesIn(session, key).filter(isAlive);
}

function allEntriesIn(session: Session | 'destroyed' | undefined, key: string): Entry[] {
  const kept = isRecord(session) ? session[key] : undefined;
  return Array.isArray(kept) ? kept.filter(isEntry) : [];
}

function isAlive({ at }: Entry): boolean {
  return at > Date.now() - SIGN_IN_LIFETIME_MS;
}

// Entries are checked, because a session might come from a cookie, from a file, or from an older version of
// this package.
function isEntry(value: unknown): value is Entry {
  if (!isRecord(value)) return false;
  const {
    handle,
    at,
    strategy,
    redirectURI,
    verifier,
    scope,
  }: Partial<Record<keyof Entry, unknown>> = value;
  return (
    typeof handle === 'string' &&
    typeof at === 'number' &&
    typeof strategy === 'string' &&
    typeof redirectURI === 'string' &&
    isTextOrAbsent(verifier) &&
    isTextOrAbsent(scope)
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** Combines both lists without duplicates, oldest first. */
function merge(own: readonly Entry[], stored: readonly Entry[]): Entry[] {
  const known = new Set(own.map(({ handle }) => handle));
  const others = stored.filter(({ handle }) => !known.has(handle));
  return others.length === 0 ? [...own] : [...own, ...others].sort((a, b) => a.at - b.at);
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/, '');
}

/** If the session is kept in a cookie, drops the oldest entries until it is small enough for a browser to keep. */
function dropUntilItFits(req: IonRequest, entries: Entry[]): Entry[] {
  if (hasStore(req)) return entries;
  const isTooLarge = (kept: Entry[]): boolean =>
    ((JSON.stringify(kept) as string | undefined) ?? '').length > MAX_BYTES_WITHOUT_STORE;
  let kept = entries.slice(-MAX_ENTRIES);
  while (kept.length > 1 && isTooLarge(kept)) kept = kept.slice(1);
  if (!isTooLarge(kept)) return kept;
  throw new IonOptionError(
    'state',
    `IonStrategy: the state of passport.authenticate is too large for a session in a cookie (at most ${MAX_BYTES_WITHOUT_STORE} bytes with everything else): keep it short, such as { returnTo: '/lunch' }`,
  );
}

/**
 * Shortens the lifetime of a session that holds nothing but sign-ins to that of a sign-in, so that visitors
 * who never sign in don't fill the store. Returns the usual `maxAge` of its cookie, even if an earlier
 * sign-in has already shortened it: null if it has none. Returns undefined if the lifetime is left alone.
 */
function shortenIfAnonymous(req: IonRequest, key: string): number | null | undefined {
  const session = sessionOf(req);
  if (!hasStore(req) || !session || !isRecord(session['cookie'])) return undefined;
  if (Object.keys(session).some((name) => name !== 'cookie' && name !== key)) return undefined;
  const { cookie } = session;
  const usual = cookie['originalMaxAge'];
  if (isShort(usual)) {
    const shortening = allEntriesIn(session, key).find((entry) => entry.usualMaxAge !== undefined);
    return shortening?.usualMaxAge;
  }
  cookie['maxAge'] = SIGN_IN_LIFETIME_MS;
  return typeof usual === 'number' ? usual : null;
}

/**
 * Restores the usual lifetime of the session's cookie. This is needed because, with `keepSessionInfo`,
 * Passport copies the shortened cookie into the new session.
 */
function restoreMaxAge(req: IonRequest, usual: number | null | undefined): void {
  const cookie = sessionOf(req)?.['cookie'];
  if (usual === undefined || !isRecord(cookie)) return;
  if (isShort(cookie['originalMaxAge'])) cookie['maxAge'] = usual;
}

// Does not compare the lifetimes with ===, because express-session can make the lifetime a millisecond
// shorter with each request.
function isShort(maxAge: unknown): boolean {
  return typeof maxAge === 'number' && maxAge <= SIGN_IN_LIFETIME_MS;
}
