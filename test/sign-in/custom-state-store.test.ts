// Tests sign-ins with the app's own state store, in every form that passport-oauth2 accepts.

import type { Request } from 'express';

import { IonOptionError, IonStrategy } from 'passport-ion';
import type { IonStrategyOptions, StateStore } from 'passport-ion';

import type { AppOptions } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

type Stored = (error: unknown, handle?: string) => void;
type Verified = (error: unknown, ok?: boolean | string, info?: unknown) => void;
type Store = StateStore;

interface Kept {
  readonly verifier?: string | undefined;
  readonly state?: unknown;
  readonly meta?: unknown;
}

/** The sign-ins that the stores keep, by handle. */
const kept = new Map<string, Kept>();
beforeEach(() => {
  kept.clear();
});

function keep(signIn: Kept, stored: Stored): void {
  const handle = `handle${kept.size}`;
  kept.set(handle, signIn);
  stored(null, handle);
}

function verify(handle: string, verified: Verified): void {
  const signIn = kept.get(handle);
  kept.delete(handle);
  if (signIn) verified(null, signIn.verifier ?? true, signIn.state);
  else verified(null, false, { message: 'The store does not know this sign-in.' });
}

// Cast because passport-oauth2's declarations have only some of these forms.
const storeOf = (methods: object): Store => methods as Store;

const stateAndMeta = storeOf({
  store(_req: Request, state: unknown, meta: unknown, stored: Stored) {
    keep({ state, meta }, stored);
  },
  verify(_req: Request, handle: string, verified: Verified) {
    verify(handle, verified);
  },
});

const forms: [string, Store, Partial<IonStrategyOptions>][] = [
  [
    'req, verifier, state, meta',
    storeOf({
      store(_req: Request, verifier: string, state: unknown, meta: unknown, stored: Stored) {
        keep({ verifier, state, meta }, stored);
      },
      verify(_req: Request, handle: string, _meta: unknown, verified: Verified) {
        verify(handle, verified);
      },
    }),
    {},
  ],
  ['req, state, meta', stateAndMeta, { pkce: false }],
  [
    'req, meta',
    storeOf({
      store(_req: Request, meta: unknown, stored: Stored) {
        keep({ meta }, stored);
      },
      verify(_req: Request, handle: string, verified: Verified) {
        verify(handle, verified);
      },
    }),
    { pkce: false },
  ],
  [
    'req',
    storeOf({
      store(_req: Request, stored: Stored) {
        keep({}, stored);
      },
      verify(_req: Request, handle: string, verified: Verified) {
        verify(handle, verified);
      },
    }),
    { pkce: false },
  ],
];

async function start(
  store: Store,
  more: Partial<IonStrategyOptions> = {},
  options: Partial<AppOptions> = {},
): Promise<void> {
  await site.start({ strategy: site.strategyOptions({ store, ...more }), ...options });
}

async function callbackFor(browser: Browser, path = '/login'): Promise<string> {
  const { location = '' } = await browser.get(`${site.app.url}${path}`);
  return site.ion.approve(location, { as: '2027jdoe' });
}

describe.each(forms)('IonStrategy with a state store that takes %s', (parameters, store, more) => {
  it('gives it the sign-in and what it is for', async () => {
    await start(store, more);
    const browser = new Browser();
    const callback = await callbackFor(browser, '/login?returnTo=/lunch');
    const [signIn] = kept.values();
    if (parameters.includes('meta')) {
      expect(signIn?.meta).toEqual({
        authorizationURL: `${site.ion.baseURL}/oauth/authorize/`,
        tokenURL: `${site.ion.baseURL}/oauth/token/`,
        clientID: site.ion.clientID,
        callbackURL: `${site.app.url}/complete/ion/`,
        scope: 'read',
      });
    }
    const page = await browser.get(callback);
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toEqual({
      user: expect.objectContaining({ id: expect.any(String) as string }) as object,
      info: parameters.includes('state') ? { state: { returnTo: '/lunch' } } : {},
    });
  });

  it('refuses a sign-in that was already used', async () => {
    await start(store, more);
    const browser = new Browser();
    const callback = await callbackFor(browser);
    await browser.get(callback);
    expect((await browser.get(callback)).status).toBe(403);
  });
});

const boom = new Error('The database is down.');
const failures: [string, (...parameters: unknown[]) => void][] = [
  [
    'thrown',
    () => {
      throw boom;
    },
  ],
  [
    'given',
    (...parameters) => {
      // The cast is safe because the last parameter is the callback.
      (parameters.at(-1) as Stored)(boom);
    },
  ],
];

describe.each(failures)('IonStrategy with a state store whose error is %s', (_how, broken) => {
  it.each(['store', 'verify'] as const)('passes on the error of %s', async (method) => {
    await start(storeOf(Object.assign({}, stateAndMeta, { [method]: broken })), { pkce: false });
    const browser = new Browser();
    const path = method === 'store' ? '/login' : '/complete/ion/?code=c&state=s';
    expect((await browser.get(`${site.app.url}${path}`)).status).toBe(500);
    expect(site.app.errors).toEqual([boom]);
  });
});

it('IonStrategy with a state store without handles, which cannot tell sign-ins apart, accepts any number of them', async () => {
  const store = storeOf({
    store(_req: Request, stored: Stored) {
      stored(null);
    },
    verify(_req: Request, _handle: string, verified: Verified) {
      verified(null, true);
    },
  });
  await start(store, { pkce: false });
  const people = [new Browser(), new Browser(), new Browser()];
  for (const browser of people) {
    expect((await browser.get(await callbackFor(browser))).status).toBe(200);
  }
});

it.each<[what: string, info: unknown, message: unknown]>([
  ['a text', 'Begun on another planet.', 'Begun on another planet.'],
  ['an object with a message', { message: 'Begun on Mars.' }, 'Begun on Mars.'],
  ['nothing', undefined, expect.stringContaining('did not begin in this browser')],
  [
    'an object without a message',
    { planet: 4 },
    expect.stringContaining('did not begin in this browser'),
  ],
])(
  'IonStrategy shows why a state store refused a sign-in, if it says so: %s',
  async (_what, info, message) => {
    const infos: unknown[] = [];
    const refusing = storeOf({
      ...stateAndMeta,
      verify(_req: Request, _handle: string, verified: Verified) {
        verified(null, false, info);
      },
    });
    await start(
      refusing,
      { pkce: false },
      {
        onSignIn: (_error, user, given) => {
          infos.push([user, given]);
          throw new Error('seen');
        },
      },
    );
    const browser = new Browser();
    await browser.get(await callbackFor(browser));
    expect(infos).toMatchObject([[false, { code: 'ERR_ION_STATE', message }]]);
  },
);

it.each([
  [
    'a store without handles',
    {
      pkce: false,
      store: storeOf({
        store(_req: Request, stored: Stored) {
          stored(null);
        },
        verify(_req: Request, _handle: string, verified: Verified) {
          verified(null, true);
        },
      }),
    },
  ],
  ['state off', { state: false, pkce: false, store: undefined }],
] as const)(
  'IonStrategy signs no one else in with a used callback URL: %s',
  async (_what, more) => {
    await start(stateAndMeta, more);
    const callback = await callbackFor(new Browser());
    expect((await new Browser().get(callback)).status).toBe(200);
    const other = new Browser();
    expect((await other.get(callback)).status).toBe(403);
    expect((await other.get(`${site.app.url}/whoami`)).text).toBe('null');
  },
);

describe('IonStrategy.authenticate, with a string as state and a state store', () => {
  it('sends the string to Ion unchanged if PKCE is off', async () => {
    await start(stateAndMeta, { pkce: false }, { authenticate: { state: 'my own' } });
    const { location = '' } = await new Browser().get(`${site.app.url}/login`);
    expect(new URL(location).searchParams.get('state')).toBe('my own');
    expect(kept.size).toBe(0);
  });

  it('throws IonOptionError if PKCE is on, since nothing would keep the verifier', async () => {
    const [[, withVerifier] = ['', stateAndMeta]] = forms;
    await start(withVerifier, {}, { authenticate: { state: 'my own' } });
    expect((await new Browser().get(`${site.app.url}/login`)).status).toBe(500);
    expect(site.app.errors).toMatchObject([{ code: 'ERR_ION_OPTION', option: 'state' }]);
  });
});

describe('new IonStrategy, with a state store that does not take the PKCE verifier', () => {
  const construct = (store: Store, more: Partial<IonStrategyOptions> = {}): IonStrategy =>
    new IonStrategy(
      { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/', store, ...more },
      ({ profile }) => ({ id: profile.id }),
    );
  const stores = [
    ...forms.slice(1).map(([parameters, store]) => [parameters, store] as const),
    [
      'req, verifier, state, meta, as an async function',
      storeOf({
        ...stateAndMeta,
        store: (_req: Request, _verifier: string, _state: unknown, _meta: unknown) =>
          Promise.resolve('a handle'),
      }),
    ],
    [
      '...parameters',
      storeOf({ ...stateAndMeta, store: (...parameters: unknown[]) => parameters }),
    ],
  ] as const;

  it.each(stores)('throws IonOptionError: %s', (_parameters, store) => {
    expect(() => construct(store)).toThrow(IonOptionError);
    expect(() => construct(store)).toThrow(`store.store declares ${store.store.length} parameters`);
    expect(() => construct(store)).toThrow('store(req, verifier, state, meta, done)');
  });

  it.each(stores)('accepts the store if PKCE is off: %s', (_parameters, store) => {
    expect(construct(store, { pkce: false })).toBeInstanceOf(IonStrategy);
  });
});
