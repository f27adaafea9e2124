// Tests the local Ion's login page. The contract tests check /logout.

import { HOSTILE, browser, formOf, ion, logIn } from '../ion-and-browser.js';
import { send } from '../contract/support/send.js';
import type { HTTPResponse } from '../contract/support/send.js';
import { authorizationURL } from '../requests.js';

describe('the login page', () => {
  it('lists all people, each with a picture, name, username, and kind', async () => {
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
});

/** Sends a form to `/login`, with its CSRF token. */
function sendForm(method: string, form: string): Promise<HTTPResponse> {
  const token = 'a'.repeat(32);
  return send(`${ion.baseURL}/login`, {
    method,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: `local_ion_csrf=${token}`,
    },
    body: `csrfmiddlewaretoken=${token}&${form}`,
  });
}

describe('POST /login', () => {
  it.each(['', 'username=', 'username=nobody'])(
    'responds with 400 if the form names no person: %j',
    async (form) => {
      const response = await sendForm('POST', form);
      expect(response).toMatchObject({
        status: 400,
        text: expect.stringContaining('Go back and choose a person.') as string,
      });
      expect(response.headers).not.toHaveProperty('set-cookie');
    },
  );
});

describe('/login, with a method other than GET and POST', () => {
  it.each([
    ['OPTIONS', 200],
    ['PUT', 405],
    ['DELETE', 405],
  ])('%s gets a %i that lists the methods, and logs no one in', async (method, status) => {
    const response = await sendForm(method, 'username=usual');
    expect(response).toMatchObject({
      status,
      headers: { allow: 'GET, POST, PUT, HEAD, OPTIONS' },
      text: '',
    });
    expect(response.headers).not.toHaveProperty('set-cookie');
  });
});
