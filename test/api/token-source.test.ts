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
import type { IonStrategy } from '../../lib/strategy.js';
import type { IonTokens } from '../../lib/tokens.js';
import { RotatingIon } from '../support/rotating-ion.js';
import { json } from '../support/scripted-ion.js';
import { strategyAt } from '../support/strategy-at.js';

let ion: RotatingIon;
let strategy: IonStrategy;

beforeEach(async () => {
  ion = await new RotatingIon().start();
  strategy = strategyAt(ion.server.origin);
});

afterEach(() => ion.server.stop());

/** A store of one person's tokens, which notes what is done with it. */
class Store {
  loads = 0;
  readonly saved: IonTokens[] = [];

  constructor(public tokens: IonTokens | null | undefined) {}

  // Whoever calls these without their store notices.
  async load(): Promise<IonTokens | null | undefined> {
    this.loads += 1;
    await new Promise(setImmediate);
    return this.tokens;
  }

  async save(tokens: IonTokens): Promise<void> {
    await new Promise(setImmediate);
    this.saved.push(tokens);
    this.tokens = tokens;
  }
}

function apiOf(source: Parameters<IonStrategy['api']>[0]): IonAPI {
  return strategy.api(source);
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('it succeeded');
  return error;
}

function hundred<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 100 }, (_, index) => make(index));
}

/** A promise, and what settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('tokens that live', () => {
  it('are used as they are', async () => {
    const tokens = ion.tokens(Date.now() + 90_000);

    await expect(apiOf(tokens).get('/schedule')).resolves.toStrictEqual({
      answerTo: '/api/schedule',
    });
    expect(ion.refreshes).toHaveLength(0);
  });

  it('are not refreshed because Ion refuses something else', async () => {
    const refusal = { detail: 'You do not have permission to perform this action.' };
    ion.before = () => json(refusal, 403);
    const error = await errorOf(apiOf(ion.tokens()).get('/bus'));

    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ ionStatus: 403, ...refusal });
    expect(ion.server.seen).toHaveLength(1);
  });

  it.each([
    [401, { detail: 'Authentication credentials were not provided.' }],
    [403, { details: ['Authentication credentials were not provided.'] }],
    [403, { detail: 'Authentication credentials were not provided' }],
    [403, ['Authentication credentials were not provided.']],
  ])('are not refreshed for anything like that: %i %j', async (status, refusal) => {
    ion.before = () => json(refusal, status);

    expect(await errorOf(apiOf(ion.tokens()).get('/bus'))).toMatchObject({ ionStatus: status });
    expect(ion.server.seen).toHaveLength(1);
  });
});

describe('tokens that expire within a minute', () => {
  it.each([-36_000_000, 0, 50_000])('(in %i ms) are renewed before the request', async (left) => {
    const api = apiOf(ion.tokens(Date.now() + left));

    await expect(api.get('/schedule')).resolves.toStrictEqual({ answerTo: '/api/schedule' });
    expect(ion.refreshes).toHaveLength(1);
    expect(ion.requests).toHaveLength(1);
    expect(api.tokens).toMatchObject(stable(ion.tokens()));
  });

  it('are used to their end where there is no refresh token', async () => {
    const { refreshToken, ...tokens } = ion.tokens(Date.now() + 50_000);

    expect(refreshToken).toBeDefined();
    await expect(apiOf(tokens).get('/x')).resolves.toBeDefined();
  });

  it('and cannot be renewed mean that the person must sign in; nothing is sent', async () => {
    const { refreshToken, ...tokens } = ion.tokens(Date.now() - 1);
    const error = await errorOf(apiOf(tokens).get('/x'));

    expect(refreshToken).toBeDefined();
    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(error).toMatchObject({ code: 'ERR_ION_SIGN_IN_REQUIRED', status: 401 });
    expect(String(error)).toMatch(/no refresh token.+must sign in/);
    expect(ion.server.seen).toHaveLength(0);
  });
});

// A refresh tells anew when tokens expire.
function stable({ expiresAt, ...tokens }: IonTokens): object {
  expect(expiresAt).toBeDefined();
  return tokens;
}

describe('tokens that Ion takes no more', () => {
  it('are renewed, and Ion is asked again', async () => {
    const api = apiOf(ion.tokens());
    ion.endAccess();

    await expect(api.get('/schedule')).resolves.toStrictEqual({ answerTo: '/api/schedule' });
    expect(ion.server.seen.map(({ method, url }) => `${method} ${url}`)).toStrictEqual([
      'GET /api/schedule',
      'POST /oauth/token/',
      'GET /api/schedule',
    ]);
    await api.get('/bus');
    expect(ion.refreshes).toHaveLength(1);
  });

  it('are renewed for a POST too, which Ion did not carry out', async () => {
    const api = apiOf(ion.tokens());
    ion.endAccess();

    await api.post('/signups/user', { json: { scheduled_activity: 7 } });
    expect(ion.requests.map(({ method, body }) => [method, body])).toStrictEqual([
      ['POST', '{"scheduled_activity":7}'],
      ['POST', '{"scheduled_activity":7}'],
    ]);
  });

  it('are renewed for a picture, where Ion says only 403', async () => {
    const image = Buffer.from('\xff\xd8\xff and so on', 'latin1');
    const tokens = ion.tokens();
    ion.endAccess();
    ion.before = ({ url, headers }) => {
      const dead = headers.authorization === `Bearer ${tokens.accessToken}`;
      if (url === '/api/profile/3/picture') {
        return dead ? { status: 403, body: 'detail' } : { body: image };
      }
      return url === '/api/profile' && !dead ? json({ id: 3 }) : undefined;
    };

    await expect(apiOf(tokens).picture(3)).resolves.toMatchObject({ contentType: 'image/jpeg' });
    expect(ion.refreshes).toHaveLength(1);
  });

  it('are renewed between the pages of a list', async () => {
    ion.before = ({ url }) =>
      url === '/api/blocks'
        ? json({ results: [1], next: `${ion.server.origin}/api/blocks?page=2` })
        : undefined;
    const pages = apiOf(ion.tokens()).pages('/blocks');

    await expect(pages.next()).resolves.toMatchObject({ value: 1 });
    ion.endAccess();
    ion.before = ({ url, headers }) =>
      url === '/api/blocks?page=2' && headers.authorization?.includes('Access2')
        ? json({ results: [2], next: null })
        : undefined;
    await expect(pages.next()).resolves.toMatchObject({ value: 2 });
    await expect(pages.next()).resolves.toMatchObject({ done: true });
  });

  it('are renewed once: a second refusal means that the person must sign in', async () => {
    ion.before = ({ url }) =>
      url === '/oauth/token/'
        ? undefined
        : json({ detail: 'Authentication credentials were not provided.' }, 403);
    const error = await errorOf(apiOf(ion.tokens()).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('must sign in again');
    expect(ion.refreshes).toHaveLength(1);
    expect(ion.requests).toHaveLength(2);
  });

  it('and have no refresh token mean that the person must sign in', async () => {
    const { refreshToken, ...tokens } = ion.tokens();
    ion.endAccess();

    expect(refreshToken).toBeDefined();
    expect(await errorOf(apiOf(tokens).get('/x'))).toMatchObject({
      code: 'ERR_ION_SIGN_IN_REQUIRED',
    });
  });

  it('and cannot be refreshed mean that the person must sign in', async () => {
    const api = apiOf(ion.tokens());
    ion.endBoth();
    const error = await errorOf(api.get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('must sign in again');
    expect((error as IonSignInRequiredError).cause).toBeInstanceOf(IonTokenError);
    expect((error as IonSignInRequiredError).cause).toMatchObject({ code: 'invalid_grant' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/Access1|Refresh1/);
  });

  it("are no reason to sign in again where the app's own client id or secret is refused", async () => {
    ion.before = ({ url }) =>
      url === '/oauth/token/' ? json({ error: 'invalid_client' }, 401) : undefined;
    const error = await errorOf(apiOf(ion.tokens(0)).get('/x'));

    expect(error).toBeInstanceOf(IonTokenError);
    expect(error).toMatchObject({ code: 'invalid_client' });
  });
});

describe('tokens given as they are', () => {
  it('are replaced in the object that holds them', async () => {
    const given = ion.tokens();
    const api = apiOf(given);
    expect(api.tokens).toStrictEqual(given);
    ion.endAccess();
    await api.get('/x');

    expect(api.tokens).toMatchObject(stable(ion.tokens()));
    expect(given.accessToken).toContain('Access1');
  });

  it.each([undefined, null, 'token', {}, { accessToken: 'a' }, { load: () => null }, []])(
    'are refused where they are %j',
    (source) => {
      // The cast: the mistake of who has no types.
      const make = (): IonAPI => apiOf(source as unknown as IonTokens);

      expect(make).toThrow(IonOptionError);
      expect(make).toThrow(/must be IonTokens.+load and save/);
    },
  );
});

describe('many requests at once with dead tokens', () => {
  it('cause one refresh, and are all answered', async () => {
    const api = apiOf(ion.tokens());
    ion.endAccess();
    const answers = await Promise.all(hundred((index) => api.get(`/schedule/${index}`)));

    expect(answers).toStrictEqual(hundred((index) => ({ answerTo: `/api/schedule/${index}` })));
    expect(ion.refreshes).toHaveLength(1);
  });

  it('cause one refresh where they have expired by the clock', async () => {
    const api = apiOf(ion.tokens(0));
    await Promise.all(hundred(() => api.get('/x')));

    expect(ion.refreshes).toHaveLength(1);
    expect(ion.requests).toHaveLength(100);
  });

  it.each(['dead', 'expired'])('(%s) from a hundred IonAPIs cause one refresh too', async (how) => {
    const tokens = ion.tokens(how === 'dead' ? undefined : 0);
    if (how === 'dead') ion.endAccess();
    const apis = hundred(() => apiOf(tokens));
    await Promise.all(apis.map((api) => api.get('/x')));

    expect(ion.refreshes).toHaveLength(1);
    for (const api of apis) expect(api.tokens).toMatchObject(stable(ion.tokens()));
  });

  it('from a hundred IonAPIs with one store cause one refresh, and one save', async () => {
    const store = new Store(ion.tokens());
    ion.endAccess();
    await Promise.all(hundred(() => apiOf(store).get('/x')));

    expect(ion.refreshes).toHaveLength(1);
    expect(store.saved).toHaveLength(1);
    expect(store.tokens).toMatchObject(stable(ion.tokens()));
  });

  it('from one IonAPI ask its store twice: for the first request, and before the refresh', async () => {
    const store = new Store(ion.tokens());
    ion.endAccess();
    const api = apiOf(store);
    await Promise.all(hundred(() => api.get('/x')));

    expect(store.loads).toBe(2);
    expect(store.saved).toHaveLength(1);
  });

  it('are each saved where each has a store of its own', async () => {
    const stores = hundred(() => new Store(ion.tokens()));
    ion.endAccess();
    await Promise.all(stores.map((store) => apiOf(store).get('/x')));

    expect(ion.refreshes).toHaveLength(1);
    for (const store of stores) expect(store.saved).toMatchObject([stable(ion.tokens())]);
  });

  describe('share a refresh that was done before the last of them came back', () => {
    async function comesLate(late: IonAPI, other: IonAPI): Promise<void> {
      ion.endAccess();
      const [slow, arrived] = [gate(), gate()];
      ion.before = async ({ url }) => {
        if (url !== '/api/slow') return undefined;
        ion.before = () => undefined;
        arrived.open();
        await slow.opened;
        return undefined;
      };
      const answer = late.get('/slow');
      await arrived.opened;
      await other.get('/fast');
      slow.open();

      await expect(answer).resolves.toStrictEqual({ answerTo: '/api/slow' });
      expect(ion.refreshes).toHaveLength(1);
    }

    it('of one IonAPI, which does not ask its store again', async () => {
      const store = new Store(ion.tokens());
      const api = apiOf(store);

      await comesLate(api, api);
      expect(store.loads).toBe(2);
    });

    it('of two IonAPIs', async () => {
      const tokens = ion.tokens();

      await comesLate(apiOf(tokens), apiOf(tokens));
    });
  });

  it('ask once where Ion refuses to refresh, and all say that the person must sign in', async () => {
    const apis = hundred(() => apiOf(ion.tokens()));
    ion.endBoth();
    const errors = await Promise.all(apis.map((api) => errorOf(api.get('/x'))));

    for (const error of errors) expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('all fail where the refresh fails, each with the error, and the next may succeed', async () => {
    const tokens = ion.tokens(0);
    const apis = [apiOf(tokens), apiOf(tokens)] as const;
    ion.before = () => 'hang up';
    const errors = await Promise.all(hundred((i) => errorOf(apis[i % 2 === 0 ? 0 : 1].get('/x'))));

    for (const error of errors) expect(error).toBeInstanceOf(IonConnectionError);
    ion.before = () => undefined;
    await expect(Promise.all(apis.map((api) => api.get('/x')))).resolves.toHaveLength(2);
  });

  it('may try again after a failure, though others are still under way', async () => {
    const tokens = ion.tokens();
    const [slow, arrived] = [gate(), gate()];
    ion.before = async ({ url }) => {
      if (url === '/oauth/token/') return 'hang up';
      if (url !== '/api/slow') return undefined;
      arrived.open();
      await slow.opened;
      return json({});
    };
    const late = apiOf(tokens).get('/slow');
    await arrived.opened;
    ion.endAccess();
    const api = apiOf(tokens);
    expect(await errorOf(api.get('/x'))).toBeInstanceOf(IonConnectionError);
    ion.before = () => undefined;

    await expect(api.get('/x')).resolves.toBeDefined();
    slow.open();
    await late;
  });

  it('of two people cause a refresh each', async () => {
    const theirs = { ...ion.tokens(0), refreshToken: 'another' };
    ion.before = ({ url, body, headers }) => {
      if (headers.authorization === 'Bearer theirs') return json({});
      return url === '/oauth/token/' && body.includes('another')
        ? json({ access_token: 'theirs', token_type: 'Bearer', expires_in: 36000 })
        : undefined;
    };
    const apis = [apiOf(ion.tokens(0)), apiOf(theirs)] as const;
    await Promise.all(apis.map((api) => api.get('/x')));

    expect(apis[0].tokens?.accessToken).toContain('Access2');
    expect(apis[1].tokens).toMatchObject({ accessToken: 'theirs', refreshToken: 'another' });
  });
});

describe('Ion down in the middle of a refresh', () => {
  it('is an error for who asks, and leaves the old tokens where they are', async () => {
    const old = ion.tokens(0);
    const store = new Store(old);
    const apis = [apiOf(store), apiOf(old)] as const;
    ion.before = ({ url }) => (url === '/oauth/token/' ? 'hang up' : undefined);
    for (const api of apis) {
      const error = await errorOf(api.get('/x'));
      expect(error).toBeInstanceOf(IonConnectionError);
      expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE' });
    }

    expect(store.tokens).toBe(old);
    expect(store.saved).toHaveLength(0);
    expect(apis[1].tokens).toStrictEqual(old);
    ion.before = () => undefined;
    await expect(apis[0].get('/x')).resolves.toBeDefined();
  });

  it('is an error too where it is a page that says so', async () => {
    ion.before = () => ({ status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>' });

    expect(await errorOf(apiOf(ion.tokens(0)).get('/x'))).toMatchObject({
      code: 'ERR_ION_UNAVAILABLE',
      status: 503,
    });
  });
});

describe('a store', () => {
  it('is asked once for many requests', async () => {
    const store = new Store(ion.tokens());
    const api = apiOf(store);
    expect(api.tokens).toBeUndefined();
    await Promise.all(hundred(() => api.get('/x')));
    await api.get('/x');

    expect(store.loads).toBe(1);
    expect(store.saved).toHaveLength(0);
    expect(api.tokens).toStrictEqual(store.tokens);
  });

  it('may answer without a promise', async () => {
    let tokens = ion.tokens(0);
    const api = apiOf({ load: () => tokens, save: (newer) => void (tokens = newer) });

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(tokens).toMatchObject(stable(ion.tokens()));
  });

  it('is asked again before a refresh, since somebody may have refreshed already', async () => {
    const store = new Store(ion.tokens());
    const api = apiOf(store);
    await api.get('/x');
    store.tokens = ion.rotateElsewhere();

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(ion.refreshes).toHaveLength(0);
  });

  it('whose newer tokens have expired as well gets them refreshed', async () => {
    const store = new Store(ion.tokens());
    const api = apiOf(store);
    await api.get('/x');
    store.tokens = { ...ion.rotateElsewhere(), expiresAt: 0 };

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(ion.refreshes).toHaveLength(1);
  });

  it('has the new tokens before they are used', async () => {
    const store = new Store(ion.tokens(0));
    const saving = gate();
    const begun = gate();
    const api = apiOf({
      load: () => store.load(),
      save: async (tokens) => {
        begun.open();
        await saving.opened;
        await store.save(tokens);
      },
    });
    const answer = api.get('/x');
    await begun.opened;
    // Time enough for a request that does not wait.
    await ion.server.roundTrip();
    expect(ion.requests.filter(({ url }) => url === '/api/x')).toHaveLength(0);
    saving.open();

    await expect(answer).resolves.toBeDefined();
    expect(store.saved).toHaveLength(1);
  });

  it.each([null, undefined])(
    'that gives %p means that the person must sign in',
    async (nothing) => {
      const error = await errorOf(apiOf(new Store(nothing)).get('/x'));

      expect(error).toBeInstanceOf(IonSignInRequiredError);
      expect(String(error)).toContain('no tokens for this person: they must sign in');
      expect(ion.server.seen).toHaveLength(0);
    },
  );

  it('that has nothing any more, when the tokens die, means the same', async () => {
    const store = new Store(ion.tokens());
    const api = apiOf(store);
    await api.get('/x');
    ion.endBoth();
    store.tokens = null;

    expect(await errorOf(api.get('/x'))).toBeInstanceOf(IonSignInRequiredError);
    expect(ion.refreshes).toHaveLength(0);
  });

  it.each(['a sealed string', { accessToken: 7 }, []])(
    'that gives %j is told so',
    async (given) => {
      // The cast: the mistake of who has no types.
      const error = await errorOf(apiOf(new Store(given as unknown as IonTokens)).get('/x'));

      expect(error).toBeInstanceOf(IonOptionError);
      expect(error).toMatchObject({ option: 'load' });
    },
  );

  it('that fails to load passes its error on, and is asked again the next time', async () => {
    const store = new Store(ion.tokens());
    const problem = new Error('the database is away');
    let away = true;
    const load = (): Promise<IonTokens | null | undefined> => {
      if (away) throw problem;
      return store.load();
    };
    const api = apiOf({ load, save: (tokens) => store.save(tokens) });

    const errors = await Promise.all([errorOf(api.get('/x')), errorOf(api.get('/x'))]);
    expect(errors).toStrictEqual([problem, problem]);
    away = false;
    await expect(api.get('/x')).resolves.toBeDefined();
  });
});

describe('a store that fails to save', () => {
  class Failing extends Store {
    readonly problem = new Error('the disk is full');
    full = true;

    override async save(tokens: IonTokens): Promise<void> {
      if (this.full) throw this.problem;
      await super.save(tokens);
    }
  }

  it('is an error that holds the new tokens, out of sight', async () => {
    const store = new Failing(ion.tokens(0));
    const error = await errorOf(apiOf(store).get('/x'));

    expect(error).toBeInstanceOf(IonTokensNotSavedError);
    const failure = error as IonTokensNotSavedError;
    expect(failure).toMatchObject({ code: 'ERR_ION_TOKENS_NOT_SAVED', cause: store.problem });
    expect(failure.tokens).toMatchObject(stable(ion.tokens()));
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toMatch(/Access|Refresh2/);
    expect(JSON.stringify(failure)).not.toMatch(/Access|Refresh2/);
    expect(Object.keys(failure)).not.toContain('tokens');
    expect(ion.requests).toHaveLength(0);
  });

  it('is that error for all that wait', async () => {
    const store = new Failing(ion.tokens(0));
    const [one, other] = [apiOf(store), apiOf(store)];
    const errors = await Promise.all([one, one, other].map((api) => errorOf(api.get('/x'))));

    for (const error of errors) expect(error).toBeInstanceOf(IonTokensNotSavedError);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('is no matter for who shares the refresh and has a store that works', async () => {
    const failing = new Failing(ion.tokens(0));
    const working = new Store(ion.tokens(0));
    const answers = [failing, working].map((store) => apiOf(store).get('/x'));
    const [failed, succeeded] = await Promise.allSettled(answers);

    expect(failed).toMatchObject({ reason: { name: 'IonTokensNotSavedError' } });
    expect(succeeded).toMatchObject({ status: 'fulfilled' });
    expect(working.saved).toMatchObject([stable(ion.tokens())]);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('is asked again at the next request, and the tokens are used', async () => {
    const store = new Failing(ion.tokens(0));
    const api = apiOf(store);
    await errorOf(api.get('/x'));
    expect(await errorOf(api.get('/x'))).toBeInstanceOf(IonTokensNotSavedError);
    store.full = false;

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(store.saved).toMatchObject([stable(ion.tokens())]);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('is left alone where it holds other tokens by then', async () => {
    const store = new Failing(ion.tokens(0));
    const api = apiOf(store);
    const { tokens } = (await errorOf(api.get('/x'))) as IonTokensNotSavedError;
    expect(tokens.accessToken).toContain('Access2');
    store.full = false;
    store.tokens = ion.rotateElsewhere();

    await expect(api.get('/x')).resolves.toBeDefined();
    expect(store.saved).toHaveLength(0);
    expect(store.tokens.accessToken).toContain('Access3');
  });
});

describe('a store that gives no answer', () => {
  beforeEach(() => {
    strategy._oauth2.timeout = 1000;
  });
  const never = (): Promise<never> => new Promise(() => undefined);

  it('to load is an error in time', async () => {
    expect(await errorOf(apiOf({ load: never, save: never }).get('/x'))).toMatchObject({
      code: 'ERR_ION_APP',
      message: expect.stringMatching(/^load gave no answer within 1000 ms/) as string,
    });
    expect(ion.server.seen).toHaveLength(0);
  });

  it('to save is an error in time, which holds the new tokens; others are not held up', async () => {
    const old = ion.tokens(0);
    const working = new Store(old);
    const silent = apiOf({ load: () => old, save: never }).get('/x');
    const [error, answer] = await Promise.all([errorOf(silent), apiOf(working).get('/x')]);

    expect(error).toBeInstanceOf(IonTokensNotSavedError);
    expect(error).toMatchObject({
      tokens: stable(ion.tokens()),
      cause: { code: 'ERR_ION_APP' },
    });
    expect(answer).toEqual({ answerTo: '/api/x' });
    expect(ion.refreshes).toHaveLength(1);
  });
});

describe('another process that refreshed first', () => {
  /** A store into which the other process puts its tokens only when it is asked the `th` time. */
  function storeFilledAt(th: number): Store {
    const old = ion.tokens(0);
    const newer = ion.rotateElsewhere();
    const store = new Store(old);
    const load = store.load.bind(store);
    store.load = () => {
      if (store.loads + 1 === th) store.tokens = newer;
      return load();
    };
    return store;
  }

  // The first load is for the request, the second before the refresh.
  it.each([3, 4, 6])('and saves its tokens by load %i is waited for', async (th) => {
    const store = storeFilledAt(th);

    await expect(apiOf(store).get('/x')).resolves.toBeDefined();
    expect(store.loads).toBe(th);
    expect(store.saved).toHaveLength(0);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('and saves its tokens a little later is waited for', async () => {
    const old = ion.tokens(0);
    const newer = ion.rotateElsewhere();
    const store = new Store(old);
    ion.before = ({ url }) => {
      if (url === '/oauth/token/') setTimeout(() => (store.tokens = newer), 300);
      return undefined;
    };

    await expect(apiOf(store).get('/x')).resolves.toBeDefined();
    expect(ion.refreshes).toHaveLength(1);
  });

  it('and never saves its tokens is not waited for much longer by a slow store', async () => {
    const store = storeFilledAt(Infinity);
    const load = store.load.bind(store);
    store.load = async () => {
      if (store.loads >= 2) await new Promise((resolve) => setTimeout(resolve, 700));
      return load();
    };

    expect(await errorOf(apiOf(store).get('/x'))).toBeInstanceOf(IonSignInRequiredError);
    expect(store.loads).toBeLessThan(6);
  });

  it('is not waited for where there is no store', async () => {
    const store = storeFilledAt(Infinity);
    const [stored, given] = [apiOf(store), apiOf(ion.tokens(0))];
    ion.endBoth();
    const waiting = gate();
    const load = store.load.bind(store);
    store.load = () => {
      if (store.loads === 6) waiting.open();
      return load();
    };
    const first = errorOf(stored.get('/x')).then(() => 'stored');
    await waiting.opened;
    const second = errorOf(given.get('/x')).then(() => 'given');

    await expect(Promise.race([first, second])).resolves.toBe('given');
    await first;
  });

  it('but never saves its tokens is waited for a few times only', async () => {
    const store = storeFilledAt(Infinity);
    const error = await errorOf(apiOf(store).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(store.loads).toBeGreaterThan(4);
    expect(store.loads).toBeLessThan(12);
    expect(ion.refreshes).toHaveLength(1);
  });

  it('and signed the person out means that they must sign in', async () => {
    const store = storeFilledAt(Infinity);
    const load = store.load.bind(store);
    store.load = () => {
      if (store.loads === 3) store.tokens = null;
      return load();
    };
    const error = await errorOf(apiOf(store).get('/x'));

    expect(error).toBeInstanceOf(IonSignInRequiredError);
    expect(String(error)).toContain('no tokens for this person');
  });
});

describe('another process that refreshes once more', () => {
  it('while the new tokens are on their way has the request made with its own', async () => {
    const store = new Store(ion.tokens(0));
    ion.before = ({ url, headers }) => {
      if (url !== '/oauth/token/' && headers.authorization?.includes('Access2')) {
        store.tokens = ion.rotateElsewhere();
      }
      return undefined;
    };
    const api = apiOf(store);

    await expect(api.get('/x')).resolves.toEqual({ answerTo: '/api/x' });
    expect(api.tokens).toMatchObject(stable(ion.tokens()));
  });
});

describe('what waits for a refresh', () => {
  it('is forgotten once all is done', async () => {
    const store = new Store(ion.tokens(0));
    await apiOf(store).get('/x');
    const again = apiOf({ ...ion.tokens(0), refreshToken: 'Refresh1'.padEnd(30, 'x') });

    // Were the refresh of before remembered, this would have its tokens.
    expect(await errorOf(again.get('/x'))).toBeInstanceOf(IonSignInRequiredError);
    expect(ion.refreshes).toHaveLength(2);
  });
});
