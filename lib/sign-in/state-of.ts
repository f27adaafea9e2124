// The app's own state of a sign-in, for the request that comes back from Ion.

import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';
import type { InFlightSignIn } from './in-flight.js';

const states = new WeakMap<object, unknown>();

/** Remembers the app's `state` of the sign-in that this callback belongs to, for `stateOf`. */
export function rememberState(req: IonRequest, { state }: InFlightSignIn): void {
  if (state === undefined) return;
  states.set(req, state);
  // koa-passport calls the strategy with a request of its own making; the app has ctx.req.
  const { ctx } = req as { ctx?: unknown };
  if (isRecord(ctx) && isRecord(ctx['req'])) states.set(ctx['req'], state);
}

/**
 * The app's own `state` of the sign-in that this request has come back from, however it ended: also
 * for an error, which Passport passes on alone. So a page about an error can still lead to the page
 * that the person wanted:
 *
 * ```ts
 * import { safeReturnTo, stateOf } from 'passport-ion';
 * import type { ErrorRequestHandler } from 'express';
 *
 * export const showError: ErrorRequestHandler = (error, req, res, next) => {
 *   const { returnTo } = (stateOf(req) ?? {}) as { returnTo?: unknown };
 *   const page = safeReturnTo(returnTo, '/');
 *   res.status(500).send(`<a href="/login/ion?returnTo=${encodeURIComponent(page)}">Try again</a>`);
 * };
 * ```
 *
 * It is `undefined` if the sign-in had no state, or if the callback is refused because no such sign-in
 * began in this browser (`ERR_ION_STATE`): then its state may be somebody else's.
 *
 * @param req - The request that Passport handled: in Koa, `ctx.req`.
 */
export function stateOf(req: object): unknown {
  return states.get(req);
}
