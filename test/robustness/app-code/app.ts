// An app with one function that goes wrong in one way: `node app.js HOOK WAY`. It starts a stand-in for Ion,
// signs someone in, and prints what the browser got.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import http = require('node:http');

import express from 'express';
import type { RequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import type { IonStrategyOptions, VerifySignIn } from 'passport-ion';

import { IonStrategy } from '../../../lib/strategy.js';
import { HOOKS } from './hooks.js';
import { TIMEOUT_MS } from './ways-to-fail.js';

/** The process prints this as JSON, on its last line. */
export interface Report {
  /** The status of each response, in order. */
  readonly statuses: readonly number[];
  /** How many times the handler after `passport.authenticate` ran. */
  readonly reached: number;
  /** How long the slowest response took. */
  readonly slowestMs: number;
}

async function main(hookName: string, way: string): Promise<void> {
  const hook = HOOKS[hookName];
  if (!hook) throw new Error(`There is no hook called ${hookName}`);
  const { visit = 'sign-in' } = hook;
  const wrong = hook.misbehaving(way);
  const ion = await listen(
    http.createServer((req, res) => {
      const isToken = req.url === '/oauth/token/';
      const refused = visit === 'refused' && isToken;
      const tokens = {
        access_token: 'ACCESS-TOKEN',
        refresh_token: 'REFRESH-TOKEN',
        token_type: 'Bearer',
        expires_in: 36_000,
        scope: 'read',
      };
      res.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
      const body = isToken ? tokens : { id: 3, ion_username: '2027jdoe' };
      res.end(JSON.stringify(refused ? { error: 'invalid_grant' } : body));
    }),
  );
  const options = {
    clientID: 'an-id',
    clientSecret: 'CLIENT-SECRET',
    callbackURL: '/complete/ion/',
    baseURL: ion,
    timeout: TIMEOUT_MS,
    ...wrong.options,
  } as IonStrategyOptions;
  // Cast because the hooks' verify functions have different signatures.
  const verify = (wrong.verify ?? (({ profile }) => ({ id: profile.id }))) as VerifySignIn;
  const strategy = new IonStrategy(options, verify);
  wrong.change?.(strategy);

  const app = express();
  const passport = new Passport();
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  app.use(session({ secret: 'SESSION-SECRET', resave: false, saveUninitialized: false }));
  let requests = 0;
  app.use((req, _res, next) => {
    requests += 1;
    if (requests > 1) wrong.request?.(req);
    next();
  });
  let reached = 0;
  const behind: RequestHandler = (_req, res) => {
    reached += 1;
    res.send('welcome');
  };
  // Cast because `passport.authenticate` is declared to return `any`.
  const authenticate = passport.authenticate('ion', {}, wrong.callback) as RequestHandler;
  app.get('/login', authenticate, behind);
  app.get('/complete/ion/', authenticate, behind);
  app.get('/api', (_req, res, next) => {
    const { store = { load: () => null, save: () => undefined } } = wrong;
    strategy
      .api(store)
      .get('/schedule')
      .then(() => res.send('schedule'), next);
  });
  const url = await listen(http.createServer(app));

  const statuses: number[] = [];
  let slowestMs = 0;
  let cookie = '';
  async function get(path: string): Promise<URL | undefined> {
    const start = performance.now();
    const response = await fetch(`${url}${path}`, { redirect: 'manual', headers: { cookie } });
    await response.text();
    slowestMs = Math.max(slowestMs, performance.now() - start);
    statuses.push(response.status);
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const location = response.headers.get('location');
    return location === null ? undefined : new URL(location);
  }
  if (visit === 'api') {
    await get('/api');
  } else {
    await get('/login');
    // Begin a second sign-in, in the session that the first request started, because the hooks change only
    // later requests.
    const request = await get('/login');
    const state = request?.searchParams.get('state');
    const parameters = visit === 'declined' ? 'error=access_denied' : 'code=CODE';
    if (state) await get(`/complete/ion/?${parameters}&state=${state}`);
  }
  // Wait, so that late errors happen before the process exits.
  await new Promise((resolve) => setTimeout(resolve, way.endsWith('late') ? 2.5 * TIMEOUT_MS : 50));
  const report: Report = { statuses, reached, slowestMs };
  process.stdout.write(`\n${JSON.stringify(report)}`, () => process.exit(0));
}

async function listen(server: http.Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The cast is safe because the server listens on a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
