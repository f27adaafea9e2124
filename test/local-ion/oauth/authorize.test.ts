// Tests the local Ion's consent page. The contract tests check how authorization requests end.

import { startLocalIon } from 'passport-ion/local-ion';

import { HOSTILE, browser, consentPage, formOf, ion, logIn } from '../ion-and-browser.js';
import { authorizationURL, CALLBACK } from '../requests.js';

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
