// Tests the security headers that the example app sends, and that its pages need no exception from them.

import { Browser } from '../support/browser.js';
import { signIn } from './steps.js';
import { app, browser, ion, start } from './ion-and-app.js';

describe('the browser gets', () => {
  beforeEach(async () => {
    await start();
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
      await new Browser().get(`${app.url}/complete/ion?code=x&state=y`),
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
});
