// Sets up the session: a cookie has its id, and a store has its contents, which include Passport's user.

import type { RequestHandler } from 'express';
import session from 'express-session';
import type passport from 'passport';

/** How long people stay signed in after their last visit. */
export const SESSION_LIFETIME_MS: number = 24 * 60 * 60 * 1000;

/** The longest that people stay signed in, however often they visit. NIST SP 800-63B allows 30 days. */
const MAX_SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** What the session stores about the person who is signed in. */
interface SignedIn extends Express.User {
  readonly signedInAt: number;
}

export interface SessionOptions {
  readonly secret: string;
  /** The app's path if the app shares a host with other sites; empty if it has its own host. */
  readonly basePath: string;
  /** Whether people always use https. If false, each request decides whether its cookie is only for https. */
  readonly https: boolean;
  readonly store: session.Store;
}

export function sessionWithPassport(
  passport: passport.Authenticator<RequestHandler, RequestHandler>,
  { secret, basePath, https, store }: SessionOptions,
): RequestHandler[] {
  // This app has no database of people, so the session stores the entire user, which is small. If your app
  // has such a database, store only the id here, and look up the user in deserializeUser.
  passport.serializeUser<SignedIn>((user, done) => {
    done(null, { ...user, signedInAt: Date.now() });
  });
  passport.deserializeUser<SignedIn>((user, done) => {
    // Passing false instead of a user makes Passport remove the person from the session.
    done(null, Date.now() < user.signedInAt + MAX_SESSION_LIFETIME_MS ? user : false);
  });
  const sessions = session({
    // Other hosts, such as another NAME.sites.tjhsst.edu, cannot set a cookie named __Host-…. Such a cookie
    // needs https and the path /, so it works only if the app has its own host. Otherwise, the name only
    // has to be unique, because all apps on a shared host, or on any port of localhost, share their
    // cookies.
    name: https && basePath === '' ? '__Host-ion-example' : 'ion-example.session',
    secret,
    store,
    resave: false,
    // Only people who are signed in get a session, because each session takes up space in the store.
    saveUninitialized: false,
    rolling: true,
    cookie: {
      // On a shared host, the cookie's path keeps browsers from sending the cookie to the other sites'
      // servers. It does not keep the pages of those sites from sending requests to this app, or from
      // setting a cookie for it.
      path: basePath || '/',
      maxAge: SESSION_LIFETIME_MS,
      httpOnly: true,
      // Not 'strict', because browsers would not send a SameSite=Strict cookie when Ion sends people back
      // here.
      sameSite: 'lax',
      secure: https || 'auto',
    },
  });
  return https ? [requireHTTPS, sessions, passport.session()] : [sessions, passport.session()];
}

// Over http, express-session silently leaves out a cookie that is only for https, so no one could sign in
// or find out why not.
const requireHTTPS: RequestHandler = ({ secure }, _res, next) => {
  const problem =
    'This request came by http, but ION_CALLBACK_URL begins with https: the proxy in front of the app must redirect http to https, and send X-Forwarded-Proto: https';
  next(secure ? undefined : Object.assign(new Error(problem), { code: 'ERR_NOT_HTTPS' }));
};
