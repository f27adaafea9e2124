// Tests IonAPI with tokens that expire or are revoked at the local Ion, and refreshes while Ion is down.

import {
  IonConnectionError,
  IonResponseError,
  IonSignInRequiredError,
  IonTokenError,
} from '../../lib/errors.js';
import type { IonTokens } from '../../lib/tokens.js';
import { useAPIAtLocalIon } from '../support/api-at-local-ion.js';

const site = useAPIAtLocalIon();

/** Returns the status of each response so far for a path. */
function statusesOf(path: string): string[] {
  return site.log
    .map((line) => / (\/\S*) (\d{3})\b/.exec(line))
    .filter((match) => match?.[1] === path)
    .map((match) => match?.[2] ?? '');
}

describe('IonAPI, as time goes by', () => {
  it("refreshes tokens that have expired by Ion's clock, and sends the request again", async () => {
    const old = await site.tokensOf('2027jdoe');
    const api = site.strategy.api(old);
    site.hoursAhead = 11;

    await expect(api.profile()).resolves.toMatchObject({ username: '2027jdoe' });
    expect(statusesOf('/oauth/token/')).toStrictEqual(['200']);
    expect(statusesOf('/api/profile')).toStrictEqual(['403', '200']);
    expect(api.tokens?.accessToken).not.toBe(old.accessToken);
    expect(api.tokens?.refreshToken).not.toBe(old.refreshToken);
  });

  it('refreshes tokens that are about to expire by our clock before it sends a request', async () => {
    const tokens = await site.tokensOf('2027jdoe');
    const api = site.strategy.api({ ...tokens, expiresAt: Date.now() + 59_000 });

    await api.profile();
    expect(statusesOf('/oauth/token/')).toStrictEqual(['200']);
    expect(statusesOf('/api/profile')).toStrictEqual(['200']);
  });

  it('goes on for weeks, with one refresh each time', async () => {
    const api = await site.apiOf('2027jdoe');
    for (site.hoursAhead = 11; site.hoursAhead < 500; site.hoursAhead += 50) await api.profile();

    expect(statusesOf('/oauth/token/')).toStrictEqual(Array(10).fill('200'));
  });

  it('refreshes for a picture too', async () => {
    const api = await site.apiOf('2027jdoe');
    site.hoursAhead = 11;

    await expect(api.picture('2028znunez')).resolves.toMatchObject({ contentType: 'image/png' });
    expect(statusesOf('/oauth/token/')).toStrictEqual(['200']);
  });

  it('refreshes once for a hundred requests at the same time, and all of them succeed', async () => {
    const api = await site.apiOf('2027jdoe');
    site.hoursAhead = 11;
    const profiles = await Promise.all(Array.from({ length: 100 }, () => api.profile()));

    expect(new Set(profiles.map(({ username }) => username))).toStrictEqual(new Set(['2027jdoe']));
    expect(statusesOf('/oauth/token/')).toStrictEqual(['200']);
  });

  it('saves the new tokens before it uses them, since the old ones no longer work', async () => {
    const old = await site.tokensOf('2027jdoe');
    let stored = old;
    const api = site.strategy.api({
      load: () => stored,
      save: (tokens) => {
        expect(statusesOf('/api/profile')).toStrictEqual(['403']);
        stored = tokens;
      },
    });
    site.hoursAhead = 11;
    await api.profile();

    await expect(site.strategy.api(stored).profile()).resolves.toBeDefined();
    await expect(site.strategy.api(old).profile()).rejects.toThrow(IonSignInRequiredError);
  });
});

describe('IonAPI, with tokens that were revoked', () => {
  it('refreshes if only the access token was revoked at Ion', async () => {
    const api = await site.apiOf('2027jdoe');
    site.ion.revokeTokens('2027jdoe', { only: 'access' });

    await expect(api.profile()).resolves.toMatchObject({ username: '2027jdoe' });
    expect(api.tokens?.scope).toStrictEqual([]);
  });

  it('asks for a sign-in if all tokens were revoked at Ion', async () => {
    const api = await site.apiOf('2027jdoe');
    site.ion.revokeTokens('2027jdoe');
    const error: unknown = await api.profile().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect((error as IonSignInRequiredError).cause).toBeInstanceOf(IonTokenError);
    expect((error as IonSignInRequiredError).cause).toMatchObject({ code: 'invalid_grant' });
  });

  it('asks for a sign-in if the app revoked them', async () => {
    const tokens = await site.tokensOf('2027jdoe');
    const api = site.strategy.api(tokens);
    await api.profile();
    await site.strategy.revoke(tokens);

    await expect(api.profile()).rejects.toThrow(IonSignInRequiredError);
  });
});

describe('IonAPI, if Ion is down during a refresh', () => {
  it('keeps the old tokens, and refreshes them once Ion is back', async () => {
    const old = await site.tokensOf('2027jdoe');
    const saved: IonTokens[] = [];
    const api = site.strategy.api({
      load: () => saved.at(-1) ?? old,
      save: (tokens) => saved.push(tokens),
    });
    site.hoursAhead = 11;
    site.ion.failNext('token', { status: 503, body: '<h1>Maintenance</h1>' });

    await expect(api.profile()).rejects.toThrow(IonResponseError);
    expect(saved).toHaveLength(0);
    await expect(api.profile()).resolves.toBeDefined();
    expect(saved).toHaveLength(1);
  });

  it('asks for a sign-in if Ion issued new tokens and the response was lost', async () => {
    const api = await site.apiOf('2027jdoe');
    site.hoursAhead = 11;
    site.ion.failNext('token', { drop: 'mid-body' });

    await expect(api.profile()).rejects.toThrow(IonConnectionError);
    await expect(api.profile()).rejects.toThrow(IonSignInRequiredError);
  });
});
