import type { Contract } from './contract.js';
import { invalidGrant, notAuthenticated, oauthError } from './support/expected-responses.js';
import { tokensIn } from './support/provider-client.js';
import { another, confidential, several } from './support/applications.js';

const [redirect_uri] = confidential.redirectURIs;

/** Tests exchanging a code for tokens, and the redirect_uri that must be sent with the code. */
export function codeExchange(contract: Contract): void {
  describe('the exchange of a code', () => {
    it('returns tokens in exactly this form', async () => {
      const response = await contract.ion.exchange(await contract.ion.code());
      expect(response).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          pragma: 'no-cache',
        },
      });
      expect(response.headers).not.toHaveProperty('set-cookie');
      expect(response.text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read", "refresh_token": "[A-Za-z0-9]{30}"\}$/,
      );
    });

    it('returns the scopes in the order of the authorization request', async () => {
      const tokens = await contract.ion.signIn({ request: { scope: 'write read' } });
      expect(tokens.scope).toBe('write read');
    });

    it('returns the scope of the authorization request, even if it asks for another', async () => {
      const response = await contract.ion.exchange(await contract.ion.code(), {
        scope: 'read write',
      });
      expect(tokensIn(response).scope).toBe('read');
    });

    it('works once; a second attempt leaves the tokens valid', async () => {
      const code = await contract.ion.code();
      const tokens = tokensIn(await contract.ion.exchange(code));
      expect(await contract.ion.exchange(code)).toMatchObject(invalidGrant);
      expect((await contract.ion.api(tokens.access_token)).status).toBe(200);
      expect((await contract.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });

    it('returns tokens only once if there are several at the same time', async () => {
      const code = await contract.ion.code();
      const responses = await Promise.all([1, 2, 3, 4].map(() => contract.ion.exchange(code)));
      const statuses = responses.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => ![200, 400, 500].includes(status))).toEqual([]);
    });

    it.each([
      ['an unknown code', () => Promise.resolve('a'.repeat(30))],
      ['an empty code', () => Promise.resolve('')],
      ['a code of another application', () => contract.ion.code({ to: another })],
    ])('with %s is invalid_grant', async (_what, code) => {
      expect(await contract.ion.exchange(await code())).toMatchObject(invalidGrant);
    });

    it('without a code is invalid_request', async () => {
      const form = { grant_type: 'authorization_code', redirect_uri };
      expect(await contract.ion.token(form)).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing code parameter.'),
      );
    });

    it('leaves the code valid if it fails', async () => {
      const code = await contract.ion.code();
      expect((await contract.ion.exchange(code, { client_secret: 'wrong' })).status).toBe(401);
      expect(
        (await contract.ion.exchange(code, { redirect_uri: 'https://no.example/' })).status,
      ).toBe(400);
      expect((await contract.ion.exchange(code, {}, another)).status).toBe(400);
      expect((await contract.ion.exchange(code)).status).toBe(200);
    });

    it('returns independent tokens for each sign-in', async () => {
      const [first, second] = [await contract.ion.signIn(), await contract.ion.signIn()];
      expect(second.access_token).not.toBe(first.access_token);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      await contract.ion.revoke(second.refresh_token);
      expect((await contract.ion.api(first.access_token)).status).toBe(200);
      expect(await contract.ion.api(second.access_token)).toMatchObject(notAuthenticated);
    });
  });

  describe('the redirect_uri of a token request', () => {
    it.each(['https://app.example/complete/ion', `${redirect_uri ?? ''}?a=b`, ''])(
      'may not be %j',
      async (other) => {
        const response = await contract.ion.exchange(await contract.ion.code(), {
          redirect_uri: other,
        });
        expect(response).toMatchObject(
          oauthError(400, 'invalid_request', 'Mismatching redirect URI.'),
        );
      },
    );

    it('may be left out if only one is registered', async () => {
      const response = await contract.ion.exchange(await contract.ion.code(), {
        redirect_uri: undefined,
      });
      expect(response.status).toBe(200);
    });

    it('must have the same query as before', async () => {
      const given = { redirect_uri: `${redirect_uri ?? ''}?tab=1` };
      const code = await contract.ion.code({ request: given });
      expect((await contract.ion.exchange(code)).status).toBe(400);
      expect((await contract.ion.exchange(code, given)).status).toBe(200);
    });

    it('must have the same port as before', async () => {
      const given = { redirect_uri: 'http://127.0.0.1:4567/cb' };
      const other = { redirect_uri: 'http://127.0.0.1:4568/cb' };
      const code = await contract.ion.code({ to: several, request: given });
      expect((await contract.ion.exchange(code, other, several)).status).toBe(400);
      expect((await contract.ion.exchange(code, given, several)).status).toBe(200);
    });

    it('must be there if several are registered; the error has no state', async () => {
      const code = await contract.ion.code({ to: several });
      const form = { grant_type: 'authorization_code', code, state: 'x' };
      expect(await contract.ion.token(form, several)).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing redirect URI.'),
      );
    });
  });

  describe('the scope openid, for an application not registered for OpenID Connect', () => {
    it.each(['read openid', undefined])(
      'makes the exchange fail with an HTML page: %j',
      async (scope) => {
        const code = await contract.ion.code({ request: { scope } });
        for (const response of [
          await contract.ion.exchange(code),
          await contract.ion.exchange(code),
        ]) {
          expect(response.status).toBe(500);
          expect(response.headers['content-type']).toMatch(/^text\/html/);
        }
      },
    );
  });
}
