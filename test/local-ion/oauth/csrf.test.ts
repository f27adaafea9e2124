// Tests that the local Ion refuses a form that was not sent from one of its own pages.

import { Browser } from '../../support/browser.js';
import { browser, consentPage, formOf, ion } from '../ion-and-browser.js';

describe('the CSRF token', () => {
  const loginPage = () => browser.get(`${ion.baseURL}/login`);

  it('stays the same from page to page', async () => {
    const [first, second] = [formOf(await loginPage()), formOf(await consentPage())];
    expect(first.fields['csrfmiddlewaretoken']).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(second.fields['csrfmiddlewaretoken']).toBe(first.fields['csrfmiddlewaretoken']);
  });

  it('is replaced if the one in the cookie is not well-formed', async () => {
    const other = new Browser({ cookie: 'local_ion_csrf=short' });
    const page = await other.get(`${ion.baseURL}/login`);
    expect(formOf(page).fields['csrfmiddlewaretoken']).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it.each(['/login', '/logout'])('is required in a form sent to %s', async (path) => {
    const refused = await browser.post(`${ion.baseURL}${path}`, { username: 'usual' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('CSRF verification failed');
  });

  it('in a form must equal the one in the cookie', async () => {
    const form = formOf(await loginPage());
    const [button] = form.buttons;
    const wrong = { csrfmiddlewaretoken: 'a'.repeat(32) };
    expect((await form.submit(browser, button, wrong)).status).toBe(403);
    expect((await form.submit(new Browser(), button)).status).toBe(403);
    expect((await form.submit(browser, button)).status).toBe(302);
  });
});
