// The app under test, written as a user of the package would write it. It also obeys the tests' messages.

import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';

import { IonStrategy } from '../../../lib/index.js';
import type { IonTokens, VerifyFunctionWithParams } from '../../../lib/index.js';
import { toIonTokens } from '../../../lib/tokens.js';
import { logTextOf } from '../../support/log-text.js';
import { forgetPeak, held, peak } from './app-memory.js';
import { agentWithLookup } from './failing-lookups.js';
import { LONG_TIMEOUT_MS } from './timeouts.js';
import type { Order, Report } from './app-process.js';

const [, , baseURL = ''] = process.argv;

const tokensOf = new Map<string, IonTokens>();
const errors: unknown[] = [];

const verify: VerifyFunctionWithParams = (accessToken, refreshToken, params, profile, done) => {
  tokensOf.set(profile.id, toIonTokens(accessToken, refreshToken, params));
  done(null, { id: profile.id, name: profile.displayName });
};
const strategy = new IonStrategy(
  {
    clientID: 'the-application',
    clientSecret: process.env['CLIENT_SECRET'],
    callbackURL: '/complete/ion/',
    baseURL,
    timeout: LONG_TIMEOUT_MS,
  },
  verify,
);

const passport = new Passport();
passport.use(strategy);
passport.serializeUser((user, done) => {
  done(null, user);
});
passport.deserializeUser((user: Express.User, done) => {
  done(null, user);
});

function tokensFor(req: express.Request): IonTokens {
  const tokens = tokensOf.get(req.user?.id ?? '');
  if (!tokens) throw new Error('Nobody is signed in');
  return tokens;
}

const app = express();
app.use(session({ secret: 'a secret for tests', resave: false, saveUninitialized: false }));
app.use(passport.session());
// Cast because `passport.authenticate` is declared to return `any`.
app.get('/login', passport.authenticate('ion') as express.RequestHandler);
app.get('/complete/ion/', passport.authenticate('ion') as express.RequestHandler, (req, res) => {
  res.json({ ...req.user, scope: tokensFor(req).scope });
});
app.get('/whoami', (req, res) => {
  res.json(req.user ?? null);
});
app.get('/refresh', async (req, res) => {
  const tokens = await strategy.refresh(tokensFor(req));
  tokensOf.set(req.user?.id ?? '', tokens);
  res.json({ scope: tokens.scope });
});
app.get('/api', async (req, res) => {
  const data = await strategy.api(tokensFor(req)).get('/schedule');
  res.json({ data });
});
app.use(((error: Error & { status?: number; code?: string }, _req, res, _next) => {
  errors.push(error);
  process.stderr.write(`${inspect(error)}\n`);
  const { name, code, status = 500 } = error;
  res.status(status).json({ name, code, status });
}) satisfies express.ErrorRequestHandler);

let before = { held: 0, peak: 0 };

function begin(): void {
  errors.splice(0);
  const holding = held();
  forgetPeak();
  before = { held: holding, peak: peak() };
}

function report(): Report {
  const most = peak();
  return {
    shown: errors.splice(0).map((error) => logTextOf(error)),
    kept: held() - before.held,
    peak: most - before.peak,
  };
}

process.on('message', (order: Order) => {
  if (order.do === 'lookup') strategy._oauth2.setAgent(agentWithLookup(baseURL, order));
  // Cast because node-oauth's declarations don't allow undefined.
  if (order.do === 'usual lookup') strategy._oauth2.setAgent(undefined as never);
  if (order.do === 'timeout') strategy._oauth2.timeout = order.timeout;
  if (order.do === 'begin') begin();
  const reply = order.do === 'report' ? report() : 'done';
  if (order.do === 'report') {
    process.stdout.write(order.mark);
    process.stderr.write(order.mark);
  }
  process.send?.(reply);
});

const server = app.listen(0, '127.0.0.1', () => {
  // The cast is safe because the server listens on a port.
  process.send?.((server.address() as AddressInfo).port);
});
