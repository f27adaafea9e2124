// Tests when IonAPI loads, refreshes, and saves the tokens that it sends, and what it throws if it cannot.

import { inspect } from 'node:util';

import type { IonAPI } from '../../lib/api/api.js';
import {
  IonAPIError,
  IonConnectionError,
  IonOptionError,
  IonSignInRequiredError,
  IonTokenError,
  IonTokensNotSavedError,
} from '../../lib/errors.js';
import type { IonTokens } from '../../lib/tokens.js';
import { ION_ORIGIN, useNock } from '../support/nock.js';
import { rejectionOf } from '../support/rejection.js';
import {
  currentStrategy,
  apiOf,
  NO_CREDENTIALS,
  pair,
  expiringPair,
  withoutRefreshToken,
  expectAccepted,
  expectRefused,
  withAccessToken,
  refreshOf,
  expectRefresh,
  expectRefusedRefresh,
  Store,
  hundred,
  gate,
  useNewStrategies,
} from '../support/scripted-refreshes.js';

useNock();
useNewStrategies();

describe('IonAPI.get with tokens that work', () => {
  it('does not refresh them', async () => {
    expectAccepted(1, '/schedule');

    await expect(apiOf(expiringPair(1, 90_000)).get('/schedule')).resolves.toStrictEqual({
      path: '/schedule',
    });
  });

  it.each([
    [403, { detail: 'You do not have permission to perform this action.' }],
    [401, NO_CREDENTIALS],
    [403, { details: [NO_CREDENTIALS.detail] }],
    [403, { detail: 'Authentication credentials were not provided' }],
    [403, [NO_CREDENTIALS.detail]],
  ])('does not refresh them because of the response %i %j', async (status, body) => {
    withAccessToken(1).get('/api/bus').reply(status, body);
    const error = await rejectionOf(apiOf(pair(1)).get('/bus'));

    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ ionStatus: status });
  });
});

describe('IonAPI.get with tokens that expire within a minute', () => {
  it.each([-36_000_000, 0, 50_000])('refreshes them first (%i ms left)', async (left) => {
    expectRefresh();
    expectAccepted(2);
    const api = apiOf(expiringPair(1, left));

    await expect(api.get('/x')).resolves.toStrictEqual({ path: '/x' });
    expect(api.tokens).toMatchObject(pair(2));
  });

  it('uses them until they expire if there is no refresh token', async () => {
    expectAccepted(1);

    await expect(
      apiOf(withoutRefreshToken(expiringPair(1, 50_000))).get('/x'),
    ).resolves.toBeDefined();
  });

  it('sends nothing and asks for a sign-in if they have expired and there is no refresh token', async () => {
    const error = await rejectionOf(apiOf(withoutRefreshToken(expiringPair(1, -1))).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(error).toMatchObject({ code: 'ERR_ION_SIGN_IN_REQUIRED', status: 401 });
    expect(String(error)).toMatch(/no refresh token.+must sign in/);
  });
});

describe('IonAPI with an access token that Ion no longer accepts', () => {
  it('get: refreshes it and sends the request again', async () => {
    expectRefused(1, '/schedule');
    expectRefresh();
    expectAccepted(2, '/schedule');
    expectAccepted(2, '/bus');
    const api = apiOf(pair(1));

    await expect(api.get('/schedule')).resolves.toStrictEqual({ path: '/schedule' });
    await expect(api.get('/bus')).resolves.toStrictEqual({ path: '/bus' });
  });

  it('post: refreshes it and sends the body again, since Ion did nothing the first time', async () => {
    const json = { scheduled_activity: 7 };
    withAccessToken(1).post('/api/signups/user', json).reply(403, NO_CREDENTIALS);
    expectRefresh();
    withAccessToken(2).post('/api/signups/user', json).reply(201, { ok: true });

    await expect(apiOf(pair(1)).post('/signups/user', { json })).resolves.toStrictEqual({
      ok: true,
    });
  });

  it('picture: refreshes it, though Ion responds with only 403', async () => {
    const image = Buffer.from('\xff\xd8\xff and so on', 'latin1');
    withAccessToken(1).get('/api/profile/3/picture').reply(403, 'detail');
    withAccessToken(1).get('/api/profile').reply(403, NO_CREDENTIALS);
    expectRefresh();
    withAccessToken(2).get('/api/profile').reply(200, { id: 3 });
    withAccessToken(2).get('/api/profile/3/picture').reply(200, image);

    await expect(apiOf(pair(1)).picture(3)).resolves.toMatchObject({ contentType: 'image/jpeg' });
  });

  it('pages: refreshes it between two pages', async () => {
    const next = `${ION_ORIGIN}/api/blocks?page=2`;
    withAccessToken(1)
      .get('/api/blocks')
      .reply(200, { results: [1], next });
    expectRefused(1, '/blocks?page=2');
    expectRefresh();
    withAccessToken(2)
      .get('/api/blocks?page=2')
      .reply(200, { results: [2], next: null });
    const pages = apiOf(pair(1)).pages('/blocks');

    await expect(pages.next()).resolves.toMatchObject({ value: 1 });
    await expect(pages.next()).resolves.toMatchObject({ value: 2 });
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });

  it('get: refreshes it once, and asks for a sign-in if Ion refuses the new one too', async () => {
    expectRefused(1);
    expectRefresh();
    expectRefused(2);
    const error = await rejectionOf(apiOf(pair(1)).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('must sign in again');
  });

  it('get: asks for a sign-in if there is no refresh token', async () => {
    expectRefused(1);

    expect(await rejectionOf(apiOf(withoutRefreshToken(pair(1))).get('/x'))).toMatchObject({
      code: 'ERR_ION_SIGN_IN_REQUIRED',
    });
  });

  it('get: asks for a sign-in if Ion does not accept the refresh token', async () => {
    expectRefused(1);
    expectRefusedRefresh();
    const error = await rejectionOf(apiOf(pair(1)).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('must sign in again');
    expect((error as IonSignInRequiredError).cause).toBeInstanceOf(IonTokenError);
    expect((error as IonSignInRequiredError).cause).toMatchObject({ code: 'invalid_grant' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/Access1|Refresh1/);
  });

  it("get: does not ask for a sign-in if Ion refuses the app's own client id or secret", async () => {
    refreshOf(1).reply(401, { error: 'invalid_client' });
    const error = await rejectionOf(apiOf(expiringPair(1)).get('/x'));

    expect(error).toBeInstanceOf(IonTokenError);
    expect(error).toMatchObject({ code: 'invalid_client' });
  });
});

describe('strategy.api', () => {
  it('does not change the tokens that it is given when it refreshes', async () => {
    expectRefused(1);
    expectRefresh();
    expectAccepted(2);
    const given = pair(1);
    const api = apiOf(given);
    expect(api.tokens).toStrictEqual(given);
    await api.get('/x');

    expect(api.tokens).toMatchObject(pair(2));
    expect(given).toStrictEqual(pair(1));
  });

  it.each([undefined, null, 'token', {}, { accessToken: 'a' }, { load: () => null }, []])(
    'throws IonOptionError for the source %j',
    (source) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      const make = (): IonAPI => apiOf(source as unknown as IonTokens);

      expect(make).toThrow(IonOptionError);
      expect(make).toThrow(/must be IonTokens.+load and save/);
    },
  );
});

describe('IonAPI.get when Ion is down during a refresh', () => {
  it('throws IonConnectionError, keeps the old tokens, and tries again the next time', async () => {
    const old = expiringPair(1);
    const store = new Store(old);
    const apis = [apiOf(store), apiOf(old)] as const;
    for (const api of apis) {
      refreshOf(1).replyWithError(new Error('connection reset'));
      const error = await rejectionOf(api.get('/x'));
      expect(error).toBeInstanceOf(IonConnectionError);
      expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE' });
    }

    expect(store.tokens).toBe(old);
    expect(store.saved).toHaveLength(0);
    expect(apis[1].tokens).toStrictEqual(old);
    expectRefresh();
    expectAccepted(2);
    await expect(apis[0].get('/x')).resolves.toBeDefined();
  });

  it('throws ERR_ION_UNAVAILABLE for a maintenance page', async () => {
    refreshOf(1).reply(503, '<h1>', { 'content-type': 'text/html' });

    expect(await rejectionOf(apiOf(expiringPair(1)).get('/x'))).toMatchObject({
      code: 'ERR_ION_UNAVAILABLE',
      status: 503,
    });
  });
});

describe('IonAPI.get with a store', () => {
  it('loads once for many requests', async () => {
    expectAccepted(1, '/x', 101);
    const store = new Store(pair(1));
    const api = apiOf(store);
    expect(api.tokens).toBeUndefined();
    await Promise.all(hundred(() => api.get('/x')));
    await api.get('/x');

    expect(store.loads).toBe(1);
    expect(store.saved).toHaveLength(0);
    expect(api.tokens).toStrictEqual(store.tokens);
  });

  it('accepts a load and a save that do not return promises', async () => {
    expectRefresh();
    expectAccepted(2);
    let tokens = expiringPair(1);
    const api = apiOf({ load: () => tokens, save: (newer) => void (tokens = newer) });

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(tokens).toMatchObject(pair(2));
  });

  it('loads again before a refresh, and uses the tokens that another process has saved', async () => {
    expectAccepted(1);
    const store = new Store(pair(1));
    const api = apiOf(store);
    await api.get('/x');
    store.tokens = pair(2);
    expectRefused(1);
    expectAccepted(2);

    await expect(api.get('/x')).resolves.toBeDefined();
  });

  it('refreshes the tokens that another process has saved if they have expired too', async () => {
    expectAccepted(1);
    const store = new Store(pair(1));
    const api = apiOf(store);
    await api.get('/x');
    store.tokens = expiringPair(2);
    expectRefused(1);
    expectRefresh(2);
    expectAccepted(3);

    await expect(api.get('/x')).resolves.toBeDefined();
  });

  it('saves the new tokens before it sends them', async () => {
    expectRefresh();
    // This request runs during `save`. If `get` did not wait, it would send the new tokens at the same time.
    expectAccepted(9, '/meanwhile');
    const store = new Store(expiringPair(1));
    const api = apiOf({
      load: () => store.load(),
      save: async (tokens) => {
        await apiOf(pair(9)).get('/meanwhile');
        // Ion accepts the new tokens only from now on, so a request that was sent with them earlier fails.
        expectAccepted(2);
        await store.save(tokens);
      },
    });

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(store.saved).toHaveLength(1);
  });

  it.each([null, undefined])('asks for a sign-in if load returns %p', async (nothing) => {
    const error = await rejectionOf(apiOf(new Store(nothing)).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('no tokens for this person: they must sign in');
  });

  it('asks for a sign-in if Ion refuses the tokens and the store is empty by then', async () => {
    expectAccepted(1);
    const store = new Store(pair(1));
    const api = apiOf(store);
    await api.get('/x');
    store.tokens = null;
    expectRefused(1);

    expect(await rejectionOf(api.get('/x'))).toBeInstanceOf(IonSignInRequiredError);
  });

  it.each(['a sealed string', { accessToken: 7 }, []])(
    'throws IonOptionError if load returns %j',
    async (given) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      const error = await rejectionOf(apiOf(new Store(given as unknown as IonTokens)).get('/x'));

      expect(error).toBeInstanceOf(IonOptionError);
      expect(error).toMatchObject({ option: 'load' });
    },
  );

  it('throws what load throws, and loads again the next time', async () => {
    const store = new Store(pair(1));
    const problem = new Error('the database is down');
    let isDown = true;
    const load = (): Promise<IonTokens | null | undefined> => {
      if (isDown) throw problem;
      return store.load();
    };
    const api = apiOf({ load, save: (tokens) => store.save(tokens) });

    const errors = await Promise.all([rejectionOf(api.get('/x')), rejectionOf(api.get('/x'))]);
    expect(errors).toStrictEqual([problem, problem]);
    isDown = false;
    expectAccepted(1);
    await expect(api.get('/x')).resolves.toBeDefined();
  });
});

describe('IonAPI.get when save fails', () => {
  class FullStore extends Store {
    readonly problem = new Error('the disk is full');
    isFull = true;

    override async save(tokens: IonTokens): Promise<void> {
      if (this.isFull) throw this.problem;
      await super.save(tokens);
    }
  }

  it('throws IonTokensNotSavedError, which holds the new tokens but does not show them', async () => {
    expectRefresh();
    const store = new FullStore(expiringPair(1));
    const error = await rejectionOf(apiOf(store).get('/x'));

    expect(error).toBeInstanceOf(IonTokensNotSavedError);
    const failure = error as IonTokensNotSavedError;
    expect(failure).toMatchObject({ code: 'ERR_ION_TOKENS_NOT_SAVED', cause: store.problem });
    expect(failure.tokens).toMatchObject(pair(2));
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toMatch(/Access|Refresh2/);
    expect(JSON.stringify(failure)).not.toMatch(/Access|Refresh2/);
    expect(Object.keys(failure)).not.toContain('tokens');
  });

  it('throws that error in every request that waits', async () => {
    expectRefresh();
    const store = new FullStore(expiringPair(1));
    const [one, other] = [apiOf(store), apiOf(store)];
    const errors = await Promise.all([one, one, other].map((api) => rejectionOf(api.get('/x'))));

    for (const error of errors) expect(error).toBeInstanceOf(IonTokensNotSavedError);
  });

  it('does not fail for another store that shares the refresh and works', async () => {
    expectRefresh();
    expectAccepted(2);
    const full = new FullStore(expiringPair(1));
    const working = new Store(expiringPair(1));
    const responses = [full, working].map((store) => apiOf(store).get('/x'));
    const [failed, succeeded] = await Promise.allSettled(responses);

    expect(failed).toMatchObject({ reason: { name: 'IonTokensNotSavedError' } });
    expect(succeeded).toMatchObject({ status: 'fulfilled' });
    expect(working.saved).toMatchObject([pair(2)]);
  });

  it('tries to save again at the next request, without another refresh', async () => {
    expectRefresh();
    const store = new FullStore(expiringPair(1));
    const api = apiOf(store);
    await rejectionOf(api.get('/x'));
    expect(await rejectionOf(api.get('/x'))).toBeInstanceOf(IonTokensNotSavedError);
    store.isFull = false;
    expectAccepted(2);

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(store.saved).toMatchObject([pair(2)]);
  });

  it('does not save over tokens that another process has saved since', async () => {
    expectRefresh();
    const store = new FullStore(expiringPair(1));
    const api = apiOf(store);
    const { tokens } = (await rejectionOf(api.get('/x'))) as IonTokensNotSavedError;
    expect(tokens).toMatchObject(pair(2));
    store.isFull = false;
    store.tokens = pair(3);
    expectAccepted(3);

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(store.saved).toHaveLength(0);
    expect(store.tokens).toStrictEqual(pair(3));
  });
});

describe('IonAPI.get with a store that never settles', () => {
  beforeEach(() => {
    currentStrategy()._oauth2.timeout = 1000;
  });
  const never = (): Promise<never> => new Promise(() => undefined);

  it('throws ERR_ION_APP after the timeout, for load', async () => {
    expect(await rejectionOf(apiOf({ load: never, save: never }).get('/x'))).toMatchObject({
      code: 'ERR_ION_APP',
      message: expect.stringMatching(/^load did not finish within 1000 ms/) as string,
    });
  });

  it('throws IonTokensNotSavedError after the timeout, for save, and holds up no other store', async () => {
    expectRefresh();
    expectAccepted(2);
    const old = expiringPair(1);
    const silent = apiOf({ load: () => old, save: never }).get('/x');
    const working = apiOf(new Store(old)).get('/x');
    const [error, response] = await Promise.all([rejectionOf(silent), working]);

    expect(error).toBeInstanceOf(IonTokensNotSavedError);
    expect(error).toMatchObject({ tokens: pair(2), cause: { code: 'ERR_ION_APP' } });
    expect(response).toEqual({ path: '/x' });
  });
});

describe('IonAPI.get when another process refreshed first', () => {
  /** Makes a store that returns the old tokens before its `number`th load, and `newer` from then on. */
  function storeUpdatedAt(number: number, newer: IonTokens | null = pair(2)): Store {
    const store = new Store(expiringPair(1));
    const load = store.load.bind(store);
    store.load = () => {
      if (store.loads + 1 === number) store.tokens = newer;
      return load();
    };
    return store;
  }

  beforeEach(() => {
    expectRefusedRefresh(1);
  });

  // The first load is for the request, and the second is before the refresh. From the third load on, IonAPI
  // is waiting for the other process.
  it.each([3, 4, 6])('waits for the other process to save, until load %i', async (number) => {
    expectAccepted(2);
    const store = storeUpdatedAt(number);

    await expect(apiOf(store).get('/x')).resolves.toBeDefined();
    expect(store.loads).toBe(number);
    expect(store.saved).toHaveLength(0);
  });

  it('stops waiting after a few loads, and asks for a sign-in', async () => {
    const store = storeUpdatedAt(Infinity);
    const error = await rejectionOf(apiOf(store).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(store.loads).toBeGreaterThan(4);
    expect(store.loads).toBeLessThan(12);
  });

  it('stops waiting after fewer loads if the store is slow', async () => {
    const store = storeUpdatedAt(Infinity);
    const load = store.load.bind(store);
    const now = process.hrtime.bigint.bind(process.hrtime);
    let late = 0n;
    jest.spyOn(process.hrtime, 'bigint').mockImplementation(() => now() + late);
    store.load = () => {
      if (store.loads >= 2) late += 700_000_000n;
      return load();
    };

    expect(await rejectionOf(apiOf(store).get('/x'))).toBeInstanceOf(IonSignInRequiredError);
    expect(store.loads).toBeLessThan(6);
  });

  it('does not wait if it has no store, not even while an IonAPI with a store waits', async () => {
    const store = storeUpdatedAt(Infinity);
    const waiting = gate();
    const load = store.load.bind(store);
    store.load = () => {
      if (store.loads === 6) waiting.open();
      return load();
    };
    const first = rejectionOf(apiOf(store).get('/x')).then(() => 'with a store');
    await waiting.opened;
    expectRefusedRefresh(1);
    const second = rejectionOf(apiOf(expiringPair(1)).get('/x')).then(() => 'without a store');

    await expect(Promise.race([first, second])).resolves.toBe('without a store');
    await first;
  });

  it('asks for a sign-in if the other process deletes the tokens', async () => {
    const error = await rejectionOf(apiOf(storeUpdatedAt(3, null)).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('no tokens for this person');
  });
});

describe('IonAPI.get when another process refreshes again', () => {
  it('sends the request with the tokens of that process', async () => {
    const store = new Store(expiringPair(1));
    expectRefresh(1);
    withAccessToken(2)
      .get('/api/x')
      .reply(() => {
        store.tokens = pair(3);
        return [403, NO_CREDENTIALS];
      });
    expectAccepted(3);
    const api = apiOf(store);

    await expect(api.get('/x')).resolves.toEqual({ path: '/x' });
    expect(api.tokens).toMatchObject(pair(3));
  });

  /**
   * Makes Ion refuse the first tokens, and then the second, because another process has the third by then.
   */
  function replacedTwice(): IonAPI {
    const store = new Store(pair(1));
    expectRefused(1);
    expectRefresh(1);
    withAccessToken(2)
      .get('/api/x')
      .reply(() => {
        store.tokens = pair(3);
        return [403, NO_CREDENTIALS];
      });
    return apiOf(store);
  }

  it('sends the request a third time if its own new tokens are dead by then, too', async () => {
    const api = replacedTwice();
    expectAccepted(3);

    await expect(api.get('/x')).resolves.toEqual({ path: '/x' });
    expect(api.tokens).toMatchObject(pair(3));
  });

  it('asks for a sign-in if Ion refuses the third time', async () => {
    const api = replacedTwice();
    expectRefused(3);

    const error = await rejectionOf(api.get('/x'));
    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('neither the access token nor the new one');
  });
});
