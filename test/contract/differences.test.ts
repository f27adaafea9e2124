// Where the local Ion is different on purpose, its own answer is as it says, and clear.

import { differences, startLocalIon } from 'passport-ion/local-ion';

import { UserAgent } from '../user-agent.js';
import {
  invalidClient,
  invalidGrant,
  noPermission,
  notAuthenticated,
  oauthError,
} from './answers.js';
import { authorizationOf, Ion, query } from './ion.js';
import { startLocalProvider } from './local-provider.js';

let ion: Ion;
beforeEach(async () => {
  ion = new Ion(await startLocalProvider());
});
afterEach(() => ion.provider.stop());

const answers: Readonly<Record<string, () => Promise<void>>> = {
  Passwords: async () => {
    const browser = new UserAgent();
    const page = await browser.get(`${ion.provider.baseURL}/login`);
    expect(page.text).toContain('<button name="username" value="2028znunez">');
    expect(page.text).not.toContain('type="password"');
    const { browser: theirs } = ion.person();
    await ion.code();
    expect([...theirs.cookiesFor(ion.provider.baseURL).keys()].sort()).toEqual([
      'local_ion_csrf',
      'local_ion_session',
    ]);
  },

  'Redirect URIs of the default application, and of any registered without them': async () => {
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
    for (const path of ['userinfo/', 'logout/', '.well-known/openid-configuration']) {
      expect((await ion.send(`/oauth/${path}`)).status).toBe(404);
    }
  },

  'Pages for people': async () => {
    for (const path of ['/oauth/applications/', '/oauth/authorized_tokens/', '/profile/3']) {
      expect((await ion.send(path)).status).toBe(404);
    }
  },

  'Pages of 500': async () => {
    expect(await ion.exchange('a\0b')).toMatchObject(invalidGrant);
    expect(await ion.exchange('a', { client_id: 'a\0b' })).toMatchObject(invalidClient);
    const page = await ion.person().open(`${query(authorizationOf())}&x=%zz`);
    expect(page.status).toBe(400);
    const code = await ion.code();
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async () => (await ion.exchange(code)).status),
    );
    expect(statuses.sort()).toEqual([200, 400, 400, 400]);
  },

  'Refreshes at the same moment': async () => {
    const { refresh_token } = await ion.signIn();
    const all = await Promise.all([1, 2, 3, 4].map(() => ion.refresh(refresh_token)));
    const refused = all.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(3);
    for (const answer of refused) expect(answer).toMatchObject(invalidGrant);
  },

  Grants: async () => {
    const form = { grant_type: 'password', username: '2027jdoe', password: 'wrong' };
    expect(await ion.token(form)).toMatchObject(oauthError(400, 'unauthorized_client'));
  },

  'The API': async () => {
    const { access_token } = await ion.signIn({ as: '2029admin' });
    for (const path of ['/api/bus', '/api/search/doe', '/api/blocks', '/api/signups/user']) {
      expect((await ion.api(access_token, path)).status).toBe(404);
    }
    const post = { method: 'POST', body: '' };
    expect(await ion.api(access_token, '/api/announcements', post)).toMatchObject(noPermission);
  },

  Rights: async () => {
    for (const [as, status] of [['simple', 200] as const, ['aservice', 403] as const]) {
      const { access_token } = await ion.signIn({ as });
      expect((await ion.api(access_token, '/api/announcements')).status).toBe(status);
    }
  },

  Memory: async () => {
    const { access_token } = await ion.signIn();
    await ion.provider.stop();
    ion = new Ion(await startLocalProvider());
    expect(await ion.api(access_token)).toMatchObject(notAuthenticated);
  },
};

describe('the differences that the local Ion lists', () => {
  it('are those that are shown here', () => {
    expect(differences.map(({ about }) => about).sort()).toEqual(Object.keys(answers).sort());
  });

  it.each(differences)('are as it says: $about', async ({ about }) => {
    expect.hasAssertions();
    await answers[about]?.();
  });
});
