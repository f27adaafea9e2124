// Tests the example app's session cookie: when the app sets it, and with which flags.

import { pressSignIn, sessionCookieLine } from './steps.js';
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
});
