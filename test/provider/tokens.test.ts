// Tests refreshing and revoking tokens with the real django-oauth-toolkit.

import { IonStrategy } from 'passport-ion';
import type { IonTokens } from 'passport-ion';

import { Ion } from '../local-ion/contract/support/provider-client.js';
import { DAY } from '../local-ion/contract/support/provider.js';
import { site, signIn, tokensOf, usualOptions } from './app-at-django.js';

describe('tokens of django-oauth-toolkit', () => {
  /** Returns a token store that records what is saved in it. */
  function storeOf(tokens: IonTokens): {
    load: () => Promise<IonTokens>;
    save: (fresh: IonTokens) => Promise<void>;
    saved: IonTokens[];
  } {
    const saved: IonTokens[] = [];
    return {
      saved,
      load: () => Promise.resolve(saved.at(-1) ?? tokens),
      save: (fresh) => {
        saved.push(fresh);
        return Promise.resolve();
      },
    };
  }

  it('are refreshed, and the old pair is dead', async () => {
    const { app, tokens } = await tokensOf();
    const fresh = await app.strategy.refresh(tokens);
    expect(fresh).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
    const ion = new Ion(site);
    expect((await ion.api(tokens.accessToken)).status).toBe(403);
    expect((await ion.api(fresh.accessToken)).status).toBe(200);
    await expect(app.strategy.refresh(tokens)).rejects.toMatchObject({
      name: 'IonTokenError',
      code: 'invalid_grant',
      status: 401,
    });
    expect((await ion.api(fresh.accessToken)).status).toBe(200);
  });

  it('are both revoked by one call, and may be revoked again', async () => {
    const { app, tokens } = await tokensOf();
    await app.strategy.revoke(tokens);
    expect((await new Ion(site).api(tokens.accessToken)).status).toBe(403);
    await expect(app.strategy.refresh(tokens)).rejects.toMatchObject({ code: 'invalid_grant' });
    await app.strategy.revoke(tokens);
  });

  it('are refreshed once for a hundred requests that find them dead', async () => {
    const { app, tokens } = await tokensOf();
    await site.advance(DAY);
    const store = storeOf(tokens);
    const api = app.strategy.api(store);
    const profiles = await Promise.all(Array.from({ length: 100 }, () => api.profile()));
    expect(profiles.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, () => '3'));
    expect(store.saved).toHaveLength(1);
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('are refreshed before the request once they have expired', async () => {
    const { app, tokens } = await tokensOf();
    const store = storeOf({ ...tokens, expiresAt: Date.now() - 1 });
    expect((await app.strategy.api(store).profile()).id).toBe('3');
    expect(store.saved).toHaveLength(1);
    expect(await site.countRefreshTokens()).toBe(2);
    expect((await new Ion(site).api(tokens.accessToken)).status).toBe(403);
  });

  it('may be refreshed by four processes at the same moment, and by no process later', async () => {
    const { app, tokens } = await tokensOf();
    // Each strategy stands in for a process of its own. A single strategy would send only one request for all
    // simultaneous calls.
    const strategies = [1, 2, 3, 4].map(
      () => new IonStrategy(usualOptions(), ({ profile }) => ({ id: profile.id })),
    );
    const refresh = (): Promise<IonTokens> => app.strategy.refresh(tokens);
    const [one, ...others] = await site.overlapping(
      strategies.map((strategy) => () => strategy.refresh(tokens)),
    );
    if (!one) throw new Error('Nobody got tokens');
    for (const other of others) {
      expect([other.accessToken, other.refreshToken]).toEqual([one.accessToken, one.refreshToken]);
    }
    await expect(refresh()).rejects.toMatchObject({ code: 'invalid_grant' });
    const next = await app.strategy.refresh(one);
    await expect(app.strategy.refresh(one)).rejects.toMatchObject({ code: 'invalid_grant' });
    expect((await app.strategy.api(next).profile()).id).toBe('3');
  });

  it('are looked for in the store if a refresh comes too late', async () => {
    const { app, tokens } = await tokensOf();
    const refreshed = await app.strategy.refresh(tokens);
    const seen: IonTokens[] = [];
    const late = app.strategy.api({
      // Acts as if another process saved its new tokens only after this process has tried to refresh.
      load: () => {
        const stored = seen.length < 2 ? tokens : refreshed;
        seen.push(stored);
        return stored;
      },
      save: () => {
        throw new Error('There is nothing to save');
      },
    });
    expect((await late.profile()).id).toBe('3');
    expect(seen.map((each) => each === refreshed)).toEqual([false, false, true]);
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('survive a lock of the account, and can still be refreshed', async () => {
    const { app, tokens } = await tokensOf();
    await site.lock('2028znunez', true);
    const store = storeOf(tokens);
    const api = app.strategy.api(store);
    expect((await api.profile()).id).toBe('3');
    await site.advance(DAY);
    expect((await api.profile()).id).toBe('3');
    expect(store.saved).toHaveLength(1);
    await expect(signIn(app)).rejects.toThrow();
  });

  it('are those of the other process if it came first', async () => {
    const { app, tokens } = await tokensOf();
    const store = storeOf(tokens);
    const mine = app.strategy.api(store);
    await mine.profile();
    await store.save(await app.strategy.refresh(tokens));
    expect((await mine.profile()).id).toBe('3');
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('still work, without a scope, after only the access token was revoked', async () => {
    const { app, tokens } = await tokensOf();
    const { accessToken, tokenType, scope } = tokens;
    await app.strategy.revoke({ accessToken, tokenType, scope });
    const store = storeOf(tokens);
    expect((await app.strategy.api(store).profile()).id).toBe('3');
    expect(store.saved).toMatchObject([{ scope: [] }]);
  });

  it('end in an error that says to sign in again, if all are revoked', async () => {
    const { app, tokens } = await tokensOf();
    await app.strategy.revoke(tokens);
    await expect(app.strategy.api(tokens).profile()).rejects.toMatchObject({
      name: 'IonSignInRequiredError',
    });
  });
});
