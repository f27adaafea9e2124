// Signs out of the example app in a real browser. A sign-out must end the session, revoke the tokens, and
// leave nothing in the browser.

import type { Browser, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { OverheardIon } from './overheard-ion.js';
import { arrivesAt, pressSignOut, signedInBefore, signIn } from './steps.js';
import { Visitor } from './visitor.js';

let browser: Browser;
let ion: OverheardIon;
let app: AppProgram;
let visitor: Visitor;
let tab: Page;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await OverheardIon.start();
  app = await startBuiltApp({ ...ion.settings, BASE_PATH: '/2027jdoe/' });
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await ion.stop();
});
beforeEach(async () => {
  const origins = [new URL(app.home).origin, ion.baseURL];
  visitor = await Visitor.arrive(browser, { origins, secrets: ion.secrets });
  tab = await signedInBefore(visitor, app, ion);
});
afterEach(async () => {
  expect(await visitor.leave()).toEqual([]);
});

/** Tries out both tokens. Returns the API's status for the access token, and Ion's response to a refresh. */
async function responsesWith(tokens: { access_token: string; refresh_token: string }): Promise<{
  api: number;
  refresh: unknown;
}> {
  const { baseURL, clientID, clientSecret = '' } = ion.ion;
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const api = await fetch(`${baseURL}/api/profile`, { headers });
  const refresh = await fetch(`${baseURL}/oauth/token/`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: clientID,
      client_secret: clientSecret,
    }),
  });
  return { api: api.status, refresh: await refresh.json() };
}

/** Returns the bytes of the picture that the page shows. */
async function pictureOn(page: Page): Promise<string> {
  const image = page.getByRole('img', { name: 'Your picture on Ion' });
  const shown = await image.screenshot();
  return shown.toString('base64');
}

it('revokes the tokens at Ion, and shows the page for visitors', async () => {
  const tokens = ion.tokens.at(-1);
  if (!tokens) throw new Error('No tokens were overheard');
  await pressSignOut(tab);
  await arrivesAt(tab, 'Who are you?');
  expect(tab.url()).toBe(app.home);
  expect(ion.revoked.at(-1)).toBe(tokens.refresh_token);
  expect(await responsesWith(tokens)).toEqual({ api: 403, refresh: { error: 'invalid_grant' } });
});

it("leaves none of the person's pages behind the back button", async () => {
  await tab.getByRole('link', { name: 'Today', exact: true }).click();
  await arrivesAt(tab, 'Today');
  await pressSignOut(tab);
  await arrivesAt(tab, 'Who are you?');
  await tab.goBack({ waitUntil: 'commit' });
  // The page needs a sign-in, so the app redirects the visitor to Ion.
  await arrivesAt(tab, 'Log in as…');
  await tab.goBack({ waitUntil: 'commit' });
  await arrivesAt(tab, 'Who are you?');
  expect(await tab.getByText('Jane').count()).toBe(0);
});

it("leaves the person's picture out of the cache", async () => {
  visitor.expectStatus(404);
  await tab.waitForLoadState();
  const before = await pictureOn(tab);
  await pressSignOut(tab);
  await arrivesAt(tab, 'Who are you?');
  const response = await tab.goto(app.at('picture'));
  expect(response?.status()).toBe(404);

  await tab.goto(app.home);
  await signIn(tab, 'Carmen Bravo');
  await arrivesAt(tab, 'You are signed in');
  await tab.waitForLoadState();
  expect(await pictureOn(tab)).not.toBe(before);
});

it('signs out the other tabs, too', async () => {
  const other = await visitor.open(app.at('today'));
  await arrivesAt(other, 'Today');
  await pressSignOut(tab);
  await arrivesAt(tab, 'Who are you?');
  await other.reload();
  await arrivesAt(other, 'Log in as…');
});
