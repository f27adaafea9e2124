// Creates the routes for going to Ion, coming back from Ion, and signing out. Mount them after the session.

import { promisify } from 'node:util';

import { csrfSync } from 'csrf-sync';
import { Router, urlencoded } from 'express';
import type { Request, RequestHandler } from 'express';
import type passport from 'passport';
import { safeReturnTo, stateOf } from 'passport-ion';

/** Every form that changes something needs `csrfToken(req)` in a hidden field named csrf. */
export const { generateToken: csrfToken, csrfSynchronisedProtection: csrfProtection } = csrfSync({
  getTokenFromRequest: ({ body }: { body?: { csrf?: string } }) => body?.csrf,
});

/** Creates the routes. `onSignOut` is called with the person who signed out. */
export function signInRoutes(
  passport: passport.Authenticator<RequestHandler, RequestHandler>,
  onSignOut?: (user: Express.User) => Promise<void>,
): Router {
  const routes = Router();

  routes.get('/login/ion', (req, res, next) => {
    const returnTo = pathOfThisApp(req, req.query['returnTo']);
    passport.authenticate('ion', { state: { returnTo } })(req, res, next);
  });

  // Listens with and without a trailing slash, because ION_CALLBACK_URL can have either form.
  routes.get(['/complete/ion/', '/complete/ion'], (req, res, next) => {
    passport.authenticate('ion', {}, (error: unknown, user, info, status) => {
      const { code, message } = (info ?? {}) as { code?: string; message?: string };
      const returnTo = pathOfThisApp(req, returnToOf(req));
      if (user) {
        req.logIn(user, (failure: unknown) => {
          if (failure) next(failure);
          else res.redirect(returnTo);
        });
        return;
      }
      const problem = error ?? Object.assign(new Error(message), { code, status });
      // Shows no error if the person came back to this route with the Back button after signing in, because
      // they are already signed in.
      if (req.user && isFinished(problem)) res.redirect(returnTo);
      else next(problem);
    })(req, res, next);
  });

  routes.post('/logout', urlencoded({ extended: false }), csrfProtection, async (req, res) => {
    const { user } = req;
    await promisify((done: (failure: unknown) => void) => {
      req.logOut(done);
    })();
    if (user) await onSignOut?.(user);
    res.redirect(303, `${req.baseUrl}/`);
  });

  return routes;
}

/** Returns the page that the person wanted when they started to sign in, even if the sign-in failed. */
export function returnToOf(req: Request): unknown {
  // The cast is safe because the code reads only `returnTo`, as `unknown`, whatever the state is.
  const { returnTo } = (stateOf(req) ?? {}) as { returnTo?: unknown };
  return returnTo;
}

function isFinished(problem: unknown): boolean {
  const { code } = problem as { code?: unknown };
  return code === 'ERR_ION_STATE' || code === 'invalid_grant';
}

/** Protects pages that only signed-in people may see. Others sign in with Ion first, and then come back. */
export const requireSignIn: RequestHandler = (req, res, next) => {
  if (req.user) next();
  else res.redirect(`${req.baseUrl}/login/ion?returnTo=${encodeURIComponent(req.originalUrl)}`);
};

/** Returns `link` if it is a page of this app, or else the home page. Pages of other sites on the host don't count. */
export function pathOfThisApp({ baseUrl }: Pick<Request, 'baseUrl'>, link: unknown): string {
  const home = `${baseUrl}/`;
  const path = safeReturnTo(link, home);
  return path.startsWith(home) ? path : home;
}
