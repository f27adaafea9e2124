// The sign-in routes: to Ion, back from Ion, and out. They belong after the session and Passport.

import { promisify } from 'node:util';

import { csrfSync } from 'csrf-sync';
import { Router, urlencoded } from 'express';
import type { Request, RequestHandler } from 'express';
import type passport from 'passport';

/** Every form that changes something has `csrfToken(req)` in a hidden field named csrf. */
export const { generateToken: csrfToken, csrfSynchronisedProtection: csrfProtection } = csrfSync({
  getTokenFromRequest: ({ body }: { body?: { csrf?: string } }) => body?.csrf,
});

/** `signedOut` is told who signed out. */
export function signInRoutes(
  passport: passport.Authenticator<RequestHandler, RequestHandler>,
  signedOut?: (user: Express.User) => Promise<void>,
): Router {
  const routes = Router();

  routes.get('/login/ion', (req, res, next) => {
    const returnTo = pathOfThisApp(req, req.query['returnTo']);
    passport.authenticate('ion', { state: { returnTo } })(req, res, next);
  });

  // Both spellings: the one that is registered with Ion, and told to the strategy, counts.
  routes.get(['/complete/ion/', '/complete/ion'], (req, res, next) => {
    passport.authenticate('ion', {}, (error: unknown, user, info, status) => {
      const { code, message, state } = (info ?? {}) as SignInInfo;
      const returnTo = state?.returnTo ?? `${req.baseUrl}/`;
      if (error) next(error);
      else if (!user) next(Object.assign(new Error(message), { code, status, returnTo }));
      else {
        req.logIn(user, (failure: unknown) => {
          if (failure) next(failure);
          else res.redirect(returnTo);
        });
      }
    })(req, res, next);
  });

  routes.post('/logout', urlencoded({ extended: false }), csrfProtection, async (req, res) => {
    const { user } = req;
    await promisify((done: (failure: unknown) => void) => {
      req.logOut(done);
    })();
    if (user) await signedOut?.(user);
    res.redirect(303, `${req.baseUrl}/`);
  });

  return routes;
}

/** For pages that need somebody: goes to Ion, and comes back to the page. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (req.user) next();
  else res.redirect(`${req.baseUrl}/login/ion?returnTo=${encodeURIComponent(req.originalUrl)}`);
};

/** `path` where it leads to this app, else the home page: a link to us must not end at another's. */
export function pathOfThisApp({ baseUrl }: Pick<Request, 'baseUrl'>, path: unknown): string {
  const [home, origin] = [`${baseUrl}/`, 'http://this.app.invalid'];
  if (typeof path !== 'string' || path.length > 500 || !URL.canParse(path, origin)) return home;
  // As browsers read it: white space gone, `\` turned into `/`, dots resolved.
  const url = new URL(path, origin);
  const ours = url.origin === origin && url.pathname.startsWith(home);
  return ours && !/^\/\/|%2f|%5c/i.test(url.pathname) ? url.pathname + url.search : home;
}

interface SignInInfo {
  code?: string;
  message?: string;
  state?: { returnTo?: string };
}
