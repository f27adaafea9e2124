import { oauthError } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { authorizationOf, basic, query } from './support/provider-client.js';
import { confidential } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

/** Tests what all endpoints have in common: their rules for paths, methods, origins, limits, and headers. */
export function endpoints(contract: Contract): void {
  describe('paths', () => {
    it.each(['/oauth/token', '/oauth/token/'])('%s accepts a token request', async (path) => {
      const response = await contract.ion.post(path, { grant_type: 'none' });
      expect(response).toMatchObject(oauthError(400, 'unsupported_grant_type'));
    });

    it.each(['/oauth/revoke_token', '/oauth/introspect'])(
      '%s works without its trailing slash',
      async (path) => {
        expect((await contract.ion.post(path, {})).status).not.toBe(404);
      },
    );

    it('/oauth/authorize works without its trailing slash', async () => {
      const response = await contract.ion.send(`/oauth/authorize?${query(authorizationOf())}`);
      expect(response.status).toBe(302);
      expect(response.headers.location).toMatch(/^\/login\?next=\/oauth\/authorize\/%3F/);
    });

    it.each(['/api/profile', '/api/profile/', '/api/profile//'])('%s exists', async (path) => {
      const { access_token } = await contract.ion.signIn();
      expect((await contract.ion.api(access_token, path)).status).toBe(200);
    });

    it.each([
      '/oauth/revoke/',
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/oauth/.well-known/oauth-authorization-server',
    ])('%s is 404', async (path) => {
      expect((await contract.ion.send(path)).status).toBe(404);
    });
  });

  describe('methods', () => {
    it.each(['/oauth/token/', '/oauth/revoke_token/'])('%s accepts only POST', async (path) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const response = await contract.ion.send(path, { method });
        expect(response).toMatchObject({
          status: 405,
          headers: { allow: 'POST, OPTIONS' },
          text: '',
        });
      }
    });

    it('/oauth/introspect/ accepts only GET and POST', async () => {
      const headers = basic(confidential.clientID, confidential.clientSecret);
      for (const method of ['PUT', 'DELETE']) {
        const response = await contract.ion.send('/oauth/introspect/', { method, headers });
        expect(response).toMatchObject({
          status: 405,
          headers: { allow: 'GET, POST, HEAD, OPTIONS' },
          text: '',
        });
      }
    });

    it.each([
      ['/oauth/token/', 'POST, OPTIONS'],
      ['/oauth/revoke_token/', 'POST, OPTIONS'],
      ['/oauth/introspect/', 'GET, POST, HEAD, OPTIONS'],
    ])('%s lists its methods for OPTIONS: %s', async (path, allow) => {
      expect(await contract.ion.send(path, { method: 'OPTIONS' })).toMatchObject({
        status: 200,
        headers: { allow },
        text: '',
      });
    });
  });

  describe('a request from another origin', () => {
    const paths = [
      '/api/profile',
      '/oauth/authorize/',
      '/oauth/.well-known/openid-configuration',
      '/login',
    ];
    const origins = ['https://app.example', 'http://127.0.0.1:1', 'null'];
    it.each(paths)('gets an empty 401 at %s', async (path) => {
      for (const origin of origins) {
        const response = await contract.ion.send(path, { headers: { origin } });
        expect(response).toMatchObject({ status: 401, text: '' });
        expect(response.headers).not.toHaveProperty('www-authenticate');
      }
    });

    it('gets an empty 401 at the token endpoint, like its preflight', async () => {
      const headers = { origin: 'https://app.example' };
      expect(await contract.ion.post('/oauth/token/', {}, headers)).toMatchObject({
        status: 401,
        text: '',
      });
      const preflight = { method: 'OPTIONS', headers };
      const response = await contract.ion.send('/oauth/token/', preflight);
      expect(response).toMatchObject({ status: 401, text: '' });
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('gets an empty 401 even with a valid token', async () => {
      const { access_token } = await contract.ion.signIn();
      const sent = { headers: { origin: 'https://app.example' } };
      expect(await contract.ion.api(access_token, '/api/profile', sent)).toMatchObject({
        status: 401,
        text: '',
      });
    });

    it('is accepted if the Origin header is Ion’s own', async () => {
      const { access_token } = await contract.ion.signIn();
      const sent = { headers: { origin: contract.ion.provider.baseURL } };
      expect((await contract.ion.api(access_token, '/api/profile', sent)).status).toBe(200);
    });
  });

  describe('a request with too many parameters', () => {
    const page400 = {
      status: 400,
      headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
    };
    const parameters = (count: number): string => Array<string>(count).fill('a=b').join('&');
    const post = (body: string): Promise<HTTPResponse> => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return contract.ion.send('/oauth/token/', { method: 'POST', headers, body });
    };

    it('gets a 400 if there are more than 1,000', async () => {
      expect(await post(parameters(1000))).toMatchObject(oauthError(400, 'unsupported_grant_type'));
      expect(await post(parameters(1001))).toMatchObject(page400);
      for (const path of ['/oauth/authorize/', '/login']) {
        expect(await contract.ion.send(`${path}?${parameters(1001)}`)).toMatchObject(page400);
      }
    });
  });

  describe('the usual headers', () => {
    it('are Vary, X-Frame-Options and Referrer-Policy at OAuth endpoints', async () => {
      const { headers } = await contract.ion.post('/oauth/token/', {});
      expect(headers).toMatchObject({
        vary: 'origin, Authorization, Cookie',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'strict-origin-when-cross-origin',
      });
    });

    it('are the same in the API, with Accept in Vary', async () => {
      const { access_token } = await contract.ion.signIn();
      for (const response of [
        await contract.ion.api(access_token),
        await contract.ion.api('none'),
      ]) {
        expect(response.headers).toMatchObject({
          vary: 'Accept, origin, Authorization, Cookie',
          'x-frame-options': 'SAMEORIGIN',
          'referrer-policy': 'strict-origin-when-cross-origin',
        });
      }
    });
  });
}
