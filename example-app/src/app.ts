// Puts the app together: session, Passport, sign-in routes and pages, in the order in which Express needs
// them.

import path from 'node:path';

import express from 'express';
import type { Express, RequestHandler } from 'express';
import { Passport } from 'passport';
import type passportTypes from 'passport';

import { errorPages, notFound } from './pages/errors.js';
import { homePage } from './pages/home.js';
import { pictureOfUser } from './pages/picture.js';
import { todayPage } from './pages/today.js';
import { useViews } from './pages/views.js';
import { securityHeaders } from './security-headers.js';
import type { IonApplication, Settings } from './settings.js';
import { ionFor } from './sign-in/ion.js';
import { csrfToken, signInRoutes } from './sign-in/routes.js';
import { sessionWithPassport } from './sign-in/session.js';
import { StorageError } from './store-interfaces.js';
import type { Stores } from './store-interfaces.js';

const ION_URL = 'https://ion.tjhsst.edu';

export interface AppOptions extends Pick<
  Settings,
  'production' | 'basePath' | 'trustProxy' | 'callbackURL'
> {
  readonly sessionSecret: string;
  readonly ion: IonApplication;
  readonly stores: Stores;
  /** Called with one line of text for each event that belongs in the log. */
  readonly log: (line: string) => void;
}

export function createApp(options: AppOptions): Express {
  const { basePath, callbackURL, sessionSecret, stores, log } = options;
  const { clientID, clientSecret, baseURL = ION_URL } = options.ion;
  const strategyOptions = { clientID, clientSecret, callbackURL, baseURL };
  const ion = ionFor(strategyOptions, sessionSecret, stores.tokens);
  // The cast is safe because Passport makes Express handlers, although its types don't say so.
  const passport = new Passport() as passportTypes.Authenticator<RequestHandler, RequestHandler>;
  passport.use(ion.strategy);

  const site = express.Router();
  site.use(express.static(path.join(__dirname, '../public'), { index: false, maxAge: '1h' }));
  site.use(requireReachable(stores));
  site.use(
    sessionWithPassport(passport, {
      secret: sessionSecret,
      basePath,
      https: options.production && [callbackURL].flat().every((url) => url.startsWith('https:')),
      store: stores.sessions,
    }),
  );
  site.use(pageLocals);
  site.use(
    signInRoutes(passport, (user) =>
      // Only log the error, because people are signed out of this app even if their tokens could not be revoked.
      ion.forget(user).catch((error: unknown) => {
        log(`The tokens of user ${user.id} could not be revoked: ${String(error)}`);
      }),
    ),
  );
  site.use(homePage(), todayPage(ion, baseURL), pictureOfUser(ion));

  const app = express();
  app.set('trust proxy', options.trustProxy);
  // Cookie paths are case-sensitive, so the app's paths must be as well.
  app.enable('case sensitive routing');
  useViews(app, { basePath, standIn: baseURL !== ION_URL }, options.production);
  app.use(securityHeaders(baseURL));
  if (basePath) app.use(restoreBasePath(basePath));
  app.use(basePath || '/', site);
  app.use(notFound, errorPages(basePath, log));
  return app;
}

/**
 * Puts the base path back in front of a request's path if a proxy has removed it, as the school's proxy
 * does. This way, the app works behind both kinds of proxy, and all later handlers see the same path as
 * the browser, which matters for the session cookie, redirects and links.
 */
function restoreBasePath(basePath: string): RequestHandler {
  return (req, _res, next) => {
    const [path = ''] = req.url.split('?');
    if (path.startsWith('/') && path !== basePath && !path.startsWith(`${basePath}/`)) {
      req.url = basePath + req.url;
      req.originalUrl = req.url;
    }
    next();
  };
}

/** If sessions cannot be read right now, shows an error page instead of sending people to Ion. */
function requireReachable(stores: Stores): RequestHandler {
  return (_req, _res, next) => {
    if (stores.isReachable()) next();
    else next(new StorageError('The store with sessions and tokens cannot be reached'));
  };
}

/** Sets the values that the layout of every page needs. */
const pageLocals: RequestHandler = (req, res, next) => {
  // Pages show data about the person who is signed in, so the browser must not show them after a sign-out.
  res.set('Cache-Control', 'no-store');
  res.locals['user'] = req.user;
  res.locals['csrfToken'] = () => csrfToken(req);
  next();
};
