// Tests the example app's pages that come from Ion's API: today's page, and the picture.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { memoryStores } from '../../example-app/src/memory/stores.js';
import type { Stores } from '../../example-app/src/store-interfaces.js';
import { Browser } from '../support/browser.js';
import { startExampleApp } from './app-in-this-process.js';
import { pressSignOut, signIn } from './steps.js';
import { buttonOf, headingOf } from './page-content.js';
import type { RunningApp } from './app-in-this-process.js';

const HOUR = 60 * 60 * 1000;

let ion: LocalIon;
let app: RunningApp;
let stores: Stores;
let browser: Browser;
/** How far ahead Ion's clock is, in milliseconds. */
let ahead: number;

beforeAll(async () => {
  ion = await startLocalIon({ now: () => Date.now() + ahead });
});
afterAll(() => ion.stop());
beforeEach(async () => {
  ahead = 0;
  stores = memoryStores('a-secret-of-thirty-two-characters');
  app = await startExampleApp(ion, { stores });
  browser = new Browser();
});
afterEach(() => app.stop());

describe("today's page", () => {
  it("shows the day's schedule and the announcements from Ion", async () => {
    await signIn(browser, app, ion, '2027jdoe');
    const page = await browser.get(`${app.url}/today`);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const date = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      weekday: 'long',
      month: 'long',
      day: 'numeric',
    });
    expect(page.text).toContain(date.format());
    expect(page.text).toMatch(/<article class="card">\s*<h3>\w/);
    expect(app.log).toEqual([]);
  });

  it('cleans the HTML that people wrote on Ion', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    const blocks = [{ order: 0, name: '<b onclick="x">Period 1</b>', start: '8:40', end: '13:05' }];
    const name = 'Blue Day<br><script>alert(1)</script>';
    const day = { date: '2026-11-24', day_type: { name, special: false, blocks } };
    const content =
      '<p onclick="x">Hello <a href="/eighth">you</a><img src="https://evil.example/x.png"></p><script>alert(1)</script>';
    const results = [{ title: 'Tom & <Jerry>', author: '<i>Ion</i>', content }];
    ion.failNext('schedule', { status: 200, body: day });
    ion.failNext('announcements', { status: 200, body: { count: 1, next: null, results } });
    const { text } = await browser.get(`${app.url}/today`);
    expect(text).toContain('<strong>Blue Day<br /></strong>');
    expect(text).toContain('<th scope="row">Period 1</th><td>8:40 AM</td><td>1:05 PM</td>');
    expect(text).toContain('<h3>Tom &amp; &lt;Jerry&gt;</h3>');
    expect(text).toContain('&lt;i&gt;Ion&lt;/i&gt;');
    expect(text).toContain(
      `<p>Hello <a href="${ion.baseURL}/eighth" rel="noopener noreferrer nofollow">you</a></p>`,
    );
    expect(text).not.toMatch(/<script|onclick|evil\.example/);
  });

  it.each([
    ['null', null, null],
    ['other shapes', { day_type: [] }, { results: 'none' }],
    ['holes', { day_type: { blocks: [null, 5, { name: 7 }] } }, { results: [null, { title: {} }] }],
  ])(
    'is an error page if Ion sends %s instead of what it promises',
    async (_what, day, announcements) => {
      await signIn(browser, app, ion, '2027jdoe');
      ion.failNext('schedule', { status: 200, body: day });
      ion.failNext('announcements', { status: 200, body: announcements });
      const page = await browser.get(`${app.url}/today`);
      expect(page.status).toBe(500);
      expect(headingOf(page)).toBe('Something went wrong');
    },
  );

  it('says so if Ion shows the person no announcements', async () => {
    const page = await signIn(browser, app, ion, '2024sali', '?returnTo=/today');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Your Ion account cannot see announcements.');
  });

  it('offers to try again if Ion is down', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    ion.failNext('schedule', { status: 503, body: '<h1>Maintenance</h1>' });
    const page = await browser.get(`${app.url}/today`);
    expect(page.status).toBe(503);
    expect(headingOf(page)).toBe('Ion is not responding');
    expect(buttonOf(page)).toBe('/today');
    expect((await browser.get(`${app.url}/today`)).status).toBe(200);
  });

  it('keeps working when the access token has expired, and saves the new tokens', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    const before = await stores.tokens.load('6');
    ahead = 11 * HOUR;
    const pages = await Promise.all([1, 2, 3].map(() => browser.get(`${app.url}/today`)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    const after = await stores.tokens.load('6');
    expect(after?.refreshToken).not.toBe(before?.refreshToken);
    ahead = 22 * HOUR;
    expect((await browser.get(`${app.url}/today`)).status).toBe(200);
  });

  it('asks people to sign in again if the tokens were revoked at Ion, and then brings them back', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    ion.revokeTokens('2027jdoe');
    const page = await browser.get(`${app.url}/today?x=1`);
    expect(page.status).toBe(401);
    expect(headingOf(page)).toBe('Please sign in again');
    expect(buttonOf(page)).toBe('/login/ion?returnTo=%2Ftoday%3Fx%3D1');
    const again = await signIn(browser, app, ion, '2027jdoe', '?returnTo=%2Ftoday%3Fx%3D1');
    expect(again.url).toBe(`${app.url}/today?x=1`);
    expect(headingOf(again)).toBe('Today');
  });

  it('asks people to sign in again if the tokens are gone', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    await stores.tokens.delete('6');
    expect(headingOf(await browser.get(`${app.url}/today`))).toBe('Please sign in again');
  });
});

describe('the picture', () => {
  it("is the person's own, and only they get it", async () => {
    await signIn(browser, app, ion, '2027jdoe');
    const tokens = await stores.tokens.load('6');
    const cookie = [...browser.cookiesFor(app.url)].map((pair) => pair.join('=')).join('; ');
    const headers = { authorization: `Bearer ${tokens?.accessToken}` };
    const original = await fetch(`${ion.baseURL}/api/profile/6/picture`, { headers });
    const picture = await fetch(`${app.url}/picture`, { headers: { cookie } });
    expect(picture.status).toBe(200);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(
      Buffer.from(await original.arrayBuffer()),
    );
    expect(picture.headers.get('content-type')).toMatch(/^image\/(jpeg|png)$/);
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    expect(picture.headers.get('cache-control')).toBe('private, max-age=300');
    expect(picture.headers.get('vary')).toMatch(/\bCookie\b/);
  });

  it('is not found for people who are not signed in, and does not begin a sign-in', async () => {
    const { status } = await browser.get(`${app.url}/picture`);
    expect(status).toBe(404);
    expect(browser.cookiesFor(app.url).size).toBe(0);
  });

  it('is an outline for people who get no picture from Ion, such as alumni', async () => {
    await signIn(browser, app, ion, '2024sali');
    const response = await browser.get(`${app.url}/picture`);
    expect(response.location).toBe(`${app.url}/no-picture.svg`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const outline = await browser.get(`${app.url}/no-picture.svg`);
    expect(outline.status).toBe(200);
    expect(outline.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
  });

  it('is an error if Ion sends something else', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    ion.failNext('picture', {
      status: 200,
      headers: { 'content-type': 'image/jpeg' },
      body: '<script>alert(1)</script>',
    });
    const page = await browser.get(`${app.url}/picture`);
    expect(page.status).toBe(502);
    expect(page.text).not.toContain('alert');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('is not cached for the next person', async () => {
    const page = await signIn(browser, app, ion, '2027jdoe');
    await pressSignOut(browser, app, page);
    expect((await browser.get(`${app.url}/picture`)).status).toBe(404);
  });
});
