// The app: the session, Passport, the sign-in routes and the pages, in the order that they need.

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
import { StorageError } from './storage/storage-error.js';
import type { Stores } from './storage/stores.js';

const ION_URL = 'https://ion.tjhsst.edu';

export interface AppOptions extends Pick<
  Settings,
  'production' | 'basePath' | 'trustProxy' | 'callbackURL'
> {
  readonly sessionSecret: string;
  readonly ion: IonApplication;
  readonly stores: Stores;
  /** Takes one event each. */
  readonly log: (line: string) => void;
}

export function createApp(options: AppOptions): Express {
  const { basePath, callbackURL, sessionSecret, stores, log } = options;
  const { clientID, clientSecret, baseURL = ION_URL } = options.ion;
  const ion = ionFor({ clientID, clientSecret, callbackURL, baseURL }, stores.tokens);
  // The cast: what Passport makes are Express's handlers, which its types leave open.
  const passport = new Passport() as passportTypes.Authenticator<RequestHandler, RequestHandler>;
  passport.use(ion.strategy);

  const site = express.Router();
  site.use(express.static(path.join(__dirname, '../public'), { index: false, maxAge: '1h' }));
  site.use(reachable(stores));
  site.use(
    sessionWithPassport(passport, {
      secret: sessionSecret,
      path: basePath || '/',
      store: stores.sessions,
    }),
  );
  site.use(pageLocals);
  site.use(
    signInRoutes(passport, (user) =>
      // The person is signed out whatever Ion answers.
      ion.forget(user).catch((error: unknown) => {
        log(`The tokens of user ${user.id} were not revoked: ${String(error)}`);
      }),
    ),
  );
  site.use(homePage(), todayPage(ion, baseURL), pictureOfUser(ion));

  const app = express();
  app.set('trust proxy', options.trustProxy);
  // The cookie's path is case-sensitive, so the app's must be.
  app.enable('case sensitive routing');
  useViews(app, { basePath, standIn: baseURL !== ION_URL }, options.production);
  app.use(securityHeaders(baseURL));
  app.use(basePath || '/', site);
  app.use(notFound, errorPages(basePath, log));
  return app;
}

/** Says at once that sessions cannot be read or written, before anybody is sent to Ion in vain. */
function reachable(stores: Stores): RequestHandler {
  return (_req, _res, next) => {
    if (stores.reachable()) next();
    else next(new StorageError('The store of sessions and tokens cannot be reached'));
  };
}

/** What the frame around every page needs. */
const pageLocals: RequestHandler = (req, res, next) => {
  // Pages are about whoever is signed in: the browser must not show them after.
  res.set('Cache-Control', 'no-store');
  res.locals['user'] = req.user;
  res.locals['csrfToken'] = () => csrfToken(req);
  next();
};
