// strategy.refresh and strategy.revoke, with what an app may give them.

import { inspect } from 'node:util';

import { IonOptionError, IonResponseError, IonTokenError } from '../lib/errors.js';
import type { IonStrategy } from '../lib/strategy.js';
import type { IonTokens } from '../lib/tokens.js';
import { RotatingIon } from './support/rotating-ion.js';
import { json } from './support/scripted-ion.js';
import { strategyAt } from './support/strategy-at.js';

let ion: RotatingIon;
let strategy: IonStrategy;

beforeEach(async () => {
  ion = await new RotatingIon().start();
  strategy = strategyAt(ion.server.origin);
});

afterEach(() => ion.server.stop());

function withoutRefreshToken({ refreshToken: _, ...tokens }: IonTokens): IonTokens {
  return tokens;
}

describe('strategy.refresh', () => {
  it('sends the refresh token with the client, in the body alone', async () => {
    const old = ion.tokens();
    await strategy.refresh(old);

    const [seen] = ion.refreshes;
    expect(Object.fromEntries(new URLSearchParams(seen?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: old.refreshToken,
      client_id: 'an-id',
      client_secret: 'a-secret',
    });
    expect(seen).toMatchObject({ method: 'POST', url: '/oauth/token/' });
    expect(seen?.headers).not.toHaveProperty('authorization');
  });

  it('makes one request for all who ask at the same time', async () => {
    const old = ion.tokens();
    const all = await Promise.all(Array.from({ length: 100 }, () => strategy.refresh({ ...old })));

    expect(ion.refreshes).toHaveLength(1);
    expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(
      new Set([ion.tokens().accessToken]),
    );
  });

  it('makes one request together with the API', async () => {
    const old = ion.tokens(Date.now());
    const [fresh] = await Promise.all([
      strategy.refresh(old),
      strategy.api(old).get('/schedule'),
      strategy.api(old).get('/bus'),
    ]);

    expect(ion.refreshes).toHaveLength(1);
    expect(fresh.accessToken).toBe(ion.tokens().accessToken);
  });

  it('keeps apart who has other tokens', async () => {
    const old = ion.tokens();
    const other = { ...old, refreshToken: 'another' };
    const outcomes = await Promise.allSettled([strategy.refresh(old), strategy.refresh(other)]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(ion.refreshes).toHaveLength(2);
  });

  it('asks anew once a refresh is over, well or not', async () => {
    const old = ion.tokens();
    ion.before = () => json({}, 503);
    await expect(strategy.refresh(old)).rejects.toMatchObject({
      name: 'IonResponseError',
      code: 'ERR_ION_UNAVAILABLE',
      status: 503,
    });

    ion.before = () => undefined;
    await expect(strategy.refresh(old)).resolves.toMatchObject({ tokenType: 'Bearer' });
    await expect(strategy.refresh(old)).rejects.toBeInstanceOf(IonTokenError);
  });

  it('keeps the old refresh token where Ion gives no new one', async () => {
    const old = ion.tokens();
    ion.before = () => json({ access_token: 'another', expires_in: 10, token_type: 'Bearer' });

    await expect(strategy.refresh(old)).resolves.toMatchObject({
      accessToken: 'another',
      refreshToken: old.refreshToken,
    });
  });

  it('asks nothing without a refresh token: sign in again', async () => {
    await expect(strategy.refresh(withoutRefreshToken(ion.tokens()))).rejects.toMatchObject({
      name: 'IonTokenError',
      code: 'invalid_grant',
    });
    expect(ion.server.seen).toHaveLength(0);
  });
});

describe.each(['refresh', 'revoke'] as const)('strategy.%s', (method) => {
  it.each([undefined, null, 'a-refresh-token', {}, { refresh_token: 'r', access_token: 'a' }])(
    'throws IonOptionError for %j, which is not IonTokens, and sends nothing',
    async (value) => {
      // The cast: what JavaScript lets through.
      const error: unknown = await strategy[method](value as unknown as IonTokens).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(IonOptionError);
      expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'tokens' });
      expect(String(error)).toContain(
        `strategy.${method}: the argument is not IonTokens (see toIonTokens)`,
      );
      expect(ion.server.seen).toHaveLength(0);
    },
  );
});

describe('a strategy in a log', () => {
  it('shows no secret, as text, as data, or at any depth', async () => {
    await strategy.refresh(ion.tokens());
    const shown = [
      inspect(strategy, { depth: Infinity }),
      inspect(strategy, { depth: Infinity, showHidden: true }),
      JSON.stringify(strategy),
    ];
    for (const text of shown) expect(text).not.toMatch(/a-secret|Access\d|Refresh\d/);
  });
});

describe('strategy.revoke', () => {
  beforeEach(() => {
    ion.before = () => ({ status: 200 });
  });

  const sent = (): object =>
    Object.fromEntries(new URLSearchParams(ion.server.seen.at(-1)?.body ?? ''));

  it('revokes the refresh token, which ends both', async () => {
    const tokens = ion.tokens();
    await strategy.revoke(tokens);

    expect(ion.server.seen.map(({ url }) => url)).toEqual(['/oauth/revoke_token/']);
    expect(sent()).toEqual({
      token: tokens.refreshToken,
      token_type_hint: 'refresh_token',
      client_id: 'an-id',
      client_secret: 'a-secret',
    });
  });

  it('revokes the access token where there is no other', async () => {
    const tokens = withoutRefreshToken(ion.tokens());
    await strategy.revoke(tokens);

    expect(sent()).toMatchObject({ token: tokens.accessToken, token_type_hint: 'access_token' });
  });

  it('tells who sent what is no token to check the tokens, and not the callback', async () => {
    ion.before = () => json({ error: 'invalid_request' }, 400);
    for (const request of [strategy.revoke(ion.tokens()), strategy.refresh(ion.tokens())]) {
      const error: unknown = await request.catch((reason: unknown) => reason);
      expect(String(error)).toContain('check that these are the tokens that Ion gave');
      expect(String(error)).not.toContain('callbackURL');
    }
  });

  it('tells of a failure', async () => {
    ion.before = () => json({ error: 'invalid_client' }, 401);
    await expect(strategy.revoke(ion.tokens())).rejects.toMatchObject({ code: 'invalid_client' });

    ion.before = () => ({ status: 500, body: '<h1>Server Error (500)</h1>' });
    await expect(strategy.revoke(ion.tokens())).rejects.toBeInstanceOf(IonResponseError);
  });
});
