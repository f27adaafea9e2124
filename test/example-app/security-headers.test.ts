// What the example app sends to browsers to protect people: its cookies and security headers, and no secret on any page.

import { UserAgent } from '../support/user-agent.js';
import { pressSignIn, sessionCookieLine, signIn } from './app-in-this-process.js';
import { app, browser, ion, start } from './ion-and-app.js';

describe('the browser gets', () => {
  beforeEach(async () => {
    await start();
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
