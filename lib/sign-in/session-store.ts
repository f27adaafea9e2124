// The session as its store has it: each request holds a copy, and what it writes back is its whole copy.

import { asError } from '../app-callback.js';
import { isRecord } from '../json.js';
import type { IonRequest } from '../options.js';

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
export async function storedSession(req: IonRequest): Promise<Record<string, unknown> | undefined> {
  if (!isStored(req)) return undefined;
  const session = await new Promise<unknown>((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error, found) => {
      if (error && !isNotFound(error)) reject(asError('The session store', error));
      else resolve(found);
    });
  });
  return isRecord(session) ? session : undefined;
}

/** Writes the session to its store now, rather than at the end of the request. */
export async function saveSession(req: IonRequest): Promise<void> {
  if (!isStored(req)) return;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => {
      if (error) reject(asError('The session store', error));
      else resolve();
    });
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

// As express-session takes it: a store of files says so of a session that it does not have.
function isNotFound(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function isStored(req: unknown): req is Stored {
  // The cast: of what a framework puts on a request, anything may be missing.
  const { sessionID, sessionStore, session } = req as Partial<Record<keyof Stored, unknown>>;
  return typeof sessionID === 'string' && can(sessionStore, 'get') && can(session, 'save');
}

function can(value: unknown, method: string): boolean {
  return isRecord(value) && typeof value[method] === 'function';
}
