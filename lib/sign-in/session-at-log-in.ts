// Runs code after Passport has signed someone in, which starts a new session, and explains the error if the
// session lacks a method that Passport needs for this.

import { types } from 'node:util';

import { IonSessionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { sessionOf } from './request-session.js';

type LogIn = (...parameters: unknown[]) => unknown;

/**
 * Calls `action` once Passport has signed someone in, if the request has a session. By then, `req.session`
 * might be a new session.
 */
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
        // If it is called without a callback, logIn from @fastify/passport returns a promise, while
        // Passport's own logIn starts no session, so nothing is left to do.
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
