// Reads, saves, and replaces a request's session, and follows it to the new session when Passport signs someone in.

import { types } from 'node:util';

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

/** Returns the request's copy of its session, if it has a session. */
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

type LogIn = (...parameters: unknown[]) => unknown;

/** Calls `action` once Passport has signed someone in. By then, `req.session` might be a new session. */
export function afterLogIn(req: IonRequest, action: () => void): void {
  for (const name of ['login', 'logIn'] as const) {
    const logIn = (req as Partial<IonRequest>)[name] as LogIn | undefined;
    if (!logIn) continue;
    const wrapped: LogIn = (...parameters) => {
      const done = parameters.at(-1);
      const actIfInSession = (): void => {
        if (sessionOf(req)) action();
      };
      if (typeof done !== 'function') {
        const returned = logIn.apply(req, parameters);
        // Without a callback, @fastify/passport returns a promise, and Passport itself starts no session.
        return types.isPromise(returned) ? returned.then(actIfInSession) : returned;
      }
      return logIn.call(req, ...parameters.slice(0, -1), (error?: unknown) => {
        if (!error) actIfInSession();
        (done as (error?: unknown) => void)(error);
      });
    };
    // The cast is safe because `wrapped` takes whatever logIn takes.
    req[name] = wrapped as IonRequest['logIn'];
  }
}

/**
 * If a sign-in failed because the session lacks a method that Passport calls, returns an error that says so:
 * cookie-session has neither `regenerate` nor `save`. Returns any other error unchanged.
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

function hasMethod(value: unknown, method: string): boolean {
  return isRecord(value) && typeof value[method] === 'function';
}
