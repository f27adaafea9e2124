// Several sign-ins at once, and callbacks that are refused.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import type { RequestHandler } from 'express';
import session from 'express-session';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import type { IonRequest, IonStrategyOptions } from 'passport-ion';

import { NoState, withState } from '../../lib/sign-in/in-flight.js';
import { UserAgent } from '../support/user-agent.js';
import { expressSession, startApp } from '../support/app.js';
import type { AppOptions, RunningApp } from '../support/app.js';

let ion: LocalIon;
let app: RunningApp;
/** The requests that Ion received, one line of its log each. */
let log: string[];

beforeAll(async () => {
  ion = await startLocalIon({ log: (line) => log.push(line) });
});
afterAll(() => ion.stop());
beforeEach(() => {
  log = [];
});
let running: RunningApp[] = [];
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

function strategyOptions(more: Partial<IonStrategyOptions> = {}): IonStrategyOptions {
  const { clientID, clientSecret, baseURL } = ion;
  return { clientID, clientSecret, baseURL, callbackURL: '/complete/ion/', ...more };
}

async function start(options: Partial<AppOptions> = {}): Promise<void> {
  app = await startApp({ strategy: strategyOptions(), ...options });
  running.push(app);
}

async function begin(browser: UserAgent, path = '/login'): Promise<URL> {
  return new URL((await browser.get(app.url + path)).location ?? '');
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

const tokenRequests = (): string[] => log.filter((line) => line.includes('/oauth/token'));

describe('IonStrategy, with several tabs', () => {
  it.each([...permutations([0, 1]), ...permutations([0, 1, 2])].map((order) => [order]))(
    'signs in from all of them, in the order %j',
    async (order) => {
      await start();
      const browser = new UserAgent();
      const requests: URL[] = [];
      for (const tab of [...order].sort())
        requests.push(await begin(browser, `/login?returnTo=/${tab}`));
      for (const tab of order) {
        const request = requests[tab];
        if (!request) throw new Error('no such tab');
        const page = await browser.get(await ion.approve(request, { as: '2027jdoe' }));
        expect(JSON.parse(page.text)).toMatchObject({ info: { state: { returnTo: `/${tab}` } } });
      }
    },
  );

  it('moves the other sign-ins into the new session, and nothing else', async () => {
    await start({
      before: (made) => made.set('etag', false),
      session: withNote(expressSession()),
    });
    const browser = new UserAgent();
    const [first, second] = [await begin(browser), await begin(browser)];
    const before = [...browser.cookiesFor(app.url)];
    await browser.get(await ion.approve(first, { as: '2027jdoe' }));
    expect([...browser.cookiesFor(app.url)]).not.toEqual(before);
    const page = await browser.get(`${app.url}/note`);
    expect(page.text).not.toContain('planted');
    expect((await browser.get(await ion.approve(second, { as: '2027jdoe' }))).status).toBe(200);
  });

  it('signs in from all of them if they begin at the same moment', async () => {
    const store = new GatheringStore();
    await start({ session: expressSession(store) });
    const browser = new UserAgent();
    await begin(browser);
    store.gather(4);
    const requests = await Promise.all([1, 2, 3, 4].map(() => begin(browser)));
    for (const request of requests) {
      const callback = await ion.approve(request, { as: '2027jdoe' });
      expect((await browser.get(callback)).status).toBe(200);
    }
  });

  it('signs in from all of them if they finish at the same moment', async () => {
    await start();
    const browser = new UserAgent();
    const requests = [await begin(browser), await begin(browser), await begin(browser)];
    const callbacks = await Promise.all(
      requests.map((request) => ion.approve(request, { as: '2027jdoe' })),
    );
    const pages = await Promise.all(callbacks.map((callback) => browser.get(callback)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('signs in from one that begins while another waits for Ion', async () => {
    let second: URL | undefined;
    await start({
      verify: async ({ profile }) => {
        second ??= await begin(browser);
        return { id: profile.id };
      },
    });
    const browser = new UserAgent();
    const first = await begin(browser);
    expect((await browser.get(await ion.approve(first, { as: '2027jdoe' }))).status).toBe(200);
    const callback = await ion.approve(second ?? first, { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  describe.each([false, true])(
    'with resave %j, signs in from one that began while another',
    (resave) => {
      /** Signs in from a first tab, whose verify begins a sign-in in a second. Returns how both end. */
      async function secondAfter(
        verify: () => Express.User | false,
        more: Partial<AppOptions> = {},
      ): Promise<{ first: number; second: number }> {
        let second: URL | undefined;
        await start({
          session: expressSession(undefined, resave),
          verify: async ({ profile }) => {
            if (second) return { id: profile.id };
            second = await begin(browser);
            return verify();
          },
          ...more,
        });
        const browser = new UserAgent();
        const callback = await ion.approve(await begin(browser), { as: '2027jdoe' });
        const first = await browser.get(callback);
        const page = await browser.get(await ion.approve(second ?? '', { as: '2027jdoe' }));
        return { first: first.status, second: page.status };
      }

      it('was refused by verify', async () => {
        expect(await secondAfter(() => false)).toEqual({ first: 401, second: 200 });
      });

      it('ended in an error', async () => {
        const verify = (): never => {
          throw new Error('the database is down');
        };
        expect(await secondAfter(verify)).toEqual({ first: 500, second: 200 });
      });

      it('signed somebody in', async () => {
        expect(await secondAfter(() => ({ id: '1' }))).toEqual({ first: 200, second: 200 });
      });

      it('signed nobody in, like passport.authorize', async () => {
        const authenticate = { assignProperty: 'account' };
        expect(await secondAfter(() => ({ id: '1' }), { authenticate })).toEqual({
          first: 200,
          second: 200,
        });
      });
    },
  );

  it('keeps at most ten sign-ins: the eleventh replaces the first', async () => {
    await start();
    const browser = new UserAgent();
    const requests: URL[] = [];
    for (let tab = 0; tab < 11; tab += 1) requests.push(await begin(browser));
    const [first, second] = await Promise.all(
      requests.slice(0, 2).map((request) => ion.approve(request, { as: '2027jdoe' })),
    );
    expect((await browser.get(first ?? '')).status).toBe(403);
    expect((await browser.get(second ?? '')).status).toBe(200);
  });
});

describe('IonStrategy, with the same callback twice at once', () => {
  it('exchanges the code once, and signs in from both', async () => {
    await start();
    const browser = new UserAgent();
    const callback = await ion.approve(await begin(browser), { as: '2027jdoe' });
    const pages = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(tokenRequests()).toHaveLength(1);
    expect((await browser.get(`${app.url}/whoami`)).text).toContain('Jane');
  });
});

describe('IonStrategy, with a callback for a sign-in that is not in flight in this session', () => {
  const refused = async (browser: UserAgent, callback: string): Promise<void> => {
    log = [];
    expect((await browser.get(callback)).status).toBe(403);
    expect(log).toEqual([]);
  };

  it('fails with 403 if it was used, and sends nothing to Ion', async () => {
    await start();
    const browser = new UserAgent();
    const callback = await ion.approve(await begin(browser), { as: '2027jdoe' });
    await browser.get(callback);
    await refused(browser, callback);
  });

  it('fails with 403 if it began in another browser', async () => {
    await start();
    const attacker = new UserAgent();
    const callback = await ion.approve(await begin(attacker), { as: '2027jdoe' });
    await refused(new UserAgent(), callback);
  });

  it.each(['', '&state=unknown', '&state=__proto__'])(
    'fails with 403 for the state %j',
    async (state) => {
      await start();
      const browser = new UserAgent();
      await begin(browser);
      await refused(browser, `${app.url}/complete/ion/?code=abc${state}`);
    },
  );

  it('fails with 403 if it began more than ten minutes ago', async () => {
    await start();
    const browser = new UserAgent();
    const callback = await ion.approve(await begin(browser), { as: '2027jdoe' });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 10 * 60 * 1000 + 1);
    await refused(browser, callback);
  });

  it('fails with 403 for a forged error too', async () => {
    await start();
    const browser = new UserAgent();
    const request = await begin(browser);
    await refused(browser, `${app.url}/complete/ion/?error=server_error&state=forged`);
    const page = await browser.get(await ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
  });
});

describe('IonStrategy, with an error from Ion', () => {
  it('fails with 401 if the person declined', async () => {
    await start({ authenticate: { failWithError: true } });
    const browser = new UserAgent();
    const page = await browser.get(await ion.deny(await begin(browser), { as: '2027jdoe' }));
    expect(page.status).toBe(401);
    expect(app.errors).toMatchObject([{ name: 'AuthenticationError' }]);
  });

  it('follows failureRedirect with a message that says why', async () => {
    await start({
      authenticate: { failureRedirect: '/sorry', failureMessage: true },
      before: (made) => {
        made.get('/sorry', expressSessionForMessages, (req, res) => {
          res.json((req.session as { messages?: string[] }).messages ?? null);
        });
      },
      session: expressSessionForMessages,
    });
    const browser = new UserAgent();
    const page = await browser.get(await ion.deny(await begin(browser), { as: '2027jdoe' }));
    expect(page).toMatchObject({ status: 302, location: `${app.url}/sorry` });
    const sorry = await browser.get(page.location ?? '');
    expect(JSON.parse(sorry.text)).toEqual([
      'Ion did not sign you in: you declined, or the page at Ion could not run its script. Try again.',
    ]);
  });

  it("throws IonAuthorizationError with Ion's code for any other error", async () => {
    await start({ authenticate: { scope: 'nonsense' } });
    const browser = new UserAgent();
    const callback = await ion.approve(await begin(browser), { as: '2027jdoe' });
    expect(new URL(callback).searchParams.get('error')).toBe('invalid_scope');
    const page = await browser.get(callback);
    expect(page.status).toBe(500);
    expect(app.errors).toMatchObject([{ name: 'IonAuthorizationError', code: 'invalid_scope' }]);
  });
});

describe('IonStrategy, with a callback that Ion cannot have sent', () => {
  const malformed = [
    'code=a&code=b&state=S',
    'code[x]=1&state=S',
    'code[]=1&state=S',
    'code%5Bx%5D=1&state=S',
    'code=a%00b&state=S',
    'code=a%0d%0ab&state=S',
    'code=&state=S',
    'code=%ff&state=S',
    `code=${'a'.repeat(2000)}&state=S`,
    'code=a&state=S&state=S',
    'code=a&state[x]=S',
    'code=a&error=access_denied&state=S',
    'error=a&error=b&state=S',
    'error=a&error_description=a%00&state=S',
    'state=S',
    'state=',
  ];

  describe.each(['extended', 'simple', false] as const)('with query parser %j', (parser) => {
    it.each(malformed)('fails with 400: %s', async (query) => {
      await start({ before: (made) => made.set('query parser', parser) });
      const browser = new UserAgent();
      const state = (await begin(browser)).searchParams.get('state') ?? '';
      log = [];
      const filled = query.replaceAll('=S', `=${state}`);
      expect((await browser.get(`${app.url}/complete/ion/?${filled}`)).status).toBe(400);
      expect(log).toEqual([]);
    });

    it('signs in from a good callback', async () => {
      await start({ before: (made) => made.set('query parser', parser) });
      const browser = new UserAgent();
      const page = await browser.get(await ion.approve(await begin(browser), { as: '2027jdoe' }));
      expect(page.status).toBe(200);
    });
  });

  it('begins a sign-in if the callback has none of the parameters', async () => {
    await start();
    const page = await new UserAgent().get(`${app.url}/complete/ion/?utm_source=mail`);
    expect(page.status).toBe(302);
    expect(page.location).toContain('/oauth/authorize/?');
  });
});

const redirectURI = 'https://app.example/complete/ion/';
// The cast: an app without sessions has requests like this one.
const noSession = new IncomingMessage(new Socket()) as IonRequest;

describe('NoState', () => {
  it('keeps nothing, and accepts every callback', async () => {
    const none = new NoState();
    await expect(none.begin(noSession, { redirectURI })).resolves.toBeUndefined();
    await expect(none.take(noSession, 'x', 'https://app.example/')).resolves.toEqual({
      signIn: { redirectURI: 'https://app.example/' },
    });
  });
});

describe('NoState.begin, with a state for the app', () => {
  it('returns a string unchanged, to be sent to Ion', async () => {
    const begun = new NoState().begin(noSession, { redirectURI, state: 'my own' });
    await expect(begun).resolves.toBe('my own');
  });

  it('throws IonOptionError for anything else, since nothing would keep it', async () => {
    const begun = new NoState().begin(noSession, { redirectURI, state: { a: 1 } });
    await expect(begun).rejects.toMatchObject({ code: 'ERR_ION_OPTION', option: 'state' });
  });
});

describe('withState', () => {
  const state = { returnTo: '/lunch' };

  it.each([
    [undefined, { state }],
    [null, { state }],
    ['not on the list', { message: 'not on the list', state }],
    [
      { message: 'hello', scope: ['a'] },
      { message: 'hello', scope: ['a'], state },
    ],
    [{ state: 'its own' }, { state }],
  ])("adds the app's state to the info %j", (info, expected) => {
    expect(withState(info, state)).toEqual(expected);
  });

  it.each([[undefined], ['not on the list'], [{ state: 'its own' }]])(
    'returns the info %j unchanged if there is no state',
    (info) => {
      expect(withState(info, undefined)).toBe(info);
    },
  );

  it('does not change the info that it is given', () => {
    const info = Object.freeze({ message: 'hello' });
    expect(withState(info, state)).not.toBe(info);
  });

  it('adds a state that is null, 0 or false too', () => {
    for (const falsy of [null, 0, false, ''])
      expect(withState({}, falsy)).toEqual({ state: falsy });
  });
});

let messages: RequestHandler;
beforeEach(() => {
  messages = expressSession();
});
const expressSessionForMessages: RequestHandler = (req, res, next) => {
  messages(req, res, next);
};

/** Returns a number of reads together, so that all of them have read before one writes. */
class GatheringStore extends session.MemoryStore {
  #expected = 0;
  #waiting: (() => void)[] = [];

  gather(expected: number): void {
    this.#expected = expected;
  }

  override get(sid: string, done: (error: unknown, session?: session.SessionData | null) => void) {
    super.get(sid, (error, read) => {
      if (this.#expected === 0) {
        done(error, read);
        return;
      }
      this.#waiting.push(() => {
        done(error, read);
      });
      if (this.#waiting.length < this.#expected) return;
      this.#expected = 0;
      for (const respond of this.#waiting.splice(0)) respond();
    });
  }
}

/** Puts a note into every new session, and shows it at /note. */
function withNote(sessions: RequestHandler): RequestHandler {
  return (req, res, next) => {
    sessions(req, res, (error?: unknown) => {
      const kept = req.session as { note?: string };
      if (req.path === '/note') res.json(kept.note ?? null);
      else {
        if (req.path === '/login') kept.note = 'planted';
        next(error);
      }
    });
  };
}
