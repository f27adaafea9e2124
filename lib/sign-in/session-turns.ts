// Makes requests with the same session change it one after another. Each request has its own copy of the
// session and saves all of it, so a request that read the session too early would undo the changes from the
// others.

import { awaitCallback, awaitResult } from '../call-app-code.js';
import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';
import { STORE, hasStore, sessionOf } from './request-session.js';
import type { HasStore, Session } from './request-session.js';

/** For each session id, the last request that is changing the session, or waiting to change it. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Changes a session after earlier requests have finished changing it. Each request gives up at its own
 * deadline, counted from its arrival, so if the store fails to respond to one request, the others do not
 * wait for long.
 */
export async function inTurn(
  req: IonRequest,
  timeout: number,
  change: () => Promise<void>,
): Promise<void> {
  if (!hasStore(req) || !isNamedByCookie(req)) {
    await change();
    return;
  }
  const { sessionID } = req;
  const previous = turns.get(sessionID);
  let isOver = false;
  const turn = awaitResult(STORE, timeout, async () => {
    await previous?.catch(() => undefined);
    if (!isOver) await change();
  }).finally(() => {
    isOver = true;
    if (turns.get(sessionID) === turn) turns.delete(sessionID);
  });
  turns.set(sessionID, turn);
  await turn;
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

/**
 * Whether the request's cookie names its session. If not, the session was made for this request: no store
 * has it yet, and no other request can hold a copy.
 */
function isNamedByCookie({ headers, sessionID }: IonRequest & HasStore): boolean {
  const { cookie } = headers;
  if (cookie === undefined) return false;
  return cookie.includes(sessionID) || cookie.includes(encodeURIComponent(sessionID));
}

// Stores that use files report a missing session with this error; express-session treats it the same way.
function isNotFound(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function userIn({ passport }: Session): unknown {
  return isRecord(passport) ? passport['user'] : undefined;
}
