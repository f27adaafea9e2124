import { invalidClient, invalidGrant, notAuthenticated, oauthError } from './responses.js';
import type { Contract } from './contract.js';
import { basic, tokensIn } from './ion.js';
import { another, confidential, publicApplication } from './provider.js';

/** Refresh tokens become new pairs. */
export function refresh(the: Contract): void {
  describe('a refresh', () => {
    it('gives a new pair in the same form, and ends the old one at once', async () => {
      const old = await the.ion.signIn({ request: { scope: 'write read' } });
      const answer = await the.ion.refresh(old.refresh_token);
      expect(answer).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          pragma: 'no-cache',
        },
      });
      expect(answer.text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "write read", "refresh_token": "[A-Za-z0-9]{30}"\}$/,
      );
      const fresh = tokensIn(answer);
      expect(fresh.access_token).not.toBe(old.access_token);
      expect(fresh.refresh_token).not.toBe(old.refresh_token);
      expect(await the.ion.api(old.access_token)).toMatchObject(notAuthenticated);
      expect((await the.ion.api(fresh.access_token)).status).toBe(200);
    });

    it('with the old refresh token fails, and does the newer pair no harm', async () => {
      const old = await the.ion.signIn();
      const fresh = tokensIn(await the.ion.refresh(old.refresh_token));
      expect(await the.ion.refresh(old.refresh_token)).toMatchObject(invalidGrant);
      expect(await the.ion.refresh(old.refresh_token)).toMatchObject(invalidGrant);
      expect((await the.ion.api(fresh.access_token)).status).toBe(200);
      expect((await the.ion.refresh(fresh.refresh_token)).status).toBe(200);
    });

    it('takes the client by Basic too', async () => {
      const { refresh_token } = await the.ion.signIn();
      const form = { grant_type: 'refresh_token', refresh_token };
      const headers = basic(confidential.clientID, confidential.clientSecret);
      expect((await the.ion.post('/oauth/token/', form, headers)).status).toBe(200);
    });

    it('several times at the same moment gives all one new pair, or invalid_grant', async () => {
      const old = await the.ion.signIn();
      const answers = await Promise.all([1, 2, 3, 4].map(() => the.ion.refresh(old.refresh_token)));
      const [won, lost] = [200, 400].map((code) => answers.filter(({ status }) => status === code));
      expect(won).toHaveLength(4 - (lost?.length ?? 0));
      for (const answer of lost ?? []) expect(answer).toMatchObject(invalidGrant);
      const pairs = new Set(won?.map(({ text }) => text));
      expect(pairs.size).toBe(1);
      const [pair] = (won ?? []).map(tokensIn);
      expect((await the.ion.api(pair?.access_token ?? '')).status).toBe(200);
      expect((await the.ion.refresh(pair?.refresh_token ?? '')).status).toBe(200);
      expect(await the.ion.refresh(pair?.refresh_token ?? '')).toMatchObject(invalidGrant);
    });

    it.each<[string, () => Promise<string>]>([
      ['revoked', revokedToken],
      ['unknown', () => Promise.resolve('a'.repeat(30))],
      ['an access token', async () => (await the.ion.signIn()).access_token],
      ['of another application', async () => (await the.ion.signIn({ to: another })).refresh_token],
    ])('with a token that is %s is invalid_grant', async (_what, token) => {
      expect(await the.ion.refresh(await token())).toMatchObject(invalidGrant);
    });

    async function revokedToken(): Promise<string> {
      const { refresh_token } = await the.ion.signIn();
      await the.ion.revoke(refresh_token);
      return refresh_token;
    }

    it('with another application’s client does the token no harm', async () => {
      const { refresh_token } = await the.ion.signIn();
      expect(await the.ion.refresh(refresh_token, {}, another)).toMatchObject(invalidGrant);
      expect((await the.ion.refresh(refresh_token)).status).toBe(200);
    });

    it('with an empty token is invalid_grant', async () => {
      expect(await the.ion.refresh('')).toMatchObject(invalidGrant);
    });

    it('without a token says so', async () => {
      expect(await the.ion.token({ grant_type: 'refresh_token' })).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing refresh token parameter.'),
      );
    });

    it.each([{ client_secret: 'wrong' }, { client_secret: undefined }])(
      'with the secret %j is invalid_client, and keeps the token',
      async (more) => {
        const { refresh_token } = await the.ion.signIn();
        expect(await the.ion.refresh(refresh_token, more)).toMatchObject(invalidClient);
        expect((await the.ion.refresh(refresh_token)).status).toBe(200);
      },
    );
  });

  describe('the scope of a refresh', () => {
    it('may be narrower, and then is so for good', async () => {
      const wide = await the.ion.signIn({ request: { scope: 'read write' } });
      const narrow = tokensIn(await the.ion.refresh(wide.refresh_token, { scope: 'read' }));
      expect(narrow.scope).toBe('read');
      expect(await the.ion.refresh(narrow.refresh_token, { scope: 'read write' })).toMatchObject(
        oauthError(400, 'invalid_scope'),
      );
      expect(tokensIn(await the.ion.refresh(narrow.refresh_token)).scope).toBe('read');
    });

    it.each(['read write', 'read lunch'])('may not be %j, which keeps the token', async (scope) => {
      const { refresh_token } = await the.ion.signIn();
      expect(await the.ion.refresh(refresh_token, { scope })).toMatchObject(
        oauthError(400, 'invalid_scope'),
      );
      expect((await the.ion.refresh(refresh_token)).status).toBe(200);
    });

    it('may be repeated', async () => {
      const { refresh_token } = await the.ion.signIn({ request: { scope: 'read write' } });
      const answer = await the.ion.refresh(refresh_token, { scope: 'write read' });
      expect(answer.status).toBe(200);
    });
  });

  describe('a refresh of a public application', () => {
    it('needs its client_id only', async () => {
      const { refresh_token } = await the.ion.signIn({ to: publicApplication });
      const withoutID = await the.ion.refresh(
        refresh_token,
        { client_id: undefined },
        publicApplication,
      );
      expect(withoutID).toMatchObject(invalidClient);
      expect((await the.ion.refresh(refresh_token, {}, publicApplication)).status).toBe(200);
    });
  });
}
