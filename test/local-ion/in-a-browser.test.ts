// The local Ion in a browser: its pages, the login session, and the forms.

import { createHash } from 'node:crypto';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { formsOf } from './contract/html-form.js';
import type { HTMLForm } from './contract/html-form.js';
import { UserAgent } from '../support/user-agent.js';
import type { Page } from '../support/user-agent.js';
import { authorizationURL, CALLBACK } from './requests.js';

const HOSTILE = `<script>alert("x")</script> & 'y'`;

let ion: LocalIon;
let browser: UserAgent;
let time: number;

beforeAll(async () => {
  ion = await startLocalIon({
    now: () => time,
    people: [
      { ion_username: 'usual', first_name: 'Jane', last_name: 'Doe', graduation_year: 2027 },
      { ion_username: 'hostile', first_name: HOSTILE, last_name: 'Núñez', user_type: 'teacher' },
      { ion_username: 'office', is_eighth_admin: true, photo: false, user_type: 'counselor' },
    ],
    applications: [{ clientID: 'app', clientSecret: 'secret', name: HOSTILE }],
  });
});
afterAll(() => ion.stop());
beforeEach(() => {
  time = Date.parse('2026-11-24T12:00:00-05:00');
  browser = new UserAgent();
});

function formOf(page: Page): HTMLForm {
  const [form] = formsOf(page);
  if (!form) throw new Error(`no form in ${page.text}`);
  return form;
}

async function logIn(username: string, page?: Page): Promise<Page> {
  const form = formOf(page ?? (await browser.get(`${ion.baseURL}/login`)));
  return form.submit(
    browser,
    form.buttons.find(({ value }) => value === username),
  );
}

async function consentPage(more: Readonly<Record<string, string>> = {}): Promise<Page> {
  await logIn('usual');
  return browser.get(authorizationURL(ion, more));
}

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

describe('the login page', () => {
  it('lists all people with picture, name, username and kind', async () => {
    const page = await browser.get(`${ion.baseURL}/login`);
    const labels = formOf(page).buttons.map(({ label }) => label.replace(/\s+/g, ' ').trim());
    expect(labels).toEqual([
      'Jane Doe usual, senior, student',
      `${HOSTILE} Núñez hostile, teacher`,
      'None None office, counselor, eighth-period admin',
    ]);
    const pictures = [...page.text.matchAll(/<img src="([^"]+)" alt=""/g)].map(([, src]) => src);
    expect(pictures).toEqual(['/login/picture/1', '/login/picture/2', '/login/picture/3']);
    for (const src of pictures) {
      const picture = await browser.get(`${ion.baseURL}${src ?? ''}`);
      expect(picture.headers.get('content-type')).toBe('image/png');
    }
    expect((await browser.get(`${ion.baseURL}/login/picture/4`)).status).toBe(404);
  });

  it('escapes names', async () => {
    const { text } = await browser.get(`${ion.baseURL}/login`);
    expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#x27;y&#x27;');
  });

  it('redirects back to the authorization request', async () => {
    const request = authorizationURL(ion, { state: "a b&c=d/é+%'" });
    const { location = '' } = await browser.get(request);
    const after = await logIn('usual', await browser.get(location));
    expect(after).toMatchObject({ status: 302, location: request });
  });

  it.each([
    'https://example.com/',
    '//example.com/',
    '/\\example.com',
    'javascript:alert(1)',
    '/a\r\nb: c',
    '',
  ])('does not redirect to another site: %j', async (next) => {
    const url = `${ion.baseURL}/login?${new URLSearchParams({ next }).toString()}`;
    const after = await logIn('usual', await browser.get(url));
    expect(after).toMatchObject({ status: 302, location: `${ion.baseURL}/` });
  });

  it('refuses a form without the CSRF token, and an unknown person', async () => {
    const form = { username: 'usual' };
    expect((await browser.post(`${ion.baseURL}/login`, form)).status).toBe(403);
    const own = formOf(await browser.get(`${ion.baseURL}/login`));
    const refused = await own.submit(new UserAgent(), own.buttons[0]);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('CSRF verification failed');
    const nobody = { name: 'username', value: 'nobody', label: '' };
    expect((await own.submit(browser, nobody)).status).toBe(400);
  });
});

describe('a login', () => {
  const homePage = async (): Promise<string> => (await browser.get(`${ion.baseURL}/`)).text;

  it('is kept in the HttpOnly cookie local_ion_session', async () => {
    const [line] = (await logIn('usual')).headers.getSetCookie();
    expect(line).toMatch(
      /^local_ion_session=\w{32}; HttpOnly; Max-Age=7200; Path=\/; SameSite=Lax$/,
    );
    expect(await homePage()).toContain('You are logged in');
    expect(await homePage()).toContain('Jane Doe');
  });

  it('ends when another person logs in', async () => {
    await logIn('usual');
    const before = browser.cookiesFor(ion.baseURL).get('local_ion_session');
    await logIn('hostile');
    expect(await homePage()).toContain('hostile, teacher');
    const oldSession = new UserAgent({ cookie: `local_ion_session=${before ?? ''}` });
    expect((await oldSession.get(`${ion.baseURL}/`)).text).toContain('Nobody is logged in');
  });

  it('ends two hours after its last use', async () => {
    await logIn('usual');
    for (const minutes of [119, 119]) {
      time += minutes * 60_000;
      expect(await homePage()).toContain('You are logged in');
    }
    time += 120 * 60_000;
    expect(await homePage()).toContain('Nobody is logged in');
  });
});

describe('the consent page', () => {
  it('names the person, the application, each scope, and the host of the app', async () => {
    const { text } = await consentPage({ scope: 'read write' });
    expect(text).toContain('<h1>Authorize &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(text).toContain('Jane Doe');
    expect(text.match(/<li><code>\w+<\/code>/g)).toEqual([
      '<li><code>read</code>',
      '<li><code>write</code>',
    ]);
    expect(text).toContain('sends you to http://localhost:3000.');
  });

  it('escapes the state in its form', async () => {
    expect(formOf(await consentPage({ state: HOSTILE })).fields).toMatchObject({ state: HOSTILE });
  });

  it('links to the login page, to choose another person for the same request', async () => {
    const { text, url } = await consentPage({ state: 'a&b' });
    const href = /<a href="([^"]+)">Choose another person/
      .exec(text)?.[1]
      ?.replaceAll('&amp;', '&');
    const after = await logIn('hostile', await browser.get(`${ion.baseURL}${href ?? ''}`));
    expect(after.location).toBe(url);
  });

  it('accepts a port number that does not exist, as Ion does', async () => {
    const strict = await startLocalIon({
      applications: [{ clientID: 'app', redirectURIs: ['http://127.0.0.1/cb'] }],
    });
    const url = authorizationURL(strict, { redirect_uri: 'http://127.0.0.1:99999/cb' });
    const callback = await strict.deny(url, { as: '2027jdoe' });
    expect(callback).toBe('http://127.0.0.1:99999/cb?error=access_denied');
    await strict.stop();
  });

  it('refuses a form that is incomplete or tampered with', async () => {
    const form = formOf(await consentPage());
    const authorize = form.buttons[0];
    for (const field of ['client_id', 'redirect_uri', 'scope', 'response_type']) {
      expect((await form.submit(browser, authorize, { [field]: ' ' })).status).toBe(400);
    }
    for (const button of form.buttons) {
      expect((await form.submit(browser, button, { client_id: 'nobody' })).status).toBe(400);
    }
    const tampered = await form.submit(browser, authorize, { scope: 'lunch' });
    expect(tampered.location).toBe(`${CALLBACK}?error=invalid_scope`);
    const elsewhere = { redirect_uri: 'https://example.com/' };
    expect((await form.submit(browser, authorize, elsewhere)).status).toBe(400);
    expect((await form.submit(browser, authorize)).status).toBe(302);
  });
});

describe('the API in a browser', () => {
  it('is a page with the escaped data, which says what programs should send', async () => {
    await logIn('hostile');
    const page = await browser.get(`${ion.baseURL}/api/profile`, { accept: 'text/html,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('its stand-in');
    expect(page.text).toContain('&quot;ion_username&quot;: &quot;hostile&quot;');
    expect(page.text).not.toContain('<script');
  });
});
