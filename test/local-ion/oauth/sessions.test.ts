// Tests where a local Ion keeps logins, when they end, and how many there can be.

import { people } from 'passport-ion/local-ion';

import { Directory } from '../../../lib/local-ion/data/directory.js';
import { Sessions } from '../../../lib/local-ion/oauth/sessions.js';
import type { LocalRequest } from '../../../lib/local-ion/server/request.js';
import { Browser } from '../../support/browser.js';
import { browser, ion, letPass, logIn } from '../ion-and-browser.js';

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
    const oldSession = new Browser({ cookie: `local_ion_session=${before ?? ''}` });
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
  const sessions = new Sessions(() => 0);
  const [person] = new Directory(people).entries;

  const requestWith = (setCookie: string): LocalRequest => {
    const [name = '', value = ''] = setCookie.split(/[=;]/, 2);
    // The cast is safe because Sessions reads only the cookies of a request.
    return { cookies: new Map([[name, value]]) } as unknown as LocalRequest;
  };
  const logInPerson = (): string => {
    if (!person) throw new Error('the directory is empty');
    return sessions.logIn(requestWith(''), person);
  };

  it('ends the least recently used of more than 1,000 logins', () => {
    const [first, second] = [logInPerson(), logInPerson()];
    for (let count = 2; count < 1_000; count += 1) logInPerson();
    expect(sessions.personOf(requestWith(first))).toBe(person);
    logInPerson();
    expect(sessions.personOf(requestWith(first))).toBe(person);
    expect(sessions.personOf(requestWith(second))).toBeUndefined();
  });
});
