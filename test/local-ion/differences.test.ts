// Shows that the local Ion behaves as each entry in `differences` says.

import { differences, startLocalIon } from 'passport-ion/local-ion';

import { Browser } from '../support/browser.js';
import {
  detail,
  invalidClient,
  invalidGrant,
  noPermission,
  notAuthenticated,
  oauthError,
} from './contract/support/expected-responses.js';
import { authorizationOf, basic, Ion, query } from './contract/support/provider-client.js';
import { startLocalProvider } from './contract/support/local-provider.js';
import { people } from './contract/support/people.js';
import { another, confidential } from './contract/support/applications.js';
import type { HTTPResponse } from './contract/support/send.js';

let ion: Ion;
beforeEach(async () => {
  ion = new Ion(await startLocalProvider());
});
afterEach(() => ion.provider.stop());

const demonstrations: Readonly<Record<string, () => Promise<void>>> = {
  Passwords: async () => {
    const browser = new Browser();
    const page = await browser.get(`${ion.provider.baseURL}/login`);
    expect(page.text).toContain('<button name="username" value="2028znunez">');
    expect(page.text).not.toContain('type="password"');
    const { browser: theirs } = ion.person();
    await ion.code();
    expect([...theirs.cookiesFor(ion.provider.baseURL).keys()].sort()).toEqual([
      'dark-mode-enabled',
      'local_ion_csrf',
      'local_ion_session',
    ]);
  },

  'Applications without redirectURIs': async () => {
    const local = await startLocalIon();
    const { baseURL, clientID } = local;
    const to = (redirect_uri: string): Promise<string> => {
      const request = authorizationOf({ name: '', clientID, redirectURIs: [redirect_uri] });
      return local.approve(`${baseURL}/oauth/authorize/?${query(request)}`, { as: '2027jdoe' });
    };
    for (const uri of ['http://localhost:1/a', 'http://127.0.0.1:2/b', 'https://[::1]/c']) {
      expect(await to(uri)).toContain(`${uri}?code=`);
    }
    for (const uri of ['https://app.example/a', 'http://localhost.example/a']) {
      await expect(to(uri)).rejects.toThrow('Mismatching redirect URI.');
    }
    await local.stop();
  },

  'OpenID Connect': async () => {
    const code = await ion.code({ request: { scope: 'openid read' } });
    const failure = await ion.exchange(code);
    expect(failure.status).toBe(500);
    expect(failure.text).toContain('ask for scope=read');
    const request = authorizationOf(confidential, { scope: 'openid read', claims: 'no JSON' });
    expect((await ion.person().open(request)).status).toBe(200);
    const paths = [
      'userinfo/',
      'logout/',
      '.well-known/openid-configuration',
      '.well-known/jwks.json',
    ];
    for (const path of paths) {
      const response = await ion.send(`/oauth/${path}`);
      expect(response.status).toBe(404);
      expect(response.text).toContain('no OpenID Connect');
    }
  },

  'Pages besides login and consent': async () => {
    for (const path of ['/oauth/applications/', '/oauth/authorized_tokens/', '/profile/3']) {
      const response = await ion.send(path);
      expect(response.status).toBe(404);
      expect(response.text).toContain('no registration of applications');
    }
  },

  'Server errors (500)': async () => {
    expect(await ion.exchange('a\0b')).toMatchObject(invalidGrant);
    expect(await ion.exchange('a', { client_id: 'a\0b' })).toMatchObject(invalidClient);
    const page = await ion.person().open(`${query(authorizationOf())}&x=%zz`);
    expect(page.status).toBe(400);
    const many = Array<string>(1001).fill('a=b').join('&');
    expect((await ion.send(`/api/profile?${many}`)).status).toBe(400);
    const devices = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'a',
    };
    expect(await ion.token(devices)).toMatchObject(oauthError(400, 'unsupported_grant_type'));
    const code = await ion.code();
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async () => (await ion.exchange(code)).status),
    );
    expect(statuses.sort()).toEqual([200, 400, 400, 400]);
  },

  'Simultaneous refreshes': async () => {
    const { refresh_token } = await ion.signIn();
    const all = await Promise.all([1, 2, 3, 4].map(() => ion.refresh(refresh_token)));
    const refused = all.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(3);
    for (const response of refused) expect(response).toMatchObject(invalidGrant);
  },

  'The password grant': async () => {
    const form = { grant_type: 'password', username: '2027jdoe', password: 'wrong' };
    expect(await ion.token(form)).toMatchObject(
      oauthError(400, 'invalid_grant', 'Invalid credentials given.'),
    );
  },

  'The consent page without JavaScript': async () => {
    const page = await ion.person().open(authorizationOf());
    expect(page.text).not.toContain('<script');
    // Sends the form like a browser without JavaScript.
    const back = await ion.person().choose(page, 'Authorize');
    expect(back.location).toContain('?code=');
  },

  'Two applications in one token request': async () => {
    const code = await ion.code();
    const [redirect_uri] = confidential.redirectURIs;
    const form = { grant_type: 'authorization_code', code, redirect_uri };
    const headers = basic(confidential.clientID, confidential.clientSecret);
    const response = await ion.post(
      '/oauth/token/',
      { ...form, client_id: another.clientID },
      headers,
    );
    expect(response.status).toBe(200);
  },

  'The Host header': async () => {
    const statuses = await Promise.all(
      ['localhost', '127.0.0.1', 'elsewhere.example'].map(
        async (host) => (await ion.send('/', { headers: { host } })).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 421]);
  },

  'Requests that no client sends': async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `a=${'b'.repeat(2_621_439)}`;
    const large = await ion.send('/oauth/token/', { method: 'POST', headers, body });
    expect(large.status).toBe(400);
    expect(large.text).toContain('The body has more than 2621440 bytes.');
    expect((await ion.send('/api/emerg', { method: 'NONE' })).status).toBe(400);
    const page = await ion.person().open(authorizationOf(confidential, { state: 'a\0b' }));
    expect((await ion.person().choose(page, 'Authorize')).status).toBe(400);
  },

  'Data in the API': async () => {
    const { access_token } = await ion.signIn();
    const counted = async (path: string): Promise<unknown> => {
      const { text } = await ion.api(access_token, path);
      return (JSON.parse(text) as { count: unknown }).count;
    };
    expect(await counted('/api/announcements')).toBe(60);
    expect(await counted('/api/bus')).toBe(4);
    expect(await counted('/api/activities')).toBe(8);
    for (const [day, name] of [
      ['2026-12-21', 'Blue Day'],
      ['2026-12-22', 'NO SCHOOL<br>'],
      ['2026-10-28', 'Blue Day'],
      ['2026-10-27', 'NO SCHOOL<br>'],
    ] as const) {
      const { text } = await ion.send(`/api/schedule/${day}`);
      expect(JSON.parse(text)).toMatchObject({ day_type: { name } });
    }
  },

  'Sign-ups for eighth period': async () => {
    const { access_token } = await ion.signIn({ as: '2029admin' });
    const { text } = await ion.api(access_token, '/api/blocks?date=2026-11-24');
    const [{ id: block } = { id: 0 }] = (JSON.parse(text) as { results: { id: number }[] }).results;
    const headers = { 'content-type': 'application/json' };
    const signUp = (body: object): Promise<HTTPResponse> => {
      const sent = { method: 'POST', headers, body: JSON.stringify(body) };
      return ion.api(access_token, '/api/signups/user', sent);
    };
    expect(await signUp({ block, activity: 4 })).toMatchObject({
      status: 400,
      text: '{"details":["You may not sign up for this restricted activity. You are not on the authorized list."]}',
    });
    const shown = await ion.api(access_token, `/api/blocks/${block}`);
    const { activities } = JSON.parse(shown.text) as { activities: Record<string, object> };
    for (const activity of Object.values(activities)) {
      expect(activity).toMatchObject({
        sticky: false,
        special: false,
        administrative: false,
        presign: false,
        waitlist_count: 0,
      });
    }
  },

  Search: async () => {
    const { access_token } = await ion.signIn();
    const countOf = async (query: string): Promise<unknown> => {
      const { text } = await ion.api(access_token, `/api/search/${query}`);
      return (JSON.parse(text) as { count: unknown }).count;
    };
    expect(await countOf('middle:a')).toBe(0);
    expect(await countOf('email:avery.delta@fcps.edu')).toBe(1);
  },

  'Writing announcements': async () => {
    for (const { ion_username: as, user_type } of people) {
      if (['alum', 'user', 'service'].includes(user_type ?? '')) continue;
      const { access_token } = await ion.signIn({ as });
      const post = { method: 'POST', body: '' };
      expect(await ion.api(access_token, '/api/announcements', post)).toMatchObject(noPermission);
    }
  },

  'Details of the API': async () => {
    const { access_token } = await ion.signIn();
    const { text: index } = await ion.send('/api');
    expect(JSON.parse(index)).toMatchObject({
      Bus: { '/bus': ['All bus routes', expect.any(String)] },
    });
    const path = '/api/signups/user';
    const shown = await ion.api(access_token, path, { headers: { accept: 'text/html' } });
    expect(shown.text).toContain('Ion shows its browsable API here');
    expect(shown.text).not.toContain('<form');
    const options = await ion.api(access_token, path, { method: 'OPTIONS' });
    expect(Object.keys(JSON.parse(options.text) as object)).toEqual([
      'name',
      'description',
      'renders',
      'parses',
    ]);
    const headers = { 'content-type': 'application/json' };
    expect(await ion.api(access_token, path, { method: 'POST', headers, body: '{' })).toMatchObject(
      detail(400, 'JSON parse error - the body is not JSON.'),
    );
  },

  'Restricted accounts': async () => {
    for (const [as, status] of [['simple', 200] as const, ['aservice', 403] as const]) {
      const { access_token } = await ion.signIn({ as });
      expect((await ion.api(access_token, '/api/announcements')).status).toBe(status);
    }
  },

  'Forms as multipart/form-data': async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const body =
      '--b\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\npassword\r\n--b--\r\n';
    const response = await ion.send('/oauth/token/', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(response.text).toContain('send application/x-www-form-urlencoded');
  },

  'How long data is kept': async () => {
    const { access_token } = await ion.signIn();
    await ion.provider.stop();
    ion = new Ion(await startLocalProvider());
    expect(await ion.api(access_token)).toMatchObject(notAuthenticated);
  },
};

describe('differences', () => {
  it('has an entry for each test below, and no others', () => {
    expect(differences.map(({ about }) => about).sort()).toEqual(
      Object.keys(demonstrations).sort(),
    );
  });

  it.each(differences)('is right about: $about', async ({ about }) => {
    expect.hasAssertions();
    await demonstrations[about]?.();
  });
});
