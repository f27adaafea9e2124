// Gives the app the `state` that it passed when it started the sign-in: through stateOf, and in Passport's info.

import type { IonRequest } from '../express-request.js';
import { isRecord } from '../json.js';
import type { InFlightSignIn } from './in-flight-store.js';

const states = new WeakMap<object, unknown>();

/** Remembers the app's `state` for this callback's request, so that `stateOf` can return it. */
export function rememberState(req: IonRequest, { state }: InFlightSignIn): void {
  if (state === undefined) return;
  states.set(req, state);
  // koa-passport calls the strategy with a request object of its own; the app has only ctx.req. So the state
  // is remembered for both.
  const { ctx } = req as { ctx?: unknown };
  if (isRecord(ctx) && isRecord(ctx['req'])) states.set(ctx['req'], state);
}

/**
 * Returns the `state` that your app passed to `passport.authenticate` when it started the sign-in that this
 * request finishes. It works no matter how the sign-in ends, even with an error, which Passport passes on
 * without the state. So an error page can still lead to the page that the person wanted:
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
 * It is `undefined` if your app passed no state, or if the sign-in was not found: the callback was malformed
 * (`ERR_ION_CALLBACK`), its own `state` parameter was refused (`ERR_ION_STATE`, unless `info.reason` is
 * `'used'`), or the session or your `store` failed.
 *
 * @param req - The request that Passport handled: in Koa, `ctx.req`.
 */
export function stateOf(req: object): unknown {
  return states.get(req);
}

/** Adds the app's `state`, if any, to Passport's `info`. If `info` is a string, it becomes the `message`. */
export function withState(info: unknown, state: unknown): unknown {
  if (state === undefined) return info;
  const fields = typeof info === 'string' ? { message: info } : info;
  return { ...(fields as object | undefined), state };
}
