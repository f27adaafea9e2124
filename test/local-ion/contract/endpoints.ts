import { oauthError } from './responses.js';
import type { Contract } from './contract.js';
import { authorizationOf, query } from './ion.js';
import type { HTTPResponse } from './send.js';

/** Paths, methods and headers that all endpoints have in common. */
export function endpoints(the: Contract): void {
  describe('paths', () => {
    it.each(['/oauth/token', '/oauth/token/'])('%s takes a token request', async (path) => {
      const answer = await the.ion.post(path, { grant_type: 'none' });
      expect(answer).toMatchObject(oauthError(400, 'unsupported_grant_type'));
    });

    it.each(['/oauth/revoke_token', '/oauth/introspect'])('%s may miss its slash', async (path) => {
      expect((await the.ion.post(path, {})).status).not.toBe(404);
    });

    it('the authorization endpoint may miss its slash', async () => {
      const answer = await the.ion.send(`/oauth/authorize?${query(authorizationOf())}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toMatch(/^\/login\?next=\/oauth\/authorize\/%3F/);
    });

    it.each(['/api/profile', '/api/profile/', '/api/profile//'])('%s is one', async (path) => {
      const { access_token } = await the.ion.signIn();
      expect((await the.ion.api(access_token, path)).status).toBe(200);
    });

    it.each([
      '/oauth/revoke/',
      '/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server',
      '/oauth/.well-known/oauth-authorization-server',
    ])('%s is none', async (path) => {
      expect((await the.ion.send(path)).status).toBe(404);
    });
  });

  describe('methods', () => {
    it.each(['/oauth/token/', '/oauth/revoke_token/'])('%s takes POST only', async (path) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await the.ion.send(path, { method });
        expect(answer).toMatchObject({
          status: 405,
          headers: { allow: 'POST, OPTIONS' },
          text: '',
        });
      }
    });
  });

  describe('a request of another origin', () => {
    const paths = [
      '/api/profile',
      '/oauth/authorize/',
      '/oauth/.well-known/openid-configuration',
      '/login',
    ];
    const origins = ['https://app.example', 'http://127.0.0.1:1', 'null'];
    it.each(paths)('is refused at %s, with no word', async (path) => {
      for (const origin of origins) {
        const answer = await the.ion.send(path, { headers: { origin } });
        expect(answer).toMatchObject({ status: 401, text: '' });
        expect(answer.headers).not.toHaveProperty('www-authenticate');
      }
    });

    it('is refused at the token endpoint, with its preflight', async () => {
      const headers = { origin: 'https://app.example' };
      expect(await the.ion.post('/oauth/token/', {}, headers)).toMatchObject({
        status: 401,
        text: '',
      });
      const preflight = { method: 'OPTIONS', headers };
      const answer = await the.ion.send('/oauth/token/', preflight);
      expect(answer).toMatchObject({ status: 401, text: '' });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('is refused whatever token it has', async () => {
      const { access_token } = await the.ion.signIn();
      const sent = { headers: { origin: 'https://app.example' } };
      expect(await the.ion.api(access_token, '/api/profile', sent)).toMatchObject({
        status: 401,
        text: '',
      });
    });

    it('is none if the origin is its own', async () => {
      const { access_token } = await the.ion.signIn();
      const sent = { headers: { origin: the.ion.provider.baseURL } };
      expect((await the.ion.api(access_token, '/api/profile', sent)).status).toBe(200);
    });
  });

  describe('a request that is too much', () => {
    const page400 = {
      status: 400,
      headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
    };
    const parameters = (count: number): string => Array<string>(count).fill('a=b').join('&');
    const post = (body: string): Promise<HTTPResponse> => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return the.ion.send('/oauth/token/', { method: 'POST', headers, body });
    };

    it('is one of more than a thousand parameters', async () => {
      expect(await post(parameters(1000))).toMatchObject(oauthError(400, 'unsupported_grant_type'));
      expect(await post(parameters(1001))).toMatchObject(page400);
      for (const path of ['/oauth/authorize/', '/login']) {
        expect(await the.ion.send(`${path}?${parameters(1001)}`)).toMatchObject(page400);
      }
    });
  });

  describe('nearly every answer', () => {
    it('of OAuth says what it varies by, and how it may be shown', async () => {
      const { headers } = await the.ion.post('/oauth/token/', {});
      expect(headers).toMatchObject({
        vary: 'origin, Authorization, Cookie',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'strict-origin-when-cross-origin',
      });
    });

    it('of the API does too, and varies by Accept', async () => {
      const { access_token } = await the.ion.signIn();
      for (const answer of [await the.ion.api(access_token), await the.ion.api('none')]) {
        expect(answer.headers).toMatchObject({
          vary: 'Accept, origin, Authorization, Cookie',
          'x-frame-options': 'SAMEORIGIN',
          'referrer-policy': 'strict-origin-when-cross-origin',
        });
      }
    });
  });
}
