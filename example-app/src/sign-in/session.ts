// The session: a cookie that names it, a store that holds it, and Passport's user in it.

import type { RequestHandler } from 'express';
import session from 'express-session';
import type passport from 'passport';

/** How long somebody stays signed in after their last visit, in milliseconds. */
export const SESSION_LIFETIME: number = 24 * 60 * 60 * 1000;

export interface SessionOptions {
  readonly secret: string;
  /** The path that the app lives under: on a host that many share, the cookie is for nobody else. */
  readonly path: string;
  readonly store: session.Store;
}

export function sessionWithPassport(
  passport: passport.Authenticator<RequestHandler, RequestHandler>,
  { secret, path, store }: SessionOptions,
): RequestHandler[] {
  // There is no database of people, so the session holds the whole user, which is small. With one,
  // keep the id here and look the rest up.
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  passport.deserializeUser((user: Express.User, done) => {
    done(null, user);
  });
  const cookies = session({
    // Apps on localhost share their cookies, whatever their port, so the name is this app's own.
    name: 'ion-example.session',
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: {
      path,
      maxAge: SESSION_LIFETIME,
      httpOnly: true,
      // Not 'strict', which would keep the cookie back when Ion sends the browser to the callback.
      sameSite: 'lax',
      // As the request came: https, where TRUST_PROXY says that the proxy's word counts.
      secure: 'auto',
    },
  });
  return [cookies, passport.session()];
}
