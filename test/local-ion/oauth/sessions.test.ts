// Logins at a local Ion: where they are kept, when they end, and how many there can be.

import { UserAgent } from '../../support/user-agent.js';
import { browser, ion, letPass, logIn } from '../browser-at-ion.js';
import { send } from '../contract/send.js';
import { start } from '../start.js';

const CSRF = 'a'.repeat(32);

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
    expect((await oldSession.get(`${ion.baseURL}/`)).text).toContain('No one is logged in');
  });

  it('ends two hours after its last use', async () => {
    await logIn('usual');
    for (const minutes of [119, 119]) {
      letPass(minutes);
      expect(await homePage()).toContain('You are logged in');
    }
    letPass(120);
    expect(await homePage()).toContain('No one is logged in');
  });
});

describe('Sessions.logIn', () => {
  it('ends the least recently used of more than 1,000 logins', async () => {
    const { baseURL } = await start();
    const logIn = async (): Promise<string> => {
      const { headers } = await send(`${baseURL}/login`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: `local_ion_csrf=${CSRF}`,
        },
        body: `csrfmiddlewaretoken=${CSRF}&username=2027jdoe`,
      });
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    };
    const isLoggedIn = async (cookie: string): Promise<boolean> =>
      (await send(baseURL, { headers: { cookie } })).text.includes('You are logged in');
    const [first, second] = [await logIn(), await logIn()];
    for (let count = 2; count < 1_000; count += 1) await logIn();
    expect(await isLoggedIn(first)).toBe(true);
    await logIn();
    expect(await isLoggedIn(first)).toBe(true);
    expect(await isLoggedIn(second)).toBe(false);
  });
});
