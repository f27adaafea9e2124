// An app that keeps nothing on the server, neither sessions nor in-flight sign-ins.
// test/sign-in/several-processes.test.ts runs it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import express from 'express';
import { Passport } from 'passport';
import type { AuthenticateCallback } from 'passport';

import { CookieStateStore, IonStrategy } from '../../lib/index.js';

const { ION_CLIENT_ID, ION_CLIENT_SECRET, ION_BASE_URL, STATE_SECRET } = process.env;

const passport = new Passport();
passport.use(
  new IonStrategy(
    {
      clientID: ION_CLIENT_ID,
      clientSecret: ION_CLIENT_SECRET,
      baseURL: ION_BASE_URL,
      callbackURL: '/complete/ion/',
      store: new CookieStateStore({ secret: STATE_SECRET }),
    },
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);

const app = express();
app.use((_req, res, next) => {
  res.set('X-Process', String(process.pid));
  next();
});
app.get('/login/ion', passport.authenticate('ion', { session: false }) as express.RequestHandler);
app.get('/complete/ion/', (req, res, next) => {
  const finish: AuthenticateCallback = (error, user, info) => {
    const { code, status = 500 } = (error ?? {}) as { code?: string; status?: number };
    if (error) res.status(status).json({ code });
    else if (user) res.json({ name: user.name });
    else res.status(403).json(info);
  };
  // Cast because `passport.authenticate` is declared to return `any`.
  const handler = passport.authenticate(
    'ion',
    { session: false },
    finish,
  ) as express.RequestHandler;
  void handler(req, res, next);
});

const server = app.listen(0, '127.0.0.1');
void once(server, 'listening').then(() => {
  process.stdout.write(`listening on port ${(server.address() as AddressInfo).port}.\n`);
});
