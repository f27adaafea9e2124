// Tests that passport-oauth2-refresh, which many apps use, works with this strategy as with any other.

import http = require('node:http');

import refresh from 'passport-oauth2-refresh';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { IonStrategy, IonTokenError } from 'passport-ion';
import type { IonStrategyOptions, IonTokens } from 'passport-ion';

import { Browser } from '../support/browser.js';
import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';

let ion: LocalIon;
let app: RunningApp;
let tokens: IonTokens;

interface Refreshed {
  readonly error: unknown;
  readonly accessToken: string;
  readonly refreshToken: string;
}

function requestNewAccessToken(refreshToken: string, strategy = 'ion'): Promise<Refreshed> {
  return new Promise((resolve) => {
    refresh.requestNewAccessToken(
      strategy,
      refreshToken,
      (error: unknown, accessToken = '', newRefreshToken = '') => {
        resolve({ error, accessToken, refreshToken: newRefreshToken });
      },
    );
  });
}

function strategyFor(options: IonStrategyOptions): IonStrategy {
  return new IonStrategy(options, ({ profile, tokens: granted }) => {
    tokens = granted;
    return { id: profile.id };
  });
}

beforeAll(async () => {
  ion = await startLocalIon();
  const { clientID, clientSecret, baseURL } = ion;
  app = await startApp({
    makeStrategy: strategyFor,
    strategy: { clientID, clientSecret, baseURL, callbackURL: '/complete/ion/' },
  });
  refresh.use(app.strategy);
});
afterAll(async () => {
  await app.stop();
  await ion.stop();
});
beforeEach(async () => {
  const browser = new Browser();
  const { location = '' } = await browser.get(`${app.url}/login`);
  await browser.get(await ion.approve(location, { as: '2027jdoe' }));
});

it('passport-oauth2-refresh with IonStrategy returns new tokens that work', async () => {
  const refreshed = await requestNewAccessToken(tokens.refreshToken ?? '');
  expect(refreshed.error).toBeNull();
  expect(refreshed.refreshToken).toMatch(/^\w{30}$/);
  expect(refreshed.refreshToken).not.toBe(tokens.refreshToken);
  const { accessToken } = refreshed;
  const profile = await app.strategy.api({ ...tokens, accessToken }).profile();
  expect(profile.username).toBe('2027jdoe');
});

it('passport-oauth2-refresh with IonStrategy waits no longer than the timeout option', async () => {
  const { clientID, clientSecret, baseURL } = ion;
  const callbackURL = '/complete/ion/';
  const hasty = { clientID, clientSecret, baseURL, callbackURL, timeout: 100 };
  refresh.use('hasty', strategyFor(hasty));
  ion.failNext('token', { delay: 60_000 });
  const { error } = await requestNewAccessToken(tokens.refreshToken ?? '', 'hasty');
  expect(error).toMatchObject({ code: 'ERR_ION_TIMEOUT' });
});

it("passport-oauth2-refresh with IonStrategy uses the strategy's agent", async () => {
  const { clientID, clientSecret, baseURL } = ion;
  const agent = new http.Agent({ keepAlive: true });
  const options = { clientID, clientSecret, baseURL, callbackURL: '/complete/ion/', agent };
  refresh.use('through-an-agent', strategyFor(options));
  await requestNewAccessToken(tokens.refreshToken ?? '', 'through-an-agent');
  expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  agent.destroy();
});

it('passport-oauth2-refresh with IonStrategy throws IonTokenError if Ion refuses', async () => {
  const { error } = await requestNewAccessToken('used-up');
  expect(error).toBeInstanceOf(IonTokenError);
  expect(error).toMatchObject({ code: 'invalid_grant', status: 401, ionStatus: 400 });
});
