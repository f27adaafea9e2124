// The session as its store has it: each request holds a copy, and what it writes back is its whole copy.

import { promised } from './promised.js';
import type { IonRequest } from './verify.js';

/** What express-session puts on a request; cookie-session, which has no store, does not. */
interface Stored {
  readonly sessionID: string;
  readonly sessionStore: {
    get(id: string, done: (error: unknown, session?: unknown) => void): void;
  };
  readonly session: { save(done: (error?: unknown) => void): unknown };
}

/**
 * The session as it is stored now, since another request may have written to it; undefined where
 * nothing is stored, or there is no store to ask.
 */
export async function storedSession(
  req: IonRequest,
  timeout: number,
): Promise<Record<string, unknown> | undefined> {
  if (!isStored(req)) return undefined;
  const [session] = await promised<[unknown]>('sessionStore.get', timeout, (done) => {
    req.sessionStore.get(req.sessionID, done);
  });
  // The cast: a session is an object that takes any key.
  return typeof session === 'object' && session !== null
    ? (session as Record<string, unknown>)
    : undefined;
}

/** Writes the session to its store now, rather than at the end of the request. */
export async function saveSession(req: IonRequest, timeout: number): Promise<void> {
  if (!isStored(req)) return;
  await promised('session.save', timeout, (done) => {
    req.session.save(done);
  });
}

/** For each session, what its requests are doing one after the other. */
const turns = new Map<string, Promise<unknown>>();

/** Does something after all that other requests with the same session have begun here. */
export async function inTurn<Result>(
  req: IonRequest,
  action: () => Promise<Result>,
): Promise<Result> {
  if (!isStored(req)) return action();
  const { sessionID } = req;
  const turn = (turns.get(sessionID) ?? Promise.resolve()).then(action, action);
  turns.set(sessionID, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(sessionID) === turn) turns.delete(sessionID);
  }
}

function isStored(req: unknown): req is Stored {
  // The cast: of what a framework puts on a request, anything may be missing.
  const { sessionID, sessionStore, session } = req as Partial<Record<keyof Stored, unknown>>;
  return typeof sessionID === 'string' && can(sessionStore, 'get') && can(session, 'save');
}

function can(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
  );
}
