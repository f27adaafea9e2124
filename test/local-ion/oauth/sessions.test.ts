// How many logins a local Ion keeps.

import { start } from '../start.js';
import { send } from '../contract/send.js';

const CSRF = 'a'.repeat(32);

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
