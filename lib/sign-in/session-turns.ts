// Makes requests with the same session change it one after another. Each request has its own copy of the
// session and saves all of it, so a request that read the session too early would undo the changes from the
// others.

import { awaitResult } from '../call-app-code.js';
import type { IonRequest } from '../express-request.js';
import { STORE, hasStore, isNamedByCookie } from './request-session.js';

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
