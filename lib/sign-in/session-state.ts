// In-flight sign-ins in the session: the default.

import { createHash, randomBytes } from 'node:crypto';

import { awaitCallback, awaitResult } from '../app-callback.js';
import { IonOptionError, IonSessionError } from '../errors.js';
import { isRecord } from '../json.js';
import type { IonRequest } from '../options.js';
import type { Settings } from '../settings.js';
import { SIGN_IN_LIFETIME_MS, refusal, unknownState } from './in-flight.js';
import type { InFlightSignIn, InFlightStore, Taken } from './in-flight.js';

interface Entry extends InFlightSignIn {
  readonly handle: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** Identifies the Ion and the application, so that two strategies never share an entry. */
  readonly strategy: string;
  /** What `maxAge` of the session's cookie was, if this sign-in shortened it. */
  readonly usualMaxAge?: number | null | undefined;
}

const MAX_ENTRIES = 10;
// A session without a store is a cookie, of which a browser keeps 4,096 bytes; it is in base64 there, and
// the app needs some of it.
const MAX_BYTES_WITHOUT_STORE = 1500;
const NO_SESSION =
  "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion'). If it is there, its store is not connected, or its cookie's path does not cover this route. To sign in without a session, give IonStrategy store: new CookieStateStore({ secret }).";

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
    const handle = randomBytes(24).toString('base64url');
    requireSession(req);
    // If two tabs begin at once, the one that is saved last would overwrite the other's entry.
    await inTurn(req, this.#timeout, async () => {
      const stored = await this.#reload(req);
      if (stored === 'destroyed') await regenerate(req, this.#timeout);
      const earlier = merge(this.#entriesOf(req), entriesIn(stored, this.#key));
      const usualMaxAge = shortenIfAnonymous(req, this.#key);
      const entry = { handle, at: Date.now(), strategy: this.#strategy, usualMaxAge, ...signIn };
      this.#write(req, dropUntilItFits(req, [...earlier, entry]));
      if (isRecord(stored)) await saveSession(req, this.#timeout);
    });
    return handle;
  }

  /** Removes the sign-in from the session. */
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws is a rejection
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

  /** Keeps the others in this session, and in the new one that `req.logIn` begins. */
  async keepOthers(req: IonRequest, handle: string): Promise<void> {
    const own = this.#entriesOf(req);
    const stored = await this.#reload(req);
    const all = merge(own, entriesIn(stored, this.#key));
    // Another tab may have begun a sign-in while this one waited for Ion.
    const others = all.filter((entry) => entry.handle !== handle);
    const usualMaxAge = all.find((entry) => entry.handle === handle)?.usualMaxAge;
    // If the session is gone, so are its entries: this request must not bring it back.
    if (stored === 'destroyed') await regenerate(req, this.#timeout);
    else if (others.length > 0) this.#write(req, others);
    this.#afterLogIn(req, () => {
      if (others.length > 0) this.#write(req, others);
      restoreMaxAge(req, usualMaxAge);
    });
  }

  /** Runs `action` once Passport has signed somebody in. By then, `req.session` may be a new session. */
  #afterLogIn(req: IonRequest, action: () => void): void {
    for (const name of ['login', 'logIn'] as const) {
      const logIn = (req as Partial<IonRequest>)[name] as LogIn | undefined;
      if (!logIn) continue;
      const wrapped: LogIn = (...parameters) => {
        const done = parameters.at(-1);
        // Without a callback Passport begins no session.
        if (typeof done !== 'function') return logIn.apply(req, parameters);
        return logIn.call(req, ...parameters.slice(0, -1), (error?: unknown) => {
          if (!error && sessionOf(req)) action();
          (done as (error?: unknown) => void)(error);
        });
      };
      // The cast: it takes whatever logIn takes.
      req[name] = wrapped as IonRequest['logIn'];
    }
  }

  /**
   * Reads the session again from its store. Returns undefined if no store has it yet, and `'destroyed'`
   * if it was there when this request began and is gone. If somebody has signed out in the meantime, this
   * request's copy forgets them too: saving it would sign them in again.
   */
  async #reload(req: IonRequest): Promise<Record<string, unknown> | 'destroyed' | undefined> {
    // A session that the request's cookie does not name is new, so no store has it yet.
    if (!isStored(req) || !isNamedByCookie(req)) return undefined;
    const stored = await storedSession(req, this.#timeout);
    if (!stored) return 'destroyed';
    const session = sessionOf(req);
    if (session?.['passport'] !== undefined && userIn(stored) === undefined) {
      Reflect.deleteProperty(session, 'passport');
    }
    return stored;
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

function requireSession(req: IonRequest): void {
  if (!sessionOf(req)) throw new IonSessionError(NO_SESSION);
}

function allEntriesIn(session: unknown, key: string): Entry[] {
  const kept = isRecord(session) ? session[key] : undefined;
  return Array.isArray(kept) ? kept.filter(isEntry) : [];
}

function entriesIn(session: unknown, key: string): Entry[] {
  return allEntriesIn(session, key).filter(isAlive);
}

function isAlive({ at }: Entry): boolean {
  return at > Date.now() - SIGN_IN_LIFETIME_MS;
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/, '');
}

function userIn(session: Record<string, unknown>): unknown {
  const { passport } = session;
  return isRecord(passport) ? passport['user'] : undefined;
}

/** Drops the oldest entries of a session that is kept in a cookie, which a browser drops if it is large. */
function dropUntilItFits(req: IonRequest, entries: Entry[]): Entry[] {
  if (isStored(req)) return entries;
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
 * Lets a session that holds nothing but sign-ins end when they do, or visitors who never sign in would
 * fill the store. Returns the usual `maxAge` of its cookie, also if an earlier sign-in shortened it.
 */
function shortenIfAnonymous(req: IonRequest, key: string): number | null | undefined {
  const session = sessionOf(req);
  if (!isStored(req) || !session || !isRecord(session['cookie'])) return undefined;
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

// Not compared with ===, because express-session may make it a millisecond shorter at each request.
function isShort(maxAge: unknown): boolean {
  return typeof maxAge === 'number' && maxAge <= SIGN_IN_LIFETIME_MS;
}

/** Gives the cookie its usual lifetime back. With `keepSessionInfo`, Passport copies the shortened cookie. */
function restoreMaxAge(req: IonRequest, usual: number | null | undefined): void {
  const cookie = sessionOf(req)?.['cookie'];
  if (usual === undefined || !isRecord(cookie)) return;
  if (isShort(cookie['originalMaxAge'])) cookie['maxAge'] = usual;
}

/**
 * The error behind `error` if a sign-in failed because the session lacks what Passport calls:
 * cookie-session's has neither `regenerate` nor `save`.
 */
export function explainSessionError<Thrown>(
  req: IonRequest,
  error: Thrown,
): Thrown | IonSessionError {
  const session = sessionOf(req);
  const isPassports = /\b(regenerate|save) is not a function/.test(String(error));
  if (!session || !isPassports) return error;
  const lacking = ['regenerate', 'save'].filter((name) => typeof session[name] !== 'function');
  if (lacking.length === 0) return error;
  return new IonSessionError(
    `Nobody was signed in: req.session has no ${lacking.join(' and no ')}, which Passport calls. Use express-session, or give cookie-session's session these methods: see "cookie-session" in passport-ion's guide on sessions.`,
    { cause: error },
  );
}

/** The entries of both, each one once, oldest first. */
function merge(own: readonly Entry[], stored: readonly Entry[]): Entry[] {
  const known = new Set(own.map(({ handle }) => handle));
  const others = stored.filter(({ handle }) => !known.has(handle));
  return others.length === 0 ? [...own] : [...own, ...others].sort((a, b) => a.at - b.at);
}

type LogIn = (...parameters: unknown[]) => unknown;

function sessionOf(req: IonRequest): Record<string, unknown> | undefined {
  const { session } = req as { session?: unknown };
  return isRecord(session) ? session : undefined;
}

// A session may come from a cookie, from a file, or from an older version of this package.
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

// Each request holds a copy of the session, and writes its whole copy back to the store.

/** What express-session puts on a request; cookie-session, which has no store, does not. */
interface Stored {
  readonly sessionID: string;
  readonly sessionStore: {
    get(id: string, done: (error: unknown, session?: unknown) => void): unknown;
  };
  readonly session: {
    save(done: (error?: unknown) => void): unknown;
    regenerate(done: (error?: unknown) => void): unknown;
  };
}

/**
 * The session as it is stored now, since another request may have written to it; undefined if
 * nothing is stored.
 */
async function storedSession(
  req: IonRequest,
  timeout: number,
): Promise<Record<string, unknown> | undefined> {
  if (!isStored(req)) return undefined;
  const [session] = await awaitCallback<[unknown]>('The session store', timeout, (done) =>
    req.sessionStore.get(req.sessionID, done),
  ).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  return isRecord(session) ? session : undefined;
}

/** Writes the session to its store now, rather than at the end of the request. */
async function saveSession(req: IonRequest, timeout: number): Promise<void> {
  if (!isStored(req)) return;
  await awaitCallback('The session store', timeout, (done) => req.session.save(done));
}

/** Replaces the session with a new, empty one. */
async function regenerate(req: IonRequest, timeout: number): Promise<void> {
  if (!isStored(req)) return;
  await awaitCallback('The session store', timeout, (done) => req.session.regenerate(done));
}

/** By session id: the last request that waits to change the session, or is changing it. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Changes a session once the requests that came before have changed it. Each request gives up at its own
 * deadline, counted from its arrival, so one lost response of the store does not hold up the others for long.
 */
async function inTurn(
  req: IonRequest,
  timeout: number,
  action: () => Promise<void>,
): Promise<void> {
  // Other requests can hold a session only if a browser has its cookie.
  if (!isStored(req) || !isNamedByCookie(req)) {
    await action();
    return;
  }
  const { sessionID } = req;
  const previous = turns.get(sessionID);
  let isOver = false;
  const turn = awaitResult('The session store', timeout, async () => {
    await previous?.catch(() => undefined);
    if (!isOver) await action();
  }).finally(() => {
    isOver = true;
    if (turns.get(sessionID) === turn) turns.delete(sessionID);
  });
  turns.set(sessionID, turn);
  await turn;
}

/** Whether the request's cookie names its session: if not, the session was made for this request. */
function isNamedByCookie({ headers, sessionID }: IonRequest & Stored): boolean {
  const cookies = headers.cookie ?? '';
  return cookies.includes(sessionID) || cookies.includes(encodeURIComponent(sessionID));
}

// Stores that use files report a missing session with this error; express-session treats it the same way.
function isNotFound(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function isStored(req: unknown): req is Stored {
  // The cast: a framework may leave out any of these properties.
  const { sessionID, sessionStore, session } = req as Partial<Record<keyof Stored, unknown>>;
  return (
    typeof sessionID === 'string' &&
    hasMethod(sessionStore, 'get') &&
    hasMethod(session, 'save') &&
    hasMethod(session, 'regenerate')
  );
}

function hasMethod(value: unknown, method: string): boolean {
  return isRecord(value) && typeof value[method] === 'function';
}
