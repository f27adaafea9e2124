// Does everything that a visitor of the example app does, with the real django-oauth-toolkit.

import { memoryStores } from '../../../example-app/src/memory/stores.js';
import type { Stores } from '../../../example-app/src/store-interfaces.js';
import { Ion, Person } from '../../local-ion/contract/support/provider-client.js';
import { startExampleApp } from '../app-in-this-process.js';
import { pressSignIn, pressSignOut } from '../steps.js';
import { addressesIn, headingOf } from '../page-content.js';
import type { RunningApp } from '../app-in-this-process.js';
import type { Page } from '../../support/browser.js';
import { startDjangoProvider } from '../../provider/django-provider.js';
import type { DjangoProvider } from '../../provider/django-provider.js';

const SESSION_SECRET = 'a-secret-of-thirty-two-characters';
const HOUR = 60 * 60 * 1000;

const registered = {
  name: 'The example app',
  clientID: 'example-app'.padEnd(40, 'x'),
  clientSecret: 'example-app-secret'.padEnd(128, 'x'),
  redirectURIs: ['http://127.0.0.1/complete/ion/', 'http://127.0.0.1/complete/ion'],
};

let site: DjangoProvider;
let app: RunningApp;
let stores: Stores;
let visitor: Person;

beforeEach(async () => {
  site = await startDjangoProvider({ applications: [registered] });
  stores = memoryStores(SESSION_SECRET);
  app = await startExampleApp({ ...registered, baseURL: site.baseURL }, { stores });
  visitor = new Person(site, '2028znunez');
});
afterEach(async () => {
  await app.stop();
  await site.stop();
});

async function signIn(choice: 'Authorize' | 'Cancel' = 'Authorize', query = ''): Promise<Page> {
  const request = await pressSignIn(visitor.browser, app, query);
  const parameters = Object.fromEntries(new URL(request).searchParams);
  const back = await visitor.authorize(parameters, choice);
  return visitor.browser.follow(back.location ?? '');
}

async function accessToken(): Promise<string> {
  const tokens = await stores.tokens.load('3');
  if (!tokens) throw new Error('There are no tokens');
  return tokens.accessToken;
}

it('signs a person in, shows who it is, and signs them out', async () => {
  const home = await signIn();
  expect(home).toMatchObject({ status: 200, url: `${app.url}/` });
  expect(home.text).toContain('Zoë Núñez-Łukasik');
  expect(home.text).toContain('Junior');
  const picture = addressesIn(home).find((address) => address.includes('picture'));
  const image = await visitor.browser.get(new URL(picture ?? '', home.url).href);
  expect(image.status).toBe(200);
  expect(image.headers.get('content-type')).toBe('image/jpeg');

  const token = await accessToken();
  expect((await new Ion(site).api(token)).status).toBe(200);
  expect((await pressSignOut(visitor.browser, app, home)).status).toBe(303);
  expect((await visitor.browser.get(`${app.url}/`)).text).not.toContain('Zoë');
  expect((await new Ion(site).api(token)).status).toBe(403);
  expect(app.log).toEqual([]);
});

it("shows today's page from the API, even after the tokens have expired", async () => {
  const page = await signIn('Authorize', '?returnTo=/today');
  expect(page).toMatchObject({ status: 200, url: `${app.url}/today` });
  expect(page.text).toContain('Blue Day');
  expect(page.text).toContain('<h3>Ünïcödé</h3>');
  expect(page.text).toContain('小梅');
  expect(page.text).not.toContain('alert(1)');
  const before = await accessToken();
  await site.advance(11 * HOUR);
  const pages = await Promise.all([1, 2, 3].map(() => visitor.browser.get(`${app.url}/today`)));
  expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await accessToken()).not.toBe(before);
  expect(await site.countRefreshTokens()).toBe(2);
});

it('says so when someone declines', async () => {
  const page = await signIn('Cancel');
  expect(page.status).toBe(401);
  expect(headingOf(page)).toBeDefined();
  expect((await visitor.browser.get(`${app.url}/`)).text).not.toContain('Zoë');
});

it('asks people to sign in again after the tokens were revoked at Ion', async () => {
  await signIn();
  const tokens = await stores.tokens.load('3');
  await new Ion(site).revoke(tokens?.refreshToken ?? '', {}, registered);
  const page = await visitor.browser.get(`${app.url}/today`);
  expect(page.status).toBe(401);
  expect(headingOf(page)).toBe('Please sign in again');
  expect((await signIn('Authorize', '?returnTo=/today')).status).toBe(200);
});
