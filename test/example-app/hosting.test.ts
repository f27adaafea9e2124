// The example app under a path and behind a proxy, and its cookies and security headers.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { UserAgent } from '../support/user-agent.js';
import type { Page } from '../support/user-agent.js';
import { pressSignIn, pressSignOut, signIn, startExampleApp } from './app-in-this-process.js';
import { addressesIn, buttonOf, headingOf } from './page-content.js';
import type { RunningApp } from './app-in-this-process.js';

let ion: LocalIon;
let app: RunningApp;
let browser: UserAgent;

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());
beforeEach(() => {
  browser = new UserAgent();
});
afterEach(() => app.stop());

function sessionCookieLine({ headers }: Page): string {
  const lines = headers.getSetCookie().filter((line) => /^(__Host-)?ion-example/.test(line));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}

function cookieLine({ headers }: Page): string {
  const [line = '', ...others] = headers.getSetCookie();
  expect(others).toEqual([]);
  return line;
}

describe('under a path', () => {
  const basePath = '/2027jdoe';

  beforeEach(async () => {
    app = await startExampleApp(ion, { basePath });
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
  const proxied = new UserAgent({
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'user.tjhsst.edu',
  });

  it('comes back to the https address, with a cookie for https only', async () => {
    app = await startExampleApp(ion, { trustProxy: 1, basePath: '/2027jdoe' });
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
    app = await startExampleApp({ ...application, baseURL: own.baseURL }, settings);
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
    app = await startExampleApp(ion, { production: true, trustProxy: 1, callbackURL });
    const page = await browser.get(`${app.url}/login/ion`);
    expect(page.status).toBe(500);
    expect(app.log.join()).toContain('X-Forwarded-Proto: https');
  });

  it('does not believe X-Forwarded-* headers if TRUST_PROXY is 0', async () => {
    app = await startExampleApp(ion);
    const page = await proxied.get(`${app.url}/login/ion`);
    expect(new URL(page.location ?? '').searchParams.get('redirect_uri')).toBe(
      `${app.url}/complete/ion/`,
    );
    expect(cookieLine(page)).not.toMatch(/Secure/);
  });
});

describe('the browser gets', () => {
  beforeEach(async () => {
    app = await startExampleApp(ion);
  });

  it('no cookie on the home page', async () => {
    const pages = [await browser.get(`${app.url}/`), await browser.get(`${app.url}/nothing`)];
    for (const { headers } of pages) expect(headers.getSetCookie()).toEqual([]);
  });

  it('one session cookie, out of reach of scripts and of other sites', async () => {
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    const line = sessionCookieLine(await browser.get(callback));
    expect(line).toMatch(/^ion-example\.session=s%3A/);
    for (const flag of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Expires=']) {
      expect(line).toContain(`; ${flag}`);
    }
  });

  it('a policy against scripts and resources from other hosts, with every response', async () => {
    const signedIn = await signIn(browser, app, ion, '2027jdoe');
    const responses = [
      signedIn,
      await browser.get(`${app.url}/today`),
      await browser.get(`${app.url}/style.css`),
      await browser.get(`${app.url}/picture`),
      await browser.get(`${app.url}/nothing`),
      await browser.get(`${app.url}/login/ion`),
      await new UserAgent().get(`${app.url}/complete/ion?code=x&state=y`),
    ];
    for (const { headers } of responses) {
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none';style-src 'self';img-src 'self';base-uri 'none';frame-ancestors 'none';form-action 'self' ${ion.baseURL}`,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });

  it('pages without inline scripts, styles, or handlers, which would need an exception', async () => {
    const pages = [
      await browser.get(`${app.url}/`),
      await browser.get(`${app.url}/nothing`),
      await signIn(browser, app, ion, '2027jdoe'),
      await browser.get(`${app.url}/today`),
    ];
    for (const { text } of pages)
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it('no token and no code, on any page or in any cookie', async () => {
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    const code = new URL(callback).searchParams.get('code') ?? '';
    const page = await browser.follow(callback);
    expect(code).toMatch(/^\w{30}$/);
    expect(page.text).not.toContain(code);
    expect(page.url).not.toContain(code);
  });
});

describe('every page', () => {
  beforeEach(async () => {
    app = await startExampleApp(ion);
  });

  it('has a language, a title, one main heading, and a link that skips the menu', async () => {
    const pages = [
      await browser.get(`${app.url}/`),
      await browser.get(`${app.url}/nothing`),
      await signIn(browser, app, ion, '2027jdoe'),
      await browser.get(`${app.url}/today`),
    ];
    for (const page of pages) {
      expect(page.text).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(page.text).toMatch(/<title>[^<]+ · Example app<\/title>/);
      expect(page.text.match(/<h1>/g)).toHaveLength(1);
      expect(headingOf(page)).toBeTruthy();
      expect(page.text).toContain('<a class="skip" href="#content">');
      expect(page.text).toContain('<main id="content" tabindex="-1">');
      expect(page.text).not.toMatch(/<img(?![^>]* alt=)/);
    }
  });

  it('says that the app is not official, and that this is not the real Ion', async () => {
    for (const path of ['/', '/nothing']) {
      const { text } = await browser.get(`${app.url}${path}`);
      expect(text).toContain('It is neither run nor endorsed by TJHSST or Ion.');
      expect(text).toContain('Not the real Ion.');
    }
  });

  it('does not mention a stand-in if there is none', async () => {
    await app.stop();
    app = await startExampleApp({
      clientID: 'id',
      clientSecret: 'secret',
      baseURL: 'https://ion.tjhsst.edu',
    });
    const page = await browser.get(`${app.url}/`);
    expect(page.text).not.toContain('Not the real Ion.');
    const { location = '' } = await browser.get(`${app.url}/login/ion`);
    expect(new URL(location).origin).toBe('https://ion.tjhsst.edu');
  });
});
