// Tests the example app under a path, and behind a proxy that speaks https.

import { startLocalIon } from 'passport-ion/local-ion';

import { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';
import { pressSignIn, pressSignOut, sessionCookieLine, signIn } from './steps.js';
import { app, browser, ion, start } from './ion-and-app.js';
import { addressesIn, buttonOf } from './page-content.js';

function cookieLine({ headers }: Page): string {
  const [line = '', ...others] = headers.getSetCookie();
  expect(others).toEqual([]);
  return line;
}

describe('under a path', () => {
  const basePath = '/2027jdoe';

  beforeEach(async () => {
    await start({ basePath });
  });

  it('signs in, shows its pages, and signs out, all under the path', async () => {
    const request = new URL(await pressSignIn(browser, app, `?returnTo=${basePath}/today`));
    expect(request.searchParams.get('redirect_uri')).toBe(`${app.url}/complete/ion/`);
    const today = await browser.follow(await ion.approve(request, { as: '2027jdoe' }));
    expect(today.url).toBe(`${app.url}/today`);
    const out = await pressSignOut(browser, app, today);
    expect(out.location).toBe(`${app.url}/`);
  });

  it('links and redirects only to paths below it', async () => {
    const home = await browser.get(`${app.url}/`);
    const missing = await browser.get(`${app.url}/nothing`);
    const signedIn = await signIn(browser, app, ion, '2027jdoe');
    for (const page of [home, missing, signedIn]) {
      const addresses = addressesIn(page).filter((address) => !address.startsWith('#'));
      expect(addresses.length).toBeGreaterThan(3);
      for (const address of addresses) expect(address).toMatch(/^\/2027jdoe\//);
    }
    for (const address of ['/style.css', '/icon.svg', '/picture']) {
      expect((await browser.get(`${app.url}${address}`)).status).toBe(200);
    }
  });

  it('limits its session cookie to the path', async () => {
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    expect(sessionCookieLine(await browser.get(callback))).toContain('; Path=/2027jdoe;');
  });

  it('works behind a proxy that strips the path', async () => {
    const home = await browser.get(`${app.origin}/`);
    expect(buttonOf(home)).toBe('/2027jdoe/login/ion');
    const { location } = await browser.get(`${app.origin}/today?x=1`);
    expect(location).toBe(`${app.url}/login/ion?returnTo=%2F2027jdoe%2Ftoday%3Fx%3D1`);
    const page = await browser.get(`${app.origin}/login/ion`);
    const redirectURI = new URL(page.location ?? '').searchParams.get('redirect_uri');
    expect(redirectURI).toBe(`${app.url}/complete/ion/`);
  });

  it('does not send people to other sites on the host', async () => {
    const page = await signIn(browser, app, ion, '2027jdoe', '?returnTo=/2027other/');
    expect(page.url).toBe(`${app.url}/`);
  });

  it.each(['/nothing', '/2027other/', '/2027JDOE/', '/2027jdoe2/'])(
    'does not answer at %s',
    async (path) => {
      const page = await browser.get(`${app.origin}${path}`);
      expect(page.status).toBe(404);
      expect(buttonOf(page)).toBe('/2027jdoe/');
    },
  );

  it('is found without the trailing slash, too', async () => {
    const page = await browser.follow(app.url);
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${app.url}/`);
  });
});

describe('behind a proxy that speaks https', () => {
  const proxied = new Browser({
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'user.tjhsst.edu',
  });

  it('comes back to the https address, with a cookie for https only', async () => {
    await start({ trustProxy: 1, basePath: '/2027jdoe' });
    const page = await proxied.get(`${app.url}/login/ion`);
    expect(new URL(page.location ?? '').searchParams.get('redirect_uri')).toBe(
      'https://user.tjhsst.edu/2027jdoe/complete/ion/',
    );
    expect(cookieLine(page)).toMatch(/; Secure(;|$)/);
  });

  it.each([
    ['', /^__Host-ion-example=s%3A.*; Path=\/;/],
    ['/2027jdoe', /^ion-example\.session=s%3A.*; Path=\/2027jdoe;/],
  ])('names and limits its session cookie in production under "%s"', async (basePath, expected) => {
    const callbackURL = `https://user.tjhsst.edu${basePath}/complete/ion/`;
    const application = { name: 'Lunch', clientID: 'lunch', clientSecret: 'of lunch' };
    const own = await startLocalIon({
      applications: [{ ...application, redirectURIs: [callbackURL] }],
    });
    const settings = { production: true, trustProxy: 1, basePath, callbackURL };
    await start(settings, { ...application, baseURL: own.baseURL });
    const begun = await proxied.get(`${app.url}/login/ion`);
    const cookies = begun.headers.getSetCookie().map((line) => line.split(';')[0]);
    const { pathname, search } = new URL(
      await own.approve(begun.location ?? '', { as: '2027jdoe' }),
    );
    const page = await fetch(app.origin + pathname + search, {
      redirect: 'manual',
      headers: {
        cookie: cookies.join('; '),
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'user.tjhsst.edu',
      },
    });
    await own.stop();
    expect(page.headers.get('location')).toBe(`${basePath}/`);
    const line = page.headers.getSetCookie().find((each) => each.includes('ion-example')) ?? '';
    expect(line).toMatch(expected);
    expect(line).toContain('; HttpOnly; Secure; SameSite=Lax');
  });

  it('says in the log if the proxy does not send X-Forwarded-Proto: https in production', async () => {
    const callbackURL = 'https://user.tjhsst.edu/complete/ion/';
    await start({ production: true, trustProxy: 1, callbackURL });
    const page = await browser.get(`${app.url}/login/ion`);
    expect(page.status).toBe(500);
    expect(app.log.join()).toContain('X-Forwarded-Proto: https');
  });

  it('does not believe X-Forwarded-* headers if TRUST_PROXY is 0', async () => {
    await start();
    const page = await proxied.get(`${app.url}/login/ion`);
    expect(new URL(page.location ?? '').searchParams.get('redirect_uri')).toBe(
      `${app.url}/complete/ion/`,
    );
    expect(cookieLine(page)).not.toMatch(/Secure/);
  });
});
