// A TypeScript app on Express 5, with the strictest settings and library checks on.

import type { AddressInfo } from 'node:net';

import express from 'express';
import session from 'express-session';
import passport from 'passport';
import DefaultStrategy, { IonStrategy, IonTokenError, Strategy } from 'passport-ion';
import type { IonSignIn, IonProfile, IonStrategyOptions } from 'passport-ion';

declare global {
  namespace Express {
    interface User {
      id: string;
      name: string;
      scope: readonly string[];
    }
  }
}

const options: IonStrategyOptions = {
  clientID: process.env['ION_CLIENT_ID'],
  clientSecret: process.env['ION_CLIENT_SECRET'],
  baseURL: process.env['ION_BASE_URL'],
  callbackURL: '/complete/ion/',
};

function userFrom({ profile, tokens }: IonSignIn): Express.User {
  const { id, displayName }: IonProfile = profile;
  return { id, name: displayName, scope: tokens.scope };
}

const strategy: DefaultStrategy = new IonStrategy(options, userFrom);
if (!(strategy instanceof Strategy)) throw new Error('three names, three classes');
passport.use(strategy);
passport.serializeUser((user, done) => {
  done(null, user);
});
passport.deserializeUser((user: Express.User, done) => {
  done(null, user);
});

const app = express();
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get(
  '/login/ion',
  passport.authenticate('ion', { state: { returnTo: '/' }, approvalPrompt: 'auto' }),
);
app.get('/complete/ion/', passport.authenticate('ion', { successRedirect: '/' }));
app.get('/', (req, res) => {
  res.json(req.user ?? null);
});
const onError: express.ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  res.status(500).json({ code: error instanceof IonTokenError ? error.code : 'other' });
};
app.use(onError);

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
