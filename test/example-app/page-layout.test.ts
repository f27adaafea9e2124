// Tests what every page of the example app has in common.

import { signIn } from './steps.js';
import { app, browser, ion, start } from './ion-and-app.js';
import { headingOf } from './page-content.js';

describe('every page', () => {
  beforeEach(async () => {
    await start();
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
    await start(
      {},
      {
        clientID: 'id',
        clientSecret: 'secret',
        baseURL: 'https://ion.tjhsst.edu',
      },
    );
    const page = await browser.get(`${app.url}/`);
    expect(page.text).not.toContain('Not the real Ion.');
    const { location = '' } = await browser.get(`${app.url}/login/ion`);
    expect(new URL(location).origin).toBe('https://ion.tjhsst.edu');
  });
});
