// Reads, saves, and replaces a request's session.

import { awaitCallback } from '../call-app-code.js';
import { IonSessionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';

/** What a session holds: data from the app, from Passport, and from this package. */
export type Session = Record<string, unknown>;

/**
 * The properties that express-session puts on a request. cookie-session, which has no store, does not set
 * them.
 */
export interface HasStore {
  readonly sessionID: string;
  readonly sessionStore: {
    get(id: string, done: (error: unknown, session?: unknown) => void): unknown;
  };
  readonly session: {
    save(done: (error?: unknown) => void): unknown;
    regenerate(done: (error?: unknown) => void): unknown;
  };
}

/** What error messages call the session's store. */
export const STORE = 'The session store';

/** Returns `req.session`, this request's copy of the session, if there is one. */
export function sessionOf(req: IonRequest): Session | undefined {
  const { session } = req as { session?: unknown };
  return isRecord(session) ? session : undefined;
}

/** Throws unless the request has a session. */
export function requireSession(req: IonRequest): void {
  if (sessionOf(req)) return;
  throw new IonSessionError(
    "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion'). If it is there, its store is not connected, or its cookie's path does not cover this route. To sign in without a session, give IonStrategy store: new CookieStateStore({ secret }).",
  );
}

/** Whether the session is kept in a store. If not, the browser keeps all of it, in a cookie. */
export function hasStore(req: unknown): req is HasStore {
  // Cast because a framework might leave out any of these properties.
  const { sessionID, sessionStore, session } = req as Partial<Record<keyof HasStore, unknown>>;
  return (
    typeof sessionID === 'string' &&
    hasMethod(sessionStore, 'get') &&
    hasMethod(session, 'save') &&
    hasMethod(session, 'regenerate')
  );
}

/**
 * Whether the request's cookie names its session. If not, the session was made for this request: no store
 * has it yet, and no other request can hold a copy.
 */
export function isNamedByCookie({ headers, sessionID }: IonRequest & HasStore): boolean {
  const { cookie } = headers;
  if (cookie === undefined) return false;
  return cookie.includes(sessionID) || cookie.includes(encodeURIComponent(sessionID));
}

/**
 * Reads the session from its store again, since another request might have written to it. Returns undefined
 * if no store has it yet, and `'destroyed'` if it existed when this request began but is gone now. If the
 * person has signed out in the meantime, also removes them from this request's copy: saving that copy would
 * sign them in again.
 */
export async function readAgain(
  req: IonRequest,
  timeout: number,
): Promise<Session | 'destroyed' | undefined> {
  if (!hasStore(req) || !isNamedByCookie(req)) return undefined;
  const [stored] = await awaitCallback<[unknown]>(STORE, timeout, (done) =>
    req.sessionStore.get(req.sessionID, done),
  ).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  if (!isRecord(stored)) return 'destroyed';
  const session = sessionOf(req);
  if (session && userIn(stored) === undefined) Reflect.deleteProperty(session, 'passport');
  return stored;
}

/** Writes the session to its store now, rather than at the end of the request. */
export async function saveSession(req: IonRequest, timeout: number): Promise<void> {
  if (!hasStore(req)) return;
  await awaitCallback(STORE, timeout, (done) => req.session.save(done));
}

/** Replaces the session with a new, empty one. */
export async function regenerateSession(req: IonRequest, timeout: number): Promise<void> {
  if (!hasStore(req)) return;
  await awaitCallback(STORE, timeout, (done) => req.session.regenerate(done));
}

function hasMethod(value: unknown, method: string): boolean {
  return isRecord(value) && typeof value[method] === 'function';
}

// Stores that use files report a missing session with this error. express-session, too, takes it to mean that
// the session is missing.
function isNotFound(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function userIn({ passport }: Session): unknown {
  return isRecord(passport) ? passport['user'] : undefined;
}
