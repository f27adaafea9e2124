// Tests strategy.refresh and strategy.revoke.

import { IonOptionError, IonResponseError, IonTokenError } from '../lib/errors.js';
import type { IonStrategy } from '../lib/strategy.js';
import type { IonTokens } from '../lib/tokens.js';
import { ion, ION_ORIGIN, useNock } from './support/nock.js';
import { strategyAt } from './support/strategy-at.js';

const CLIENT = { client_id: 'an-id', client_secret: 'a-secret' };

const WITHOUT_REFRESH_TOKEN = {
  accessToken: 'Access1',
  tokenType: 'Bearer',
  scope: ['read'],
} satisfies IonTokens;

const TOKENS = { ...WITHOUT_REFRESH_TOKEN, refreshToken: 'Refresh1' };

const NEW_ACCESS_TOKEN = {
  access_token: 'Access2',
  expires_in: 36000,
  token_type: 'Bearer',
  scope: 'read',
};

const NEW_TOKENS = { ...NEW_ACCESS_TOKEN, refresh_token: 'Refresh2' };

useNock();

let strategy: IonStrategy;

beforeEach(() => {
  strategy = strategyAt(ION_ORIGIN);
});

type Reply = ReturnType<ReturnType<typeof ion>['post']>;

/** Expects one refresh, with the secret only in its body. */
function refreshOf({ refreshToken } = TOKENS): Reply {
  return ion({}, ['authorization']).post('/oauth/token/', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...CLIENT,
  });
}

/** Expects one revocation, with these parameters in its body. */
function revocationOf(parameters: Record<string, string>): Reply {
  return ion({}, ['authorization']).post('/oauth/revoke_token/', { ...parameters, ...CLIENT });
}

describe('strategy.refresh', () => {
  it('sends the refresh token and the client secret in the body, and in no header', async () => {
    refreshOf(TOKENS).reply(200, NEW_TOKENS);

    await expect(strategy.refresh(TOKENS)).resolves.toMatchObject({
      accessToken: 'Access2',
      refreshToken: 'Refresh2',
      scope: ['read'],
    });
  });

  it('makes one request for a hundred calls at the same time', async () => {
    refreshOf(TOKENS).reply(200, NEW_TOKENS);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => strategy.refresh({ ...TOKENS })),
    );

    for (const { accessToken } of all) expect(accessToken).toBe('Access2');
  });

  it('shares its request with an IonAPI that refreshes at the same time', async () => {
    const expired = { ...TOKENS, expiresAt: Date.now() };
    refreshOf(TOKENS).reply(200, NEW_TOKENS);
    const api = ion({ authorization: 'Bearer Access2' });
    api.get('/api/schedule').reply(200, {}).get('/api/bus').reply(200, {});
    const [refreshed] = await Promise.all([
      strategy.refresh(expired),
      strategy.api(expired).get('/schedule'),
      strategy.api(expired).get('/bus'),
    ]);

    expect(refreshed.accessToken).toBe('Access2');
  });

  it('makes a separate request for each refresh token', async () => {
    const others = { ...TOKENS, refreshToken: 'Another' };
    refreshOf(TOKENS).reply(200, NEW_TOKENS);
    refreshOf(others).reply(400, { error: 'invalid_grant' });
    const outcomes = await Promise.allSettled([strategy.refresh(TOKENS), strategy.refresh(others)]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('makes another request after one has succeeded or failed', async () => {
    refreshOf(TOKENS).reply(503, {});
    await expect(strategy.refresh(TOKENS)).rejects.toMatchObject({
      name: 'IonResponseError',
      code: 'ERR_ION_UNAVAILABLE',
      status: 503,
    });

    refreshOf(TOKENS).reply(200, NEW_TOKENS);
    await expect(strategy.refresh(TOKENS)).resolves.toMatchObject({ tokenType: 'Bearer' });
    refreshOf(TOKENS).reply(400, { error: 'invalid_grant' });
    await expect(strategy.refresh(TOKENS)).rejects.toBeInstanceOf(IonTokenError);
  });

  it('keeps the old refresh token if Ion gives no new one', async () => {
    refreshOf(TOKENS).reply(200, NEW_ACCESS_TOKEN);

    await expect(strategy.refresh(TOKENS)).resolves.toMatchObject({
      accessToken: 'Access2',
      refreshToken: TOKENS.refreshToken,
    });
  });

  it('sends nothing and throws invalid_grant without a refresh token', async () => {
    await expect(strategy.refresh(WITHOUT_REFRESH_TOKEN)).rejects.toMatchObject({
      name: 'IonTokenError',
      code: 'invalid_grant',
    });
  });
});

describe.each(['refresh', 'revoke'] as const)('strategy.%s', (method) => {
  it.each([undefined, null, 'a-refresh-token', {}, { refresh_token: 'r', access_token: 'a' }])(
    'sends nothing and throws IonOptionError for %j, which is not IonTokens',
    async (value) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      const error: unknown = await strategy[method](value as unknown as IonTokens).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(IonOptionError);
      expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'tokens' });
      expect(String(error)).toContain(
        `strategy.${method}: the argument is not IonTokens (see toIonTokens)`,
      );
    },
  );
});

describe('strategy.revoke', () => {
  it('revokes the refresh token, which ends both tokens', async () => {
    revocationOf({ token: 'Refresh1', token_type_hint: 'refresh_token' }).reply(200);

    await expect(strategy.revoke(TOKENS)).resolves.toBeUndefined();
  });

  it('revokes the access token if there is no refresh token', async () => {
    revocationOf({ token: 'Access1', token_type_hint: 'access_token' }).reply(200);

    await expect(strategy.revoke(WITHOUT_REFRESH_TOKEN)).resolves.toBeUndefined();
  });

  it('throws invalid_client if Ion refuses the client, and IonResponseError if Ion fails', async () => {
    const revocation = { token: 'Refresh1', token_type_hint: 'refresh_token' };
    revocationOf(revocation).reply(401, { error: 'invalid_client' });
    await expect(strategy.revoke(TOKENS)).rejects.toMatchObject({ code: 'invalid_client' });

    revocationOf(revocation).reply(500, '<h1>Server Error (500)</h1>');
    await expect(strategy.revoke(TOKENS)).rejects.toBeInstanceOf(IonResponseError);
  });
});

describe('strategy.refresh and strategy.revoke', () => {
  it('say to check the tokens, not the callbackURL, if Ion calls the request invalid', async () => {
    refreshOf(TOKENS).reply(400, { error: 'invalid_request' });
    revocationOf({ token: 'Refresh1', token_type_hint: 'refresh_token' }).reply(400, {
      error: 'invalid_request',
    });

    for (const request of [strategy.revoke(TOKENS), strategy.refresh(TOKENS)]) {
      const error: unknown = await request.catch((reason: unknown) => reason);
      expect(String(error)).toContain('check that these are the tokens that Ion gave');
      expect(String(error)).not.toContain('callbackURL');
    }
  });
});
