// Tests what all pages of the local Ion have in common, and the page that shows API data.

import { createHash } from 'node:crypto';

import type { Page } from '../../support/browser.js';
import { browser, consentPage, ion, logIn } from '../ion-and-browser.js';
import { authorizationURL } from '../requests.js';

async function everyPage(): Promise<Page[]> {
  return [
    await browser.get(`${ion.baseURL}/`),
    await browser.get(`${ion.baseURL}/login`),
    await consentPage(),
    await browser.get(`${ion.baseURL}/`),
    await browser.get(authorizationURL(ion, { client_id: 'nobody' })),
    await browser.get(`${ion.baseURL}/nowhere`),
    await browser.post(`${ion.baseURL}/login`, { username: 'usual' }),
    await browser.get(`${ion.baseURL}/api/profile`, { accept: 'text/html' }),
    await browser.get(`${ion.baseURL}/api/schedule/%`, { accept: 'text/html' }),
  ];
}

describe('every page', () => {
  it('says in its title and at its top that it is not Ion', async () => {
    for (const { text } of await everyPage()) {
      expect(text).toMatch(/<title>[^<]+ – local stand-in for Ion<\/title>/);
      expect(text).toMatch(/<body>\s*<header><p><strong>This is not Ion\.<\/strong>/);
    }
  });

  it('has a language, a viewport and one main heading, and no scripts', async () => {
    for (const { text } of await everyPage()) {
      expect(text).toContain('<html lang="en">');
      expect(text).toContain('name="viewport" content="width=device-width, initial-scale=1"');
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).not.toMatch(/<script|\son\w+=|style="/);
    }
  });

  it('has a Content-Security-Policy that allows only its own style and pictures', async () => {
    for (const { text, headers } of await everyPage()) {
      const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'self'`,
      );
      expect(style).toContain(':focus-visible');
      expect(style).toContain('prefers-color-scheme: dark');
    }
  });

  it('has no links to other hosts', async () => {
    for (const { text } of await everyPage()) {
      const references = [...text.matchAll(/\s(?:src|href|action)="([^"]*)"/g)];
      for (const [, reference] of references) expect(reference).toMatch(/^(\/(?!\/)|data:,$)/);
    }
  });
});

describe('the API in a browser', () => {
  it('shows a page that contains the data, escaped, and says what programs should send', async () => {
    await logIn('hostile');
    const page = await browser.get(`${ion.baseURL}/api/profile`, {
      accept: 'text/html,*/*;q=0.8',
    });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('its stand-in');
    expect(page.text).toContain('&quot;ion_username&quot;: &quot;hostile&quot;');
    expect(page.text).not.toContain('<script');
  });
});
