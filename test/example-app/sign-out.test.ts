// Tests signing out of the example app with the local Ion, over real sockets.

import { memoryStores } from '../../example-app/src/memory/stores.js';
import type { Stores } from '../../example-app/src/store-interfaces.js';
import { Browser } from '../support/browser.js';
import { pressSignOut, signIn } from './steps.js';
import { app, browser, ion, start } from './ion-and-app.js';
import { headingOf } from './page-content.js';

let stores: Stores;

beforeEach(async () => {
  stores = memoryStores('a-secret-of-thirty-two-characters');
  await start({ stores });
});

/** Returns the status of Ion's response to a request with this access token. */
async function statusWith(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${ion.baseURL}/api/profile`, { headers })).status;
}

async function tokensOfJane(): Promise<{ accessToken: string }> {
  const tokens = await stores.tokens.load('6');
  if (!tokens) throw new Error('There are no tokens of Jane Doe');
  return tokens;
}

describe('sign-out', () => {
  it('ends the session, and the tokens here and at Ion', async () => {
    const page = await signIn(browser, app, ion, '2027jdoe');
    const { accessToken } = await tokensOfJane();
    expect(await statusWith(accessToken)).toBe(200);

    const response = await pressSignOut(browser, app, page);
    expect(response.status).toBe(303);
    expect(response.location).toBe(`${app.url}/`);
    expect((await browser.get(`${app.url}/`)).text).not.toContain('Jane Doe');
    expect((await browser.get(`${app.url}/today`)).status).toBe(302);
    expect(await stores.tokens.load('6')).toBeUndefined();
    expect(await statusWith(accessToken)).toBe(403);
  });

  it('ends the session, so that its old cookie is worthless', async () => {
    const page = await signIn(browser, app, ion, '2027jdoe');
    const [cookie = []] = browser.cookiesFor(app.url);
    await pressSignOut(browser, app, page);
    const thief = new Browser({ cookie: cookie.join('=') });
    expect((await thief.get(`${app.url}/`)).text).not.toContain('Jane Doe');
  });

  it.each([
    ['no token', {}],
    ['an empty token', { csrf: '' }],
    ['a wrong token', { csrf: 'a'.repeat(256) }],
  ])('is refused with %s: the request came from another site', async (_what, form) => {
    await signIn(browser, app, ion, '2027jdoe');
    const page = await browser.post(`${app.url}/logout`, form);
    expect(page.status).toBe(403);
    expect(headingOf(page)).toBe('That page was too old');
    expect((await browser.get(`${app.url}/`)).text).toContain('Jane Doe');
    expect(await statusWith((await tokensOfJane()).accessToken)).toBe(200);
  });

  it("is refused with another person's token", async () => {
    await signIn(browser, app, ion, '2027jdoe');
    const others = await signIn(new Browser(), app, ion, 'cbravo');
    expect((await pressSignOut(browser, app, others)).status).toBe(403);
    expect((await browser.get(`${app.url}/`)).text).toContain('Jane Doe');
  });

  it('is refused if no one is signed in', async () => {
    expect((await browser.post(`${app.url}/logout`, { csrf: '' })).status).toBe(403);
  });

  it('does not work with a link', async () => {
    await signIn(browser, app, ion, '2027jdoe');
    expect((await browser.get(`${app.url}/logout`)).status).toBe(404);
    expect((await browser.get(`${app.url}/`)).text).toContain('Jane Doe');
  });

  it.each([
    ['does not revoke', { status: 503, body: 'down' }],
    ['drops the connection', { drop: 'mid-body' }],
  ] as const)('succeeds if Ion %s, and the log says so', async (_what, failure) => {
    const page = await signIn(browser, app, ion, '2027jdoe');
    const { accessToken } = await tokensOfJane();
    ion.failNext('revoke', failure);
    const response = await pressSignOut(browser, app, page);
    expect(response.status).toBe(303);
    expect((await browser.get(`${app.url}/`)).text).not.toContain('Jane Doe');
    expect(await stores.tokens.load('6')).toBeUndefined();
    expect(app.log).toEqual([
      expect.stringMatching(/^The tokens of user 6 could not be revoked: Ion\w+Error: /) as string,
    ]);
    expect(app.log.join()).not.toContain(accessToken);
  });
});
