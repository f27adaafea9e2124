import {
  invalidClient,
  invalidGrant,
  notAuthenticated,
  oauthError,
} from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { basic, tokensIn } from './support/provider-client.js';
import { another, confidential, publicApplication } from './support/applications.js';

const revoked = {
  status: 200,
  headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
  text: '',
};

/** Tests revoking tokens. */
export function revocation(contract: Contract): void {
  describe('a revocation', () => {
    it.each([undefined, 'refresh_token', 'access_token', 'lunch'])(
      'of the refresh token, with the hint %j, revokes both tokens',
      async (token_type_hint) => {
        const tokens = await contract.ion.signIn();
        expect(await contract.ion.revoke(tokens.refresh_token, { token_type_hint })).toMatchObject(
          revoked,
        );
        expect(await contract.ion.api(tokens.access_token)).toMatchObject(notAuthenticated);
        expect(await contract.ion.refresh(tokens.refresh_token)).toMatchObject(invalidGrant);
      },
    );

    it.each([undefined, 'refresh_token', 'access_token'])(
      'of the access token, with the hint %j, leaves a refresh token without scopes',
      async (token_type_hint) => {
        const tokens = await contract.ion.signIn();
        expect(await contract.ion.revoke(tokens.access_token, { token_type_hint })).toMatchObject(
          revoked,
        );
        expect(await contract.ion.api(tokens.access_token)).toMatchObject(notAuthenticated);
        expect(await contract.ion.refresh(tokens.refresh_token, { scope: 'read' })).toMatchObject(
          oauthError(400, 'invalid_scope'),
        );
        const response = await contract.ion.refresh(tokens.refresh_token);
        expect(response.text).toMatch(
          /^\{"access_token": "\w{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "", "refresh_token": "\w{30}"\}$/,
        );
        expect((await contract.ion.api(tokensIn(response).access_token)).status).toBe(200);
      },
    );

    it('of an unknown or already revoked token is not an error', async () => {
      const { refresh_token } = await contract.ion.signIn();
      for (const token of ['a'.repeat(30), refresh_token, refresh_token]) {
        expect(await contract.ion.revoke(token)).toMatchObject(revoked);
      }
    });

    it.each([undefined, ''])('of the token %j is invalid_request', async (token) => {
      expect(await contract.ion.revoke('', { token })).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing token parameter.'),
      );
    });

    it('with parameters in the URL is invalid_request, and leaves the token valid', async () => {
      const { access_token: token } = await contract.ion.signIn();
      const { clientID: client_id, clientSecret: client_secret } = confidential;
      const form = { token, client_id, client_secret };
      expect(await contract.ion.post('/oauth/revoke_token/?x=y', form)).toMatchObject(
        oauthError(400, 'invalid_request', 'URL query parameters are not allowed'),
      );
      expect((await contract.ion.api(token)).status).toBe(200);
    });

    it.each([
      ['a wrong secret', { client_secret: 'wrong' }],
      ['no secret', { client_secret: undefined }],
      ['an unknown client', { client_id: 'nobody' }],
      ['no client', { client_id: undefined, client_secret: undefined }],
    ])('with %s is invalid_client, and leaves the token valid', async (_what, more) => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.revoke(access_token, more)).toMatchObject(invalidClient);
      expect((await contract.ion.api(access_token)).status).toBe(200);
    });

    it('accepts HTTP Basic', async () => {
      const { access_token } = await contract.ion.signIn();
      const headers = basic(confidential.clientID, confidential.clientSecret);
      await contract.ion.post('/oauth/revoke_token/', { token: access_token }, headers);
      expect(await contract.ion.api(access_token)).toMatchObject(notAuthenticated);
    });

    it('by a public application requires no secret', async () => {
      const { access_token } = await contract.ion.signIn({ to: publicApplication });
      expect(await contract.ion.revoke(access_token, {}, publicApplication)).toMatchObject(revoked);
      expect(await contract.ion.api(access_token)).toMatchObject(notAuthenticated);
    });

    it('by another application revokes the token, too', async () => {
      const tokens = await contract.ion.signIn();
      expect(await contract.ion.revoke(tokens.refresh_token, {}, another)).toMatchObject(revoked);
      expect(await contract.ion.api(tokens.access_token)).toMatchObject(notAuthenticated);
    });
  });
}
