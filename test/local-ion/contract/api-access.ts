import { detail, noPermission, notAuthenticated } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { query } from './support/provider-client.js';
import type { HTTPResponse } from './support/send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

/** Tests how clients send a token to the API, and how the API responds to unauthorized requests. */
export function apiAccess(contract: Contract): void {
  const withHeader = (authorization: string, path = '/api/profile'): Promise<HTTPResponse> =>
    contract.ion.send(path, { headers: { authorization } });

  describe('an access token sent to the API', () => {
    it.each(['Bearer ', 'bearer ', 'Bearer  '])('is accepted after %j', async (scheme) => {
      const { access_token } = await contract.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(ok);
    });

    it('is accepted in the query', async () => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.send(`/api/profile?${query({ access_token })}`)).toMatchObject(ok);
    });

    it('is accepted in a form', async () => {
      const { access_token } = await contract.ion.signIn();
      const notAllowed = detail(405, 'Method "POST" not allowed.');
      expect(await contract.ion.post('/api/profile', { access_token })).toMatchObject(notAllowed);
      const dead = { access_token: 'none' };
      expect(await contract.ion.post('/api/profile', dead)).toMatchObject(notAuthenticated);
    });

    it.each(['Token ', 'OAuth ', 'Basic ', ''])('is not accepted after %j', async (scheme) => {
      const { access_token } = await contract.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(notAuthenticated);
    });

    it('is ignored in the query if there is an invalid one in the header', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await withHeader('Bearer none', `/api/profile?${query({ access_token })}`);
      expect(response).toMatchObject(notAuthenticated);
    });

    it.each([
      'Bearer ',
      'Bearer',
      `Bearer ${'a'.repeat(30)}`,
      'Bearer a b c',
      `Basic ${Buffer.from('2027jdoe:password').toString('base64')}`,
    ])('gets a 403, not a 401, if it is invalid: %s', async (authorization) => {
      const response = await withHeader(authorization);
      expect(response).toMatchObject(notAuthenticated);
      expect(response.headers).not.toHaveProperty('www-authenticate');
    });

    it('gets a 403 if it is a refresh token', async () => {
      const { refresh_token } = await contract.ion.signIn();
      expect(await contract.ion.api(refresh_token)).toMatchObject(notAuthenticated);
    });

    it('gets a 403, not a 401, if it is missing', async () => {
      const response = await contract.ion.send('/api/profile');
      expect(response).toMatchObject(notAuthenticated);
      expect(response.headers).not.toHaveProperty('www-authenticate');
    });

    it.each(['write', 'profile email', 'read write'])(
      'with the scope %j can read the profile, like any other',
      async (scope) => {
        const { access_token } = await contract.ion.signIn({ request: { scope } });
        expect(await contract.ion.api(access_token)).toMatchObject(ok);
      },
    );
  });

  describe('the API, for restricted people', () => {
    it('responds with 403, with a different text than for an invalid token', async () => {
      const { access_token } = await contract.ion.signIn({ as: '2020aalum' });
      expect(await contract.ion.api(access_token, '/api/announcements')).toMatchObject(
        noPermission,
      );
      expect(await contract.ion.api('none', '/api/announcements')).toMatchObject(notAuthenticated);
    });

    it.each(['/api/announcements', '/api/blocks', '/api/activities', '/api/signups/user'])(
      'lets them read %s all the same, with the token in the query',
      async (path) => {
        const { access_token } = await contract.ion.signIn({ as: '2020aalum' });
        expect(await contract.ion.send(`${path}?${query({ access_token })}`)).toMatchObject(ok);
        expect(await withHeader(`bearer ${access_token}`, path)).toMatchObject(ok);
        expect(await contract.ion.api(access_token, path)).toMatchObject(noPermission);
      },
    );
  });
}
