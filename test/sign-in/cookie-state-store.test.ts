// Tests sign-ins whose state is kept in sealed cookies, over real sockets.

import { createServer, request } from 'node:http';
import { inspect } from 'node:util';

import cookieSession from 'cookie-session';
import express from 'express';
import type { RequestHandler } from 'express';
import { Passport } from 'passport';
import OAuth2Strategy = require('passport-oauth2');

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';
import { CookieStateStore, IonOptionError } from 'passport-ion';
import type { CookieResponse, IonRequest, IonStrategyOptions } from 'passport-ion';

import { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';
import { startApp } from '../support/app.js';
import type { AppOptions, RunningApp } from '../support/app.js';

const SECRET = 'rQ3xw0x2n0ZB3oT1cW8mJ5yHkVdA6sLe';
const OTHER_SECRET = 'pL7uY2vE9qK4tR8zN1bM6cX3aS5dF0gH';
const MINUTE = 60_000;
const ROOT = '/complete/ion/';
const BELOW = '/2027jdoe/complete/ion/';

let ion: LocalIon;
let apps: RunningApp[] = [];

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());
afterEach(async () => {
  jest.restoreAllMocks();
  for (const app of apps) await app.stop();
  apps = [];
});

interface Setting extends Partial<AppOptions> {
  readonly secret?: string | string[];
  readonly options?: Partial<IonStrategyOptions>;
}

/** Starts an app. It has no sessions unless a test asks for them. */
async function start({ secret = SECRET, options, ...more }: Setting = {}): Promise<RunningApp> {
  const { clientID, clientSecret, baseURL } = ion;
  const store = new CookieStateStore({ secret });
  const app = await startApp({
    strategy: { clientID, clientSecret, baseURL, callbackURL: ROOT, store, ...options },
    session: null,
    authenticate: { session: false },
    ...more,
  });
  apps.push(app);
  return app;
}

/** The headers that a proxy sends to the app for a browser that uses https. */
const OVER_HTTPS = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' };
const trusting = { before: (app: express.Express) => void app.set('trust proxy', true) };

function begin(browser: Browser, app: RunningApp, path = '/login'): Promise<Page> {
  return browser.get(app.url + path);
}

/**
 * Approves the sign-in at Ion, and returns the callback's path and query, since the app's address might
 * differ.
 */
async function approve(page: Page | undefined, as = '2027jdoe'): Promise<string> {
  const { pathname, search } = new URL(await ion.approve(page?.location ?? '', { as }));
  return pathname + search;
}

/** Makes a callback to an unregistered URI, which Ion itself would not redirect to. */
function callbackTo(path: string, page: Page, code = 'a-code'): string {
  const state = new URL(page.location ?? '').searchParams.get('state') ?? '';
  return `${path}?code=${code}&state=${state}`;
}

const setCookies = (page: Page): string[] => page.headers.getSetCookie();
const ours = (browser: Browser, app: RunningApp): [string, string][] =>
  [...browser.cookiesFor(app.url)].filter(([name]) => name.includes('ion-'));

function cookieHeader(browser: Browser, app: RunningApp): string {
  return [...browser.cookiesFor(app.url)].map((pair) => pair.join('=')).join('; ');
}

/** Options that make an app respond to a failed sign-in with Passport's info. */
const showingInfo: Partial<AppOptions> = {
  onSignIn: (error, _user, info) => {
    throw Object.assign(new Error('refused'), { status: 403, code: JSON.stringify(info ?? error) });
  },
};

function reasonOf(page: Page): unknown {
  const { code } = JSON.parse(page.text) as { code: string };
  return (JSON.parse(code) as { reason?: unknown }).reason;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('CookieStateStore', () => {
  it("signs people in without a session, and returns the app's state", async () => {
    const app = await start();
    const browser = new Browser();
    const page = await browser.get(
      app.url + (await approve(await begin(browser, app, '/login?returnTo=/lunch'))),
    );
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toMatchObject({
      user: { name: 'Jane Doe' },
      info: { state: { returnTo: '/lunch' } },
    });
  });

  it('keeps a string as state too, and does not send it to Ion', async () => {
    const app = await start({ authenticate: { session: false, state: 'my own' } });
    const browser = new Browser();
    const begun = await begin(browser, app);
    const sent = [...new URL(begun.location ?? '').searchParams.values()];
    expect(sent).not.toContainEqual(expect.stringContaining('my own'));
    const page = await browser.get(app.url + (await approve(begun)));
    expect(JSON.parse(page.text)).toMatchObject({ info: { state: 'my own' } });
  });

  it('returns the scope that was requested, so that an error can name openid', async () => {
    const app = await start({ authenticate: { session: false, scope: 'openid' } });
    const browser = new Browser();
    const page = await browser.get(app.url + (await approve(await begin(browser, app))));
    expect(JSON.parse(page.text)).toMatchObject({ code: 'ERR_ION_OPENID' });
  });

  it('works on two processes that share nothing but the secret', async () => {
    const [first, second] = [await start(), await start()];
    const browser = new Browser();
    const callback = await approve(await begin(browser, first));
    const cookie = cookieHeader(browser, first);
    // Send the second app the first app's host, too, as a load balancer would, because that host's port is in
    // the redirect URI.
    const host = new URL(first.url).host;
    const page = await sendTo(second, callback, { cookie, host });
    expect(page).toMatchObject({ status: 200 });
  });

  it('works beside cookie-session, which the sign-in does not touch', async () => {
    const app = await start({
      session: (_req, _res, next) => {
        next();
      },
      before: (made) => {
        made.use(cookieSession({ keys: ['a key'] }), (req, _res, next) => {
          (req.session as { note?: string }).note = 'mine';
          next();
        });
      },
    });
    const browser = new Browser();
    const begun = await begin(browser, app);
    expect(setCookies(begun).filter((line) => line.startsWith('session='))).toHaveLength(1);
    const session = Buffer.from(browser.cookiesFor(app.url).get('session') ?? '', 'base64');
    expect(JSON.parse(session.toString())).toEqual({ note: 'mine' });
    expect((await browser.get(app.url + (await approve(begun)))).status).toBe(200);
  });

  it.each([...permutations([0, 1, 2])].map((order) => [order]))(
    'keeps several tabs, finished in the order %j',
    async (order) => {
      const app = await start();
      const browser = new Browser();
      const begun: Page[] = [];
      for (const tab of [0, 1, 2]) begun.push(await begin(browser, app, `/login?returnTo=/${tab}`));
      for (const tab of order) {
        const page = await browser.get(app.url + (await approve(begun[tab])));
        expect(JSON.parse(page.text)).toMatchObject({ info: { state: { returnTo: `/${tab}` } } });
      }
      expect(ours(browser, app)).toEqual([]);
    },
  );

  it('keeps tabs that begin and finish in parallel', async () => {
    const app = await start();
    const browser = new Browser();
    const begun = await Promise.all(Array.from({ length: 5 }, () => begin(browser, app)));
    const callbacks = await Promise.all(begun.map((page) => approve(page)));
    const pages = await Promise.all(callbacks.map((path) => browser.get(app.url + path)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('leaves the other cookies on the response as the app set them', async () => {
    const app = await start({
      before: (made) => {
        made.use((_req, res, next) => {
          res.cookie('before', '1').cookie('theme', 'dark');
          next();
        });
      },
    });
    const begun = await begin(new Browser(), app);
    expect(setCookies(begun).map((line) => line.split('=')[0])).toEqual([
      'before',
      'theme',
      expect.stringMatching(/^ion-/),
    ]);
  });

  it("works with passport-oauth2's own strategy as well", async () => {
    const passport = new Passport();
    const store = new CookieStateStore({ secret: SECRET });
    passport.use(
      'plain',
      new OAuth2Strategy(
        {
          authorizationURL: `${ion.baseURL}/oauth/authorize/`,
          tokenURL: `${ion.baseURL}/oauth/token/`,
          clientID: ion.clientID,
          clientSecret: ion.clientSecret,
          callbackURL: 'http://127.0.0.1/complete/ion/',
          scope: 'read',
          pkce: true,
          // Cast because passport-oauth2's declarations do not cover stores that take a PKCE verifier.
          store: store as never,
        } as never,
        (
          accessToken: string,
          _refresh: string,
          _profile: unknown,
          done: (e: null, u: object) => void,
        ) => {
          done(null, { id: accessToken });
        },
      ),
    );
    const app = express();
    // Cast because `passport.authenticate` is declared to return `any`.
    const handler = passport.authenticate('plain', { session: false }) as RequestHandler;
    app.get('/login', handler);
    app.get(ROOT, handler, (req, res) => void res.json(req.user));
    const server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const running = { url: `http://127.0.0.1:${port}` } as RunningApp;
    const browser = new Browser();
    const page = await browser.get(running.url + (await approve(await begin(browser, running))));
    expect(page.status).toBe(200);
    server.close();
    server.closeAllConnections();
  });
});

/** Sends a request with a Host header of the test's choice, which fetch does not allow. */
function sendTo(
  app: RunningApp,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('the cookies of CookieStateStore', () => {
  it('are HttpOnly and SameSite=Lax, with a name and a path that fit where the app is', async () => {
    const attributes = 'Max-Age=600; Path=PATH; HttpOnly; SameSite=Lax';
    const cases: [headers: Record<string, string>, callbackURL: string, expected: RegExp][] = [
      [{}, ROOT, /^ion-[\w-]{31}=[\w-]+; /],
      [OVER_HTTPS, ROOT, /^__Host-ion-[\w-]{31}=[\w-]+; /],
      [OVER_HTTPS, '/auth/ion/callback', /^__Host-ion-/],
      [OVER_HTTPS, '/callback', /^__Host-ion-/],
      [OVER_HTTPS, 'https://app.example/complete/ion/?site=1', /^__Host-ion-/],
      [OVER_HTTPS, BELOW, /^__Secure-ion-/],
      [OVER_HTTPS, 'https://user.tjhsst.edu/2027jdoe/callback', /^__Secure-ion-/],
    ];
    for (const [headers, callbackURL, expected] of cases) {
      const app = await start({ ...trusting, options: { callbackURL } });
      const [cookie = ''] = setCookies(await begin(new Browser(headers), app));
      expect(cookie).toMatch(expected);
      const path = cookie.startsWith('__Secure-')
        ? new URL(callbackURL, 'https://app.example').pathname
        : '/';
      const secure = headers === OVER_HTTPS ? '; Secure' : '';
      expect(cookie.replace(/^[^;]+; /, '')).toBe(attributes.replace('PATH', path) + secure);
    }
  });

  it('show nothing of the verifier, the state and the user', async () => {
    const app = await start({
      before: (made) => {
        made.use((req, _res, next) => {
          req.user = { id: 'secret-user' };
          next();
        });
      },
    });
    const [cookie = ''] = setCookies(
      await begin(new Browser(), app, '/login?returnTo=/secret-place'),
    );
    const value = /=([\w-]+);/.exec(cookie)?.[1] ?? '';
    expect(cookie + Buffer.from(value, 'base64url').toString('latin1')).not.toContain('secret');
  });

  it.each([
    ['signed in', () => ({ id: '1' }), 200],
    ['was refused by verify', () => false as const, 401],
    [
      'failed',
      () => {
        throw new Error('no database');
      },
      500,
    ],
  ])('are cleared when the person %s', async (_how, verify, status) => {
    const app = await start({ verify: (_login) => verify() });
    const browser = new Browser();
    const page = await browser.get(app.url + (await approve(await begin(browser, app))));
    expect(page.status).toBe(status);
    expect(setCookies(page)).toEqual([
      expect.stringMatching(/^ion-[\w-]{31}=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(ours(browser, app)).toEqual([]);
  });

  it('are cleared when the person declined', async () => {
    const app = await start();
    const browser = new Browser();
    const begun = await begin(browser, app);
    const { pathname, search } = new URL(await ion.deny(begun.location ?? '', { as: '2027jdoe' }));
    expect((await browser.get(app.url + pathname + search)).status).toBe(401);
    expect(ours(browser, app)).toEqual([]);
  });

  it('take at most 2 KB together: the oldest sign-ins are dropped', async () => {
    const app = await start();
    const browser = new Browser();
    const begun: Page[] = [];
    for (let tab = 0; tab < 12; tab += 1) {
      begun.push(await begin(browser, app, '/login?returnTo=/lunch'));
      expect(cookieHeader(browser, app).length).toBeLessThanOrEqual(2048);
    }
    const kept = ours(browser, app).length;
    expect(kept).toBeGreaterThanOrEqual(6);
    const statuses: number[] = [];
    for (const page of begun)
      statuses.push((await browser.get(app.url + (await approve(page)))).status);
    expect(statuses).toEqual([
      ...Array<number>(12 - kept).fill(403),
      ...Array<number>(kept).fill(200),
    ]);
  });

  it('are cleared at a callback if there are too many, since a sign-in under a path cannot see them', async () => {
    const app = await start({ ...trusting, options: { callbackURL: BELOW }, mount: '/2027jdoe' });
    const begun: Page[] = [];
    const cookies: string[] = [];
    for (let tab = 0; tab < 12; tab += 1) {
      const page = await begin(new Browser(OVER_HTTPS), app, '/2027jdoe/login');
      begun.push(page);
      cookies.push((setCookies(page)[0] ?? '').split(';')[0] ?? '');
    }
    const last = begun.at(-1);
    if (!last) throw new Error('nothing began');
    const headers = { ...OVER_HTTPS, cookie: cookies.join('; ') };
    const page = await new Browser(headers).get(
      `${app.url}${BELOW}?error=access_denied&state=${new URL(last.location ?? '').searchParams.get('state') ?? ''}`,
    );
    expect(page.status).toBe(401);
    const cleared = setCookies(page).map((line) => line.split('=')[0]);
    expect(cleared).toContain(cookies[11]?.split('=')[0]);
    expect(cleared).toContain(cookies[0]?.split('=')[0]);
    expect(cleared).not.toContain(cookies[10]?.split('=')[0]);
    expect(setCookies(page).every((line) => line.includes(`Path=${BELOW};`))).toBe(true);
  });

  it('are not counted with those of another strategy on the same host', async () => {
    const other = await start({ options: { clientID: 'another' } });
    const app = await start();
    const browser = new Browser();
    const begun = await begin(browser, app);
    const cookies = cookieHeader(browser, app);
    let crowd = '';
    for (let tab = 0; tab < 9; tab += 1) {
      crowd = [crowd, (setCookies(await begin(new Browser(), other))[0] ?? '').split(';')[0]]
        .filter(Boolean)
        .join('; ');
    }
    const second = await new Browser({ cookie: `${crowd}; ${cookies}` }).get(`${app.url}/login`);
    expect(setCookies(second)).toHaveLength(1);
    expect((await browser.get(app.url + (await approve(begun)))).status).toBe(200);
  });

  it('are found even if a forged one, or one for another path, comes first', async () => {
    const app = await start();
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    const [[name, value] = ['', '']] = ours(browser, app);
    const cookie = `${name}=forged; ${name}=${'A'.repeat(200)}; ${name}=${value}`;
    expect((await new Browser({ cookie }).get(app.url + callback)).status).toBe(200);
  });

  it('are opened for a callback only up to the fourth with the same name', async () => {
    const app = await start();
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    const [[name, value] = ['', '']] = ours(browser, app);
    const cookie = `${`${name}=forged; `.repeat(4)}${name}=${value}`;
    expect((await new Browser({ cookie }).get(app.url + callback)).status).toBe(403);
  });
});

describe('CookieStateStore.store, with a state', () => {
  it('that is too large for a cookie, throws IonOptionError', async () => {
    const app = await start();
    const page = await begin(new Browser(), app, `/login?returnTo=/${'x'.repeat(1000)}`);
    expect(page.status).toBe(500);
    expect(setCookies(page)).toEqual([]);
    expect(app.errors).toMatchObject([{ code: 'ERR_ION_OPTION', option: 'state' }]);
  });

  it.each<[why: string, state: unknown]>([
    ['BigInt', { big: 1n }],
    [
      '(no)',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      '(its toJSON failed)',
      {
        toJSON: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- an app might do this
          throw 'no';
        },
      },
    ],
  ])('that JSON cannot hold, throws IonOptionError that says why: %s', async (why, state) => {
    const app = await start({ authenticate: { session: false, state } });
    expect((await begin(new Browser(), app)).status).toBe(500);
    expect(app.errors).toMatchObject([
      { code: 'ERR_ION_OPTION', option: 'state', message: expect.stringContaining(why) as string },
    ]);
  });
});

describe('CookieStateStore.verify refuses a callback, with the reason,', () => {
  it('without any cookie', async () => {
    const app = await start(showingInfo);
    const callback = await approve(await begin(new Browser(), app));
    expect(reasonOf(await new Browser().get(app.url + callback))).toBe('no-cookie');
  });

  it.each(['state=unknown', `state=${'0'.repeat(33)}`, 'nothing=1', 'state=__proto__'])(
    'with %s',
    async (query) => {
      const app = await start(showingInfo);
      const browser = new Browser();
      await begin(browser, app);
      expect(reasonOf(await browser.get(`${app.url}${ROOT}?code=c&${query}`))).toBe('unknown');
    },
  );

  it('after ten minutes, even if the browser keeps the cookie', async () => {
    const app = await start(showingInfo);
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 10 * MINUTE + 1000);
    expect(reasonOf(await browser.get(app.url + callback))).toBe('expired');
  });

  it('with a cookie that was changed, or sealed with a secret that the app no longer has', async () => {
    const app = await start(showingInfo);
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    const [[name, value] = ['', '']] = ours(browser, app);
    const changed = `${name}=${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`;
    expect(reasonOf(await new Browser({ cookie: changed }).get(app.url + callback))).toBe(
      'unreadable',
    );
    const rotated = await start({ ...showingInfo, secret: OTHER_SECRET });
    const headers = { cookie: `${name}=${value}`, host: new URL(app.url).host };
    const { text } = await sendTo(rotated, callback, headers);
    expect(text).toContain('unreadable');
  });

  it('with the cookie of another sign-in under its name', async () => {
    const app = await start(showingInfo);
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    await begin(browser, app);
    const [[first] = [''], [, second] = ['', '']] = ours(browser, app);
    const page = await new Browser({ cookie: `${first}=${second}` }).get(app.url + callback);
    expect(reasonOf(page)).toBe('unreadable');
  });

  it('a second time, even with a copy of the cookie and another code', async () => {
    const app = await start();
    const browser = new Browser();
    const callback = await approve(await begin(browser, app));
    const cookie = cookieHeader(browser, app);
    expect((await browser.get(app.url + callback)).status).toBe(200);
    const other = callback.replace(/code=\w+/, 'code=another');
    expect((await new Browser({ cookie }).get(app.url + other)).status).toBe(403);
    expect((await browser.get(app.url + callback)).status).toBe(403);
  });

  it('over https, with a cookie whose name lacks the prefix', async () => {
    const app = await start({ ...trusting, ...showingInfo });
    const browser = new Browser(OVER_HTTPS);
    const begun = await begin(browser, app);
    const [[name, value] = ['', '']] = ours(browser, app);
    const cookie = `${name.replace('__Host-', '')}=${value}`;
    const page = await new Browser({ ...OVER_HTTPS, cookie }).get(
      app.url + callbackTo(ROOT, begun),
    );
    expect(reasonOf(page)).toBe('unknown');
  });

  it('over https, for a sign-in that began over http, and says so', async () => {
    const app = await start(trusting);
    const browser = new Browser();
    const begun = await begin(browser, app);
    const page = await browser.get(app.url + callbackTo(ROOT, begun), OVER_HTTPS);
    expect(page.status).toBe(500);
    expect(JSON.parse(page.text)).toMatchObject({
      code: 'ERR_ION_SESSION',
      message: expect.stringContaining('began at an http: address') as string,
    });
  });
});

describe('CookieStateStore.verify', () => {
  const meta = {
    authorizationURL: 'https://ion.example/oauth/authorize/',
    tokenURL: 'https://ion.example/oauth/token/',
    clientID: 'an-id',
    callbackURL: 'https://app.example/complete/ion/',
  };
  const store = new CookieStateStore({ secret: SECRET });
  const res = { getHeader: () => undefined, setHeader: jest.fn<undefined, [string, string[]]>() };

  function begun(
    for_: typeof meta,
    { user, verifier = 'verifier' }: { user?: unknown; verifier?: string | undefined } = {},
  ): { handle: string; name: string; value: string } {
    let handle = '';
    res.setHeader.mockClear();
    // The casts are safe because the store uses only these parts of a request and a response.
    store.store(
      { headers: {}, res, user } as never,
      verifier === '' ? undefined : verifier,
      undefined,
      for_,
      (_error, given = '') => {
        handle = given;
      },
    );
    const [, name = '', value = ''] =
      /^([^=]+)=([^;]+)/.exec(res.setHeader.mock.lastCall?.[1][0] ?? '') ?? [];
    return { handle, name, value };
  }

  function opened(cookie: string, handle: string, for_: typeof meta, user?: unknown): unknown {
    const verified: unknown[] = [];
    store.verify({ headers: { cookie }, res, user } as never, handle, for_, (...results) => {
      verified.push(...results);
    });
    return verified[1] === false ? (verified[2] as { reason: string }).reason : verified[1];
  }

  it('opens a cookie for the strategy that it was sealed for', () => {
    const { handle, name, value } = begun(meta);
    expect(opened(`${name}=${value}`, handle, meta)).toBe('verifier');
  });

  it('calls back with true for a sign-in without a verifier, as passport-oauth2 expects', () => {
    const { handle, name, value } = begun(meta, { verifier: '' });
    expect(opened(`${name}=${value}`, handle, meta)).toBe(true);
  });

  it('does not open a cookie that is larger than any of its own', () => {
    // Node ignores the dots when it decodes base64url, so only the length is wrong.
    const { handle, name, value } = begun(meta);
    expect(opened(`${name}=${value}${'.'.repeat(4_096)}`, handle, meta)).toBe('unreadable');
  });

  it.each<[what: string, user: unknown, same: unknown, other: unknown]>([
    ['an id that is a number', { id: 7, seen: 1 }, { id: 7, seen: 2 }, { id: 8 }],
    [
      'an id that is an object, as of MongoDB',
      { _id: { oid: 'a' }, seen: 1 },
      { _id: { oid: 'a' }, seen: 2 },
      { _id: { oid: 'b' } },
    ],
    ['a username', { username: 'jane', seen: 1 }, { username: 'jane' }, { username: 'john' }],
    ['no id', { name: 'Jane' }, { name: 'Jane' }, { name: 'John' }],
    ['only a text', 'jane', 'jane', 'john'],
    ['only a number', 7, 7, 8],
  ])('knows the same person again if req.user has %s', (_what, user, same, other) => {
    const { handle, name, value } = begun(meta, { user });
    expect(opened(`${name}=${value}`, handle, meta, same)).toBe('verifier');
    expect(opened(`${name}=${value}`, handle, meta, other)).toBe('other-user');
  });

  it('sets its cookie for the folder before a path with a semicolon', () => {
    begun({ ...meta, callbackURL: 'https://user.tjhsst.edu/2027jdoe/a;b/complete/ion/' });
    expect(res.setHeader.mock.lastCall?.[1][0]).toContain('; Path=/2027jdoe/; ');
  });

  it.each([
    ['authorization endpoint', { authorizationURL: 'https://other.example/oauth/authorize/' }],
    ['token endpoint', { tokenURL: 'https://other.example/oauth/token/' }],
    ['client id', { clientID: 'another' }],
    ['redirect path', { callbackURL: 'https://app.example/connect/ion/' }],
  ])('does not open a cookie for another %s, even under the right name', (_what, change) => {
    const other = { ...meta, ...change };
    const { handle, name, value } = begun(meta);
    expect(opened(`${name}=${value}`, handle, other)).toBe('unknown');
    const tag = begun(other).name.slice(0, '__Host-ion-'.length + 6);
    const renamed = tag + name.slice(tag.length);
    expect(opened(`${renamed}=${value}`, handle, other)).toBe('unreadable');
  });
});

describe('CookieStateStore, with someone already signed in', () => {
  /** Options that make an app sign in the person in the header `as`, before Passport sees the request. */
  const withUser: Partial<AppOptions> = {
    before: (made) => {
      made.use((req, _res, next) => {
        const as = req.get('as');
        if (as !== undefined) req.user = { id: as, seen: Math.random() } as Express.User;
        next();
      });
    },
    authenticate: { session: false, assignProperty: 'account' },
  };

  it.each([
    ['the same person', 'jane', 'jane', 200],
    ['someone else', 'jane', 'john', 403],
    ['no one', 'jane', undefined, 403],
    ['someone, when no one was signed in at the beginning', undefined, 'jane', 200],
  ])('compares who is signed in at the callback: %s', async (_who, first, second, status) => {
    const app = await start(withUser);
    const browser = new Browser();
    const as = (name?: string): Record<string, string> => (name === undefined ? {} : { as: name });
    const begun = await browser.get(`${app.url}/login`, as(first));
    const page = await browser.get(app.url + (await approve(begun)), as(second));
    expect(page.status).toBe(status);
    expect(ours(browser, app)).toEqual([]);
  });
});

describe('new CookieStateStore', () => {
  it('without options, throws IonOptionError that shows what to give it', () => {
    // Cast because a JavaScript app can leave out the options.
    const Untyped = CookieStateStore as unknown as new () => CookieStateStore;
    expect(() => new Untyped()).toThrow(IonOptionError);
    expect(() => new Untyped()).toThrow('CookieStateStore: give it { secret }');
  });

  it('seals with the newest of a list of secrets, and opens with all of them', async () => {
    const older = await start({ secret: OTHER_SECRET });
    const both = await start({ secret: [SECRET, OTHER_SECRET] });
    const browser = new Browser();
    const callback = await approve(await begin(browser, older));
    const headers = { cookie: cookieHeader(browser, older), host: new URL(older.url).host };
    expect(await sendTo(both, callback, headers)).toMatchObject({ status: 200 });
    const newer = await approve(await begin(browser, both));
    const copy = { cookie: cookieHeader(browser, both), host: new URL(both.url).host };
    expect(await sendTo(older, newer, copy)).toMatchObject({ status: 403 });
  });

  it.each([
    [undefined, /secret is missing/],
    ['short', /shorter than 32 characters/],
    ['a'.repeat(32), /fewer than 8 different characters/],
    [`${SECRET}\u200b`, /invisible character/],
    [[SECRET, undefined], /secret\[1\] is missing/],
  ])('checks the secret: %j', (secret, message) => {
    const make = (): CookieStateStore => new CookieStateStore({ secret });
    expect(make).toThrow(IonOptionError);
    expect(make).toThrow(message);
  });

  it('does not show the secret in a log', () => {
    const store = new CookieStateStore({ secret: SECRET });
    expect(inspect(store, { depth: Infinity, showHidden: true })).not.toContain(SECRET);
    expect(JSON.stringify(store)).toBe('{}');
  });
});

describe('CookieStateStore sets its cookies on the response that', () => {
  const meta = {
    authorizationURL: 'https://ion.example/oauth/authorize/',
    tokenURL: 'https://ion.example/oauth/token/',
    clientID: 'an-id',
    callbackURL: 'https://app.example/complete/ion/',
  };

  function storeIn(
    req: object,
    response?: (req: IonRequest) => CookieResponse,
  ): Promise<string | undefined> {
    const store = new CookieStateStore({ secret: SECRET, response });
    return new Promise((resolve) => {
      // The cast is safe because the store uses only these parts of a framework's request.
      store.store({ headers: {}, ...req } as never, 'v', undefined, meta, (_error, handle) => {
        resolve(handle);
      });
    });
  }

  function nodeResponse(): {
    lines: unknown;
    getHeader(): unknown;
    setHeader(n: string, v: unknown): void;
  } {
    return {
      lines: 'theirs=1',
      getHeader() {
        return this.lines;
      },
      setHeader(_name, value) {
        this.lines = value;
      },
    };
  }

  const expected = ['theirs=1', expect.stringMatching(/^__Host-ion-/) as string];

  it.each([
    ['req.res, of Express', (res: object) => ({ res })],
    ['req.ctx.res, of Koa', (res: object) => ({ ctx: { res }, res: {} })],
  ])('is %s', async (_name, requestWith) => {
    const res = nodeResponse();
    await storeIn(requestWith(res));
    expect(res.lines).toEqual(expected);
  });

  it('the option response returns', async () => {
    const res = nodeResponse();
    await storeIn({ res: nodeResponse() }, () => res);
    expect(res.lines).toEqual(expected);
  });

  it('the option response returns, if it is a reply of Fastify, which adds the header itself', async () => {
    const header = jest.fn();
    await storeIn({}, () => ({ header }));
    expect(header.mock.calls).toEqual([['Set-Cookie', expect.stringMatching(/^__Host-ion-/)]]);
  });

  it('it can find: without one, it throws an error that shows the line to add', async () => {
    await expect(storeIn({})).rejects.toMatchObject({ code: 'ERR_ION_OPTION', option: 'response' });
    await expect(storeIn({})).rejects.toThrow(
      'new CookieStateStore({ secret, response: (req) => req.reply })',
    );
  });

  it('must not be a promise, whose rejection would end the process', async () => {
    // Cast to pass an invalid value, as a JavaScript app could.
    const later = (): never => Promise.reject(new Error('no response')) as never;
    await expect(storeIn({}, later)).rejects.toMatchObject({
      code: 'ERR_ION_OPTION',
      message: expect.stringContaining('response returned a promise') as string,
    });
  });

  it('a function returns: another kind of option throws IonOptionError', () => {
    const make = (): CookieStateStore =>
      // Cast to pass an invalid value, as a JavaScript app could.
      new CookieStateStore({ secret: SECRET, response: 'res' as never });
    expect(make).toThrow(/response must be a function/);
  });
});
