// An Express app like the ones that use this package, for tests to sign in to.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';
import type { Express, RequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import type { AuthenticateCallback } from 'passport';

import { IonStrategy } from 'passport-ion';
import type { IonAuthenticateOptions, IonStrategyOptions, VerifySignIn } from 'passport-ion';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Passport's types are extended
  namespace Express {
    interface User {
      id: string;
      name?: string;
    }
  }
}

/** Options for an app that differs from the usual one. */
export interface AppOptions {
  readonly express?: typeof express;
  readonly session?: RequestHandler | null;
  readonly strategy: IonStrategyOptions;
  /** Makes the strategy. If it is given, `verify` is ignored. */
  readonly makeStrategy?: (options: IonStrategyOptions) => IonStrategy;
  readonly verify?: VerifySignIn;
  readonly authenticate?: IonAuthenticateOptions;
  /** Changes the app before its routes are added. */
  readonly before?: (app: Express) => void;
  /** The callback for passport.authenticate. If it is set, Passport does not sign anyone in on its own. */
  readonly onSignIn?: AuthenticateCallback;
  /** The path under which the sign-in routes are mounted. Default: the root. */
  readonly mount?: string;
}

/** A running app. */
export interface RunningApp {
  readonly url: string;
  readonly app: Express;
  readonly strategy: IonStrategy;
  /** The errors that reached Express's error handling, in order. */
  readonly errors: unknown[];
  stop(): Promise<void>;
}

/** The session middleware that most apps use. */
export function expressSession(store?: session.Store, resave = false): RequestHandler {
  const secret = 'a secret for tests';
  return session({ secret, resave, saveUninitialized: false, ...(store && { store }) });
}

/** Starts an app on a free port of 127.0.0.1. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const make = options.express ?? express;
  const passport = new Passport();
  const app = make();
  const errors: unknown[] = [];
  options.before?.(app);
  if (options.session !== null) app.use(options.session ?? expressSession());
  const strategy = (options.makeStrategy ?? ((given) => usualStrategy(given, options.verify)))(
    options.strategy,
  );
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  passport.deserializeUser((user: Express.User, done) => {
    done(null, user);
  });
  if (options.session !== null) app.use(passport.session());
  const routes = make.Router();
  routes.get('/login', (req, res, next) => {
    const state =
      req.query['returnTo'] === undefined ? undefined : { returnTo: req.query['returnTo'] };
    // Cast because `passport.authenticate` is declared to return `any`.
    const handler = passport.authenticate('ion', {
      state,
      ...options.authenticate,
    }) as RequestHandler;
    void handler(req, res, next);
  });
  routes.get(
    ['/complete/ion/', '/complete/ion'],
    passport.authenticate('ion', options.authenticate ?? {}, options.onSignIn) as RequestHandler,
    (req, res) => {
      res.json({ user: req.user, info: req.authInfo });
    },
  );
  app.use(options.mount ?? '/', routes);
  app.get('/whoami', (req, res) => {
    res.json(req.user ?? null);
  });
  app.use(((error: Error & { status?: number; code?: string }, _req, res, _next) => {
    errors.push(error);
    res
      .status(error.status ?? 500)
      .json({ name: error.name, code: error.code, message: error.message });
  }) satisfies express.ErrorRequestHandler);
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    strategy,
    errors,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function usualStrategy(options: IonStrategyOptions, verify?: VerifySignIn): IonStrategy {
  return new IonStrategy(
    options,
    verify ?? (({ profile }) => ({ id: profile.id, name: profile.displayName })),
  );
}
