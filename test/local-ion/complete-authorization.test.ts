// Tests approve and deny, the methods of LocalIon that act as a person with a browser.

import { people, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, authorizationURL, CALLBACK, signIn } from './requests.js';

const sanctioned = { clientID: 'sanctioned', clientSecret: 's', sanctioned: true };

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon({
    applications: [{ clientID: 'usual', clientSecret: 'secret' }, sanctioned],
  });
});
afterAll(() => ion.stop());

const jane = { as: '2027jdoe' };
const usernames = people.map(({ ion_username }) => ion_username).join(', ');

describe('LocalIon.approve', () => {
  it('returns the callback URL with a code and the state, encoded as on Ion', async () => {
    const state = 'a b&c=d/é+%';
    const callback = await ion.approve(authorizationURL(ion, { state }), jane);
    expect(callback).toMatch(
      /^http:\/\/localhost:3000\/complete\/ion\/\?code=[A-Za-z0-9]{30}&state=a\+b%26c%3Dd%2F%C3%A9%2B%25$/,
    );
    expect(new URL(callback).searchParams.get('state')).toBe(state);
  });

  it('accepts a URL object, and a username in upper or lower case', async () => {
    const url = new URL(authorizationURL(ion));
    expect(await ion.approve(url, { as: '2027JDoe' })).toContain('?code=');
  });

  it('acts as several people at the same time, each in a new browser', async () => {
    const names = await Promise.all(
      ['2028znunez', 'jteacher', '5'].map(async (as) => {
        const { access_token } = await signIn(ion, as);
        const { text } = await getAPI(ion, '/api/profile', access_token);
        return (JSON.parse(text) as { ion_username: string }).ion_username;
      }),
    );
    expect(names).toEqual(['2028znunez', 'jteacher', 'nonames']);
  });

  it.each([
    [{ prompt: 'login' }, /\?code=\w+$/],
    [{ client_id: 'sanctioned' }, /\?code=\w+$/],
    [{ scope: 'lunch', state: 's' }, /\?error=invalid_scope&state=s$/],
    [{ prompt: 'none', state: 's' }, /\?error=login_required&state=s$/],
  ])('returns the URL that Ion redirects to for %j', async (more, expected) => {
    expect(await ion.approve(authorizationURL(ion, more), jane)).toMatch(expected);
  });

  it('throws ERR_LOCAL_ION_SIGN_IN with the text of the page if Ion shows an error', async () => {
    const url = authorizationURL(ion, { client_id: 'nobody' });
    await expect(ion.approve(url, jane)).rejects.toMatchObject({
      name: 'LocalIonError',
      code: 'ERR_LOCAL_ION_SIGN_IN',
      message:
        'local Ion: Ion answered 400: Error: invalid_request Invalid client_id parameter value. (the app sent client_id=nobody and redirect_uri=http://localhost:3000/complete/ion/)',
    });
  });

  it.each([
    [{ status: 503, body: '<h1>Down &amp; out</h1>' }, 'Ion answered 503: Down & out'],
    [{ status: 200, body: '<p>Nothing to press' }, 'a page without a form: Nothing to press'],
    [{ drop: 'before-response' }, 'the connection broke at /oauth/authorize/'],
    [{ status: 200, body: 'half', drop: 'mid-body' }, 'the connection broke at /oauth/authorize/'],
    [{ status: 302, headers: { location: '/nowhere' } }, 'Ion answered 404: Page not found'],
  ] as const)(
    'throws ERR_LOCAL_ION_SIGN_IN and says why if Ion fails with %j',
    async (failure, message) => {
      ion.failNext('authorize', failure);
      await expect(ion.approve(authorizationURL(ion), jane)).rejects.toMatchObject({
        code: 'ERR_LOCAL_ION_SIGN_IN',
        message: expect.stringContaining(message) as string,
      });
    },
  );

  it('gives up after 12 redirects to Ion itself', async () => {
    const around = { status: 302, headers: { location: '/oauth/authorize/' } };
    for (let count = 0; count < 20; count += 1) ion.failNext('authorize', around);
    await expect(ion.approve(authorizationURL(ion), jane)).rejects.toThrow('in circles');
    // Uses up the rest of the 20 failures, which would otherwise break other tests.
    for (let count = 0; count < 7; count += 1) await getAPI(ion, '/oauth/authorize/');
    expect(await ion.approve(authorizationURL(ion), jane)).toContain('?code=');
  });

  it.each([
    [{ as: 'nobody' }, 'got "nobody"'],
    [{ as: '999' }, 'got "999"'],
    [{ as: null }, 'got null'],
  ])('refuses an unknown person, and lists the people: %j', async (choice, got) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    await expect(ion.approve(authorizationURL(ion), choice as typeof jane)).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: `local Ion: the person must be the username or id of one of ${usernames}; ${got}`,
    });
  });

  it.each([[undefined], [{}], ['2027jdoe']])(
    'without `as`, says that the person is missing, and how to name one: %j',
    async (choice) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      const approving = ion.approve(authorizationURL(ion), choice as unknown as typeof jane);
      await expect(approving).rejects.toMatchObject({
        code: 'ERR_LOCAL_ION_OPTION',
        message: `local Ion: the person is missing: call approve(url, { as: '2027jdoe' }), with the username or id of one of ${usernames}`,
      });
    },
  );

  it.each<[unknown, string]>([
    ['/oauth/authorize/', 'must be a URL'],
    [undefined, 'must be a URL'],
    ['https://ion.tjhsst.edu/oauth/authorize/', 'leads to https://ion.tjhsst.edu, but this local'],
  ])('refuses a URL that does not belong to this local Ion: %s', async (url, message) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    await expect(ion.approve(url as string, jane)).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(`local Ion: the authorization URL ${message}`) as string,
    });
  });
});

describe('LocalIon.deny', () => {
  it('returns the callback URL with access_denied and the state', async () => {
    const callback = await ion.deny(authorizationURL(ion, { state: 's t' }), jane);
    expect(callback).toBe(`${CALLBACK}?error=access_denied&state=s+t`);
  });

  it('without `as`, says that the person is missing, and how to name one', async () => {
    // Cast to leave out `as`, as a JavaScript app could.
    await expect(ion.deny(authorizationURL(ion), {} as typeof jane)).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: `local Ion: the person is missing: call deny(url, { as: '2027jdoe' }), with the username or id of one of ${usernames}`,
    });
  });

  it('throws ERR_LOCAL_ION_SIGN_IN if Ion shows no consent page', async () => {
    const url = authorizationURL(ion, { client_id: 'sanctioned' });
    await expect(ion.deny(url, jane)).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_SIGN_IN',
      message: expect.stringContaining('nothing to decline') as string,
    });
  });
});
