// SessionState: in-flight sign-ins in sessions that the tests make, in those of express-session and
// cookie-session, and in the new session that Passport's logIn begins.

import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

import cookieSession from 'cookie-session';
import express from 'express';
import type { Express, Request, RequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';

import { endpointsOf } from '../../lib/endpoints.js';
import { IonOptionError, IonSessionError } from '../../lib/errors.js';
import { SIGN_IN_LIFETIME_MS, refusal } from '../../lib/sign-in/in-flight.js';
import type { InFlightSignIn } from '../../lib/sign-in/in-flight.js';
import { SessionState } from '../../lib/sign-in/session-state.js';
import type { IonRequest } from '../../lib/express-request.js';
import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { useFakeTimers } from '../support/fake-timers.js';
import { fc, numberOfRuns } from '../support/fast-check.js';
import { UserAgent } from '../support/user-agent.js';

const MINUTE = 60_000;
const KEY = 'oauth2:ion.example';
const ROOT = 'https://app.example/complete/ion/';
const signIn: InFlightSignIn = {
  verifier: 'a-verifier',
  redirectURI: 'https://app.example/complete/ion/',
  state: { returnTo: '/lunch' },
};
const settings = {
  sessionKey: KEY,
  timeout: 10_000,
  endpoints: endpointsOf('https://ion.example'),
  clientID: 'an-id',
};
const signIns = new SessionState(settings);

/** Makes a request with this session. Cast because Express and Passport add the rest in a real app. */
function requestIn(session: unknown): IonRequest {
  return Object.assign(new IncomingMessage(new Socket()), { session }) as unknown as IonRequest;
}

/** Returns the session as a store would return it later. */
function kept<T>(session: T): T {
  // The cast is safe because everything in the session survives JSON.
  return JSON.parse(JSON.stringify(session)) as T;
}

function take(session: unknown, handle: string | undefined): ReturnType<SessionState['take']> {
  return signIns.take(requestIn(session), handle, signIn.redirectURI);
}

const refused = refusal('no-cookie');

/** Stops the clock during the tests of the `describe` block that calls this. */
function stopClock(): void {
  beforeEach(() => {
    useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}

describe('SessionState.begin, with a state of the app that is not JSON', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const hasThrowingGetter = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw undefined as unknown as Error;
    },
  });

  it.each<[string, unknown]>([
    ['a BigInt', { id: 10n }],
    ['a cycle', cycle],
    ['a getter that throws', hasThrowingGetter],
  ])('throws IonOptionError: %s', async (_what, state) => {
    const request = requestIn({});
    const error: unknown = await signIns
      .begin(request, { ...signIn, state })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IonOptionError);
    expect(error).toMatchObject({ option: 'state' });
    expect(request.session).toEqual({});
  });
});

describe('SessionState', () => {
  stopClock();

  it('finds a sign-in by its handle, with everything that it began with', async () => {
    const session = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    expect(await take(kept(session), handle)).toMatchObject({ signIn });
  });

  it('returns handles that no one can guess', async () => {
    const session = {};
    const handles = new Set<string>();
    for (let each = 0; each < 100; each += 1) {
      handles.add(await signIns.begin(requestIn(session), signIn));
    }
    expect(handles.size).toBe(100);
    // 32 characters hold 24 random bytes.
    for (const handle of handles) expect(handle).toMatch(/^[\w-]{32}$/);
  });

  it("keeps a sign-in without a verifier and the app's state", async () => {
    const session = {};
    const { redirectURI } = signIn;
    const handle = await signIns.begin(requestIn(session), { redirectURI });
    expect(await take(kept(session), handle)).toMatchObject({ signIn: { redirectURI } });
  });

  it('finds a sign-in once', async () => {
    const session = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    await take(session, handle);
    expect(await take(session, handle)).toEqual(refused);
  });

  it('leaves nothing in the session once the sign-in was used', async () => {
    const session = { note: 1 };
    const handle = await signIns.begin(requestIn(session), signIn);
    expect(Object.keys(session)).toEqual(['note', KEY]);
    await take(session, handle);
    expect(session).toEqual({ note: 1 });
  });

  it('does not find a sign-in of another session', async () => {
    const [mine, other] = [{}, {}];
    const handle = await signIns.begin(requestIn(mine), signIn);
    await signIns.begin(requestIn(other), signIn);
    expect(await take(other, handle)).toEqual(refused);
    expect(await take({}, handle)).toEqual(refused);
    expect(
      await new SessionState({ ...settings, sessionKey: 'another key' }).take(
        requestIn(mine),
        handle,
        signIn.redirectURI,
      ),
    ).toEqual(refused);
    expect(await take(mine, handle)).toHaveProperty('signIn');
  });

  it.each([undefined, '', '0', 'length', '__proto__', 'constructor', 'toString'])(
    'finds nothing for the handle %p',
    async (handle) => {
      const session = {};
      await signIns.begin(requestIn(session), signIn);
      expect(await take(session, handle)).toEqual(refused);
      expect(await take({ [KEY]: [{}] }, handle)).toEqual(refused);
    },
  );

  it('keeps several sign-ins, which can finish in any order', async () => {
    const session = {};
    const begun = [1, 2, 3].map((state) => signIns.begin(requestIn(session), { ...signIn, state }));
    const [first = '', second = '', third = ''] = await Promise.all(begun);
    expect(await take(session, second)).toMatchObject({ signIn: { state: 2 } });
    expect(await take(session, third)).toMatchObject({ signIn: { state: 3 } });
    expect(await take(session, first)).toMatchObject({ signIn: { state: 1 } });
  });

  it('keeps the ten newest sign-ins', async () => {
    const session: Record<string, unknown> = {};
    const small = { redirectURI: signIn.redirectURI };
    const handles: string[] = [];
    for (let each = 0; each < 12; each += 1) {
      handles.push(await signIns.begin(requestIn(session), small));
      expect((session[KEY] as unknown[]).length).toBeLessThanOrEqual(10);
    }
    expect(await take(session, handles[1])).toEqual(refused);
    expect(await take(session, handles[2])).toHaveProperty('signIn');
    expect(await take(session, handles[11])).toHaveProperty('signIn');
  });

  it('drops the oldest sign-ins if the session is a cookie, which must stay small', async () => {
    const session: Record<string, unknown> = {};
    const handles: string[] = [];
    for (let each = 0; each < 10; each += 1) {
      handles.push(await signIns.begin(requestIn(session), signIn));
      expect(JSON.stringify(session[KEY]).length).toBeLessThanOrEqual(1500);
    }
    expect((session[KEY] as unknown[]).length).toBeGreaterThanOrEqual(4);
    expect(await take(session, handles[9])).toHaveProperty('signIn');
    expect(await take(session, handles[0])).toEqual(refused);
  });

  it('throws IonOptionError if the state is too large for a session in a cookie', async () => {
    const state = 'x'.repeat(1500);
    await expect(signIns.begin(requestIn({}), { ...signIn, state })).rejects.toMatchObject({
      code: 'ERR_ION_OPTION',
      option: 'state',
    });
  });

  it.each([
    ['Ion, on another port', { endpoints: endpointsOf('https://ion.example:8443') }, ROOT],
    ['client id', { clientID: 'another' }, ROOT],
    ['redirect path', {}, 'https://app.example/connect/ion/'],
  ])(
    'does not find a sign-in of a strategy with another %s',
    async (_what, change, redirectURI) => {
      const session = {};
      const handle = await signIns.begin(requestIn(session), signIn);
      const other = new SessionState({ ...settings, ...change });
      expect(await other.take(requestIn(session), handle, redirectURI)).toEqual(refused);
      const same = new SessionState(settings);
      expect(await same.take(requestIn(session), handle, ROOT)).toHaveProperty('signIn');
    },
  );

  it('keeps a sign-in for ten minutes', async () => {
    expect(SIGN_IN_LIFETIME_MS).toBe(10 * MINUTE);
    const session = {};
    const [first, second] = [
      await signIns.begin(requestIn(session), signIn),
      await signIns.begin(requestIn(session), signIn),
    ];
    jest.advanceTimersByTime(10 * MINUTE - 1);
    expect(await take(session, first)).toHaveProperty('signIn');
    jest.advanceTimersByTime(1);
    expect(await take(session, second)).toEqual(refusal('expired'));
  });

  it('does not count expired sign-ins', async () => {
    const session: Record<string, unknown> = {};
    for (let each = 0; each < 3; each += 1) await signIns.begin(requestIn(session), signIn);
    jest.advanceTimersByTime(10 * MINUTE);
    await signIns.begin(requestIn(session), signIn);
    expect(session[KEY]).toHaveLength(1);
  });
});

describe('SessionState, with a session that was tampered with', () => {
  stopClock();

  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('a-handle', Date.now(), undefined));
  const entry = fc.record(
    { handle: field, at: field, redirectURI: field, verifier: field, state: field },
    { requiredKeys: [] },
  );
  const contents = fc.oneof(fc.array(fc.oneof(entry, fc.anything())), fc.anything());

  it('returns a sign-in whose parts have the right types, or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        contents,
        fc.constantFrom('a-handle', '', undefined),
        async (value, handle) => {
          const taken = await take({ [KEY]: value }, handle);
          if ('reason' in taken) {
            expect(taken).toEqual(refused);
            return;
          }
          expect(typeof taken.signIn.redirectURI).toBe('string');
          expect(['string', 'undefined']).toContain(typeof taken.signIn.verifier);
        },
      ),
      numberOfRuns(1000),
    );
  });

  it('can still begin a new sign-in', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (value) => {
        const session = { [KEY]: value };
        const handle = await signIns.begin(requestIn(session), signIn);
        expect(await take(session, handle)).toMatchObject({ signIn });
      }),
    );
  });

  it("returns anything as the app's state", async () => {
    const session: Record<string, unknown[]> = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    Object.assign(session[KEY]?.[0] as object, { state: ['<script>', 5, null] });
    expect(await take(session, handle)).toMatchObject({ signIn: { state: ['<script>', 5, null] } });
  });
});

describe('SessionState, without a session', () => {
  it.each([undefined, null, 'x', 5, true])(
    'throws an error that names the missing line if req.session is %p',
    async (session) => {
      for (const trying of [signIns.begin(requestIn(session), signIn), take(session, 'a-handle')]) {
        await expect(trying).rejects.toBeInstanceOf(IonSessionError);
        await expect(trying).rejects.toMatchObject({ code: 'ERR_ION_SESSION', status: 500 });
        await expect(trying).rejects.toThrow(
          "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion').",
        );
      }
    },
  );
});

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

type LogIn = (req: Request, done: (error?: unknown) => void) => void;

const user = { id: '3' };
const keepSession = { session: true, keepSessionInfo: true };
const asPassportDoes: LogIn = (req, done) => {
  req.logIn(user, { session: true }, done);
};
const withoutCallback: LogIn = (req, done) => {
  // Cast because Passport's declarations require a callback, which it does not need here.
  (req.logIn as (user: object, options: object) => void)(user, { session: false });
  done();
};
const ways: [string, LogIn][] = [
  ['as Passport does it', asPassportDoes],
  [
    'without options',
    (req, done) => {
      req.logIn(user, done);
    },
  ],
  [
    'by its other name',
    (req, done) => {
      req.login(user, done);
    },
  ],
  [
    'keeping the rest too',
    (req, done) => {
      req.logIn(user, keepSession, done);
    },
  ],
  [
    'without a session',
    (req, done) => {
      req.logIn(user, { session: false }, done);
    },
  ],
  ['without a session and a callback', withoutCallback],
];

/** Starts an app in which one route begins a sign-in, and another finishes it without Ion. */
async function startBareApp(sessions: RequestHandler[], logIn: LogIn): Promise<string> {
  const passport = new Passport();
  passport.serializeUser((given, done) => {
    done(null, given);
  });
  const app: Express = express();
  app.use(...sessions, passport.initialize() as RequestHandler);
  app.get('/begin', (req, res, next) => {
    Object.assign(sessionOf(req), { note: 'planted' });
    signIns.begin(req, { redirectURI: ROOT }).then((handle) => res.send(handle), next);
  });
  app.get('/finish/:handle', (req, res, next) => {
    signIns.take(req, req.params.handle, ROOT).then(async (taken) => {
      await signIns.keepOthers(req, req.params.handle);
      logIn(req, (error) => {
        if (error) next(error);
        else res.json({ found: 'signIn' in taken, user: req.user });
      });
    }, next);
  });
  app.get('/session', (req, res) => {
    res.json({ ...sessionOf(req), cookie: undefined });
  });
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  // The cast is safe because a server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sessionOf(req: Request): Record<string, unknown> {
  // The cast is safe because a session accepts any key.
  return req.session as unknown as Record<string, unknown>;
}

const ofExpress = (): RequestHandler[] => [
  session({ secret: 'a secret for tests', resave: false, saveUninitialized: false }),
];

/** cookie-session, with the methods added that Passport calls and cookie-session lacks. */
const ofCookies = (): RequestHandler[] => [
  cookieSession({ keys: ['a key'] }),
  (req, _res, next): void => {
    const call = (done: () => void): void => {
      done();
    };
    const regenerate = (done: () => void): void => {
      req.session = null as never;
      req.session = {} as never;
      add();
      done();
    };
    const add = (): void => {
      Object.defineProperties(req.session, {
        regenerate: { value: regenerate, configurable: true },
        save: { value: call, configurable: true },
      });
    };
    add();
    next();
  },
];

const kinds: [string, () => RequestHandler[]][] = [
  ['express-session', ofExpress],
  ['cookie-session', ofCookies],
];

async function textOf(browser: UserAgent, url: string): Promise<string> {
  return (await browser.get(url)).text;
}

describe.each(kinds)('SessionState.keepOthers, with %s', (_kind, sessions) => {
  it.each(ways)('keeps the other sign-ins when the app calls logIn %s', async (_way, logIn) => {
    const app = await startBareApp(sessions(), logIn);
    const browser = new UserAgent();
    const handles: string[] = [];
    for (let tab = 0; tab < 3; tab += 1) handles.push(await textOf(browser, `${app}/begin`));
    for (const handle of handles.reverse()) {
      const finished: unknown = JSON.parse(await textOf(browser, `${app}/finish/${handle}`));
      expect(finished).toEqual({ found: true, user });
    }
    const again: unknown = JSON.parse(await textOf(browser, `${app}/finish/${String(handles[0])}`));
    expect(again).toMatchObject({ found: false });
  });

  it('keeps nothing else', async () => {
    const app = await startBareApp(sessions(), asPassportDoes);
    const browser = new UserAgent();
    const first = await textOf(browser, `${app}/begin`);
    const second = await textOf(browser, `${app}/begin`);
    await browser.get(`${app}/finish/${first}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).toEqual({
      passport: { user },
      [KEY]: [expect.objectContaining({ handle: second })],
    });
  });

  it('adds nothing to the session if there are no others', async () => {
    const app = await startBareApp(sessions(), asPassportDoes);
    const browser = new UserAgent();
    await browser.get(`${app}/finish/${await textOf(browser, `${app}/begin`)}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).toEqual({ passport: { user } });
  });

  it('does not add the user to the session if logIn was called without one', async () => {
    const app = await startBareApp(sessions(), withoutCallback);
    const browser = new UserAgent();
    const [first] = [await textOf(browser, `${app}/begin`), await textOf(browser, `${app}/begin`)];
    await browser.get(`${app}/finish/${first}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).not.toHaveProperty('passport');
  });
});

describe('SessionState.keepOthers, when logIn fails', () => {
  it('passes the error to the app, and writes nothing', async () => {
    let failures = 0;
    const failing: RequestHandler = (req, _res, next) => {
      req.session.regenerate = (done) => {
        failures += 1;
        done(new Error('the store is down'));
        return req.session;
      };
      next();
    };
    const app = await startBareApp([...ofExpress(), failing], (req, done) => {
      req.logIn(user, (error) => {
        expect(sessionOf(req)[KEY]).toHaveLength(1);
        done(error);
      });
    });
    const browser = new UserAgent();
    const [first] = [await textOf(browser, `${app}/begin`), await textOf(browser, `${app}/begin`)];
    expect((await browser.get(`${app}/finish/${first}`)).status).toBe(500);
    expect(failures).toBe(1);
  });
});

describe('IonStrategy, with its sign-ins in the session', () => {
  const site = useAppAtLocalIon();

  /** Returns the `originalMaxAge` of each session in the store. */
  async function maxAges(store: session.MemoryStore): Promise<(number | null)[]> {
    const sessions = await new Promise<object>((resolve) => {
      store.all((_error, found) => {
        resolve(found ?? {});
      });
    });
    return Object.values(sessions).map(({ cookie }: session.SessionData) => cookie.originalMaxAge);
  }

  const nearly = (milliseconds: number): unknown => expect.closeTo(milliseconds, -2);

  it.each([
    { keepSessionInfo: false, tab: 'first' },
    { keepSessionInfo: true, tab: 'first' },
    { keepSessionInfo: true, tab: 'second' },
  ] as const)(
    'lets the session expire with the sign-ins until the $tab tab is signed in (keepSessionInfo: $keepSessionInfo)',
    async ({ keepSessionInfo, tab }) => {
      // Each time the clock is read, it is a millisecond later, so express-session shortens the session a little.
      let looks = 0;
      const startTime = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => startTime + (looks += 1));
      const store = new session.MemoryStore();
      await site.start({ session: expressSession(store), authenticate: { keepSessionInfo } });
      const browser = new UserAgent();
      const first = await site.begin(browser);
      expect(await maxAges(store)).toEqual([nearly(600_000)]);
      const second = await site.begin(browser);
      expect(await maxAges(store)).toEqual([nearly(600_000)]);
      await browser.get(
        await site.ion.approve(tab === 'first' ? first : second, { as: '2027jdoe' }),
      );
      expect((await browser.get(`${site.app.url}/whoami`)).text).toContain('Jane');
      expect(await maxAges(store)).toEqual([null]);
    },
  );

  it('gives the session back the lifetime that the app chose for it', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    const store = new session.MemoryStore();
    const hour = 3_600_000;
    const options = { secret: 'a secret for tests', resave: false, saveUninitialized: false };
    await site.start({
      session: session({ ...options, store, cookie: { maxAge: hour } }),
      authenticate: { keepSessionInfo: true },
    });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    expect(await maxAges(store)).toEqual([600_000]);
    await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(await maxAges(store)).toEqual([hour]);
  });

  it("does not change the lifetime of a session that holds the app's data", async () => {
    const store = new session.MemoryStore();
    const sessions = expressSession(store);
    await site.start({
      session: (req, res, next) => {
        sessions(req, res, (error?: unknown) => {
          Object.assign(req.session, { note: 'planted' });
          next(error);
        });
      },
    });
    await site.begin(new UserAgent());
    expect(await maxAges(store)).toEqual([null]);
  });

  it('keeps the cookie of cookie-session small, no matter how many sign-ins begin', async () => {
    await site.start({ session: cookieSession({ keys: ['a key'] }) });
    const browser = new UserAgent();
    for (let tab = 0; tab < 12; tab += 1) {
      await site.begin(browser, `/login?returnTo=/${'x'.repeat(150)}`);
      const cookies = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('='));
      expect(cookies.join('; ').length).toBeLessThan(2500);
    }
  });
});
