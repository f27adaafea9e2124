import {
  invalidClient,
  invalidGrant,
  notAuthenticated,
  oauthError,
} from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { basic, tokensIn } from './support/provider-client.js';
import { another, confidential, publicApplication } from './support/applications.js';

/** Tests exchanging a refresh token for new tokens. */
export function refresh(contract: Contract): void {
  describe('a refresh', () => {
    it('returns a new pair of tokens, and revokes the old one right away', async () => {
      const old = await contract.ion.signIn({ request: { scope: 'write read' } });
      const response = await contract.ion.refresh(old.refresh_token);
      expect(response).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          pragma: 'no-cache',
        },
      });
      expect(response.text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "write read", "refresh_token": "[A-Za-z0-9]{30}"\}$/,
      );
      const fresh = tokensIn(response);
      expect(fresh.access_token).not.toBe(old.access_token);
      expect(fresh.refresh_token).not.toBe(old.refresh_token);
      expect(await contract.ion.api(old.access_token)).toMatchObject(notAuthenticated);
      expect((await contract.ion.api(fresh.access_token)).status).toBe(200);
    });

    it('with the old refresh token is invalid_grant, and leaves the new pair valid', async () => {
      const old = await contract.ion.signIn();
      const fresh = tokensIn(await contract.ion.refresh(old.refresh_token));
      expect(await contract.ion.refresh(old.refresh_token)).toMatchObject(invalidGrant);
      expect(await contract.ion.refresh(old.refresh_token)).toMatchObject(invalidGrant);
      expect((await contract.ion.api(fresh.access_token)).status).toBe(200);
      expect((await contract.ion.refresh(fresh.refresh_token)).status).toBe(200);
    });

    it('accepts HTTP Basic', async () => {
      const { refresh_token } = await contract.ion.signIn();
      const form = { grant_type: 'refresh_token', refresh_token };
      const headers = basic(confidential.clientID, confidential.clientSecret);
      expect((await contract.ion.post('/oauth/token/', form, headers)).status).toBe(200);
    });

    it('several times in parallel returns the same new pair to all, or invalid_grant', async () => {
      const old = await contract.ion.signIn();
      const responses = await Promise.all(
        [1, 2, 3, 4].map(() => contract.ion.refresh(old.refresh_token)),
      );
      const [won, lost] = [200, 400].map((code) =>
        responses.filter(({ status }) => status === code),
      );
      expect(won).toHaveLength(4 - (lost?.length ?? 0));
      for (const response of lost ?? []) expect(response).toMatchObject(invalidGrant);
      const pairs = new Set(won?.map(({ text }) => text));
      expect(pairs.size).toBe(1);
      const [pair] = (won ?? []).map(tokensIn);
      expect((await contract.ion.api(pair?.access_token ?? '')).status).toBe(200);
      expect((await contract.ion.refresh(pair?.refresh_token ?? '')).status).toBe(200);
      expect(await contract.ion.refresh(pair?.refresh_token ?? '')).toMatchObject(invalidGrant);
    });

    it.each<[string, () => Promise<string>]>([
      ['revoked', revokedToken],
      ['unknown', () => Promise.resolve('a'.repeat(30))],
      ['an access token', async () => (await contract.ion.signIn()).access_token],
      [
        'of another application',
        async () => (await contract.ion.signIn({ to: another })).refresh_token,
      ],
    ])('with a token that is %s is invalid_grant', async (_what, token) => {
      expect(await contract.ion.refresh(await token())).toMatchObject(invalidGrant);
    });

    async function revokedToken(): Promise<string> {
      const { refresh_token } = await contract.ion.signIn();
      await contract.ion.revoke(refresh_token);
      return refresh_token;
    }

    it('by another application is invalid_grant, and leaves the token valid', async () => {
      const { refresh_token } = await contract.ion.signIn();
      expect(await contract.ion.refresh(refresh_token, {}, another)).toMatchObject(invalidGrant);
      expect((await contract.ion.refresh(refresh_token)).status).toBe(200);
    });

    it('with an empty token is invalid_grant', async () => {
      expect(await contract.ion.refresh('')).toMatchObject(invalidGrant);
    });

    it('without a token is invalid_request', async () => {
      expect(await contract.ion.token({ grant_type: 'refresh_token' })).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing refresh token parameter.'),
      );
    });

    it.each([{ client_secret: 'wrong' }, { client_secret: undefined }])(
      'with the credentials %j is invalid_client, and leaves the token valid',
      async (more) => {
        const { refresh_token } = await contract.ion.signIn();
        expect(await contract.ion.refresh(refresh_token, more)).toMatchObject(invalidClient);
        expect((await contract.ion.refresh(refresh_token)).status).toBe(200);
      },
    );
  });

  describe('the scope of a refresh', () => {
    it('may be narrower, and cannot be widened again', async () => {
      const wide = await contract.ion.signIn({ request: { scope: 'read write' } });
      const narrow = tokensIn(await contract.ion.refresh(wide.refresh_token, { scope: 'read' }));
      expect(narrow.scope).toBe('read');
      expect(
        await contract.ion.refresh(narrow.refresh_token, { scope: 'read write' }),
      ).toMatchObject(oauthError(400, 'invalid_scope'));
      expect(tokensIn(await contract.ion.refresh(narrow.refresh_token)).scope).toBe('read');
    });

    it.each(['read write', 'read lunch'])(
      'is invalid_scope if it is %j, and leaves the token valid',
      async (scope) => {
        const { refresh_token } = await contract.ion.signIn();
        expect(await contract.ion.refresh(refresh_token, { scope })).toMatchObject(
          oauthError(400, 'invalid_scope'),
        );
        expect((await contract.ion.refresh(refresh_token)).status).toBe(200);
      },
    );

    it('may be the same as before', async () => {
      const { refresh_token } = await contract.ion.signIn({ request: { scope: 'read write' } });
      const response = await contract.ion.refresh(refresh_token, { scope: 'write read' });
      expect(response.status).toBe(200);
    });
  });

  describe('a refresh by a public application', () => {
    it('requires only the client_id', async () => {
      const { refresh_token } = await contract.ion.signIn({ to: publicApplication });
      const withoutID = await contract.ion.refresh(
        refresh_token,
        { client_id: undefined },
        publicApplication,
      );
      expect(withoutID).toMatchObject(invalidClient);
      expect((await contract.ion.refresh(refresh_token, {}, publicApplication)).status).toBe(200);
    });
  });
}
