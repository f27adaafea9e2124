// Tests sign-ins in several tabs of one browser, which share a session, and the same callback in two tabs.

import type { RequestHandler } from 'express';
import session from 'express-session';

import { expressSession } from '../support/app.js';
import type { AppOptions } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

/** The lines of Ion's log, one for each request that it received. */
let log: string[];
const site = useAppAtLocalIon({ log: (line) => log.push(line) });

beforeEach(() => {
  log = [];
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

describe('IonStrategy, with several tabs', () => {
  it.each([...permutations([0, 1]), ...permutations([0, 1, 2])].map((order) => [order]))(
    'signs in from all of them, in the order %j',
    async (order) => {
      await site.start();
      const browser = new Browser();
      const requests: URL[] = [];
      for (const tab of [...order].sort())
        requests.push(await site.begin(browser, `/login?returnTo=/${tab}`));
      for (const tab of order) {
        const request = requests[tab];
        if (!request) throw new Error('no such tab');
        const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
        expect(JSON.parse(page.text)).toMatchObject({ info: { state: { returnTo: `/${tab}` } } });
      }
    },
  );

  it('moves the other sign-ins into the new session, and nothing else', async () => {
    await site.start({
      before: (made) => made.set('etag', false),
      session: withNote(expressSession()),
    });
    const browser = new Browser();
    const [first, second] = [await site.begin(browser), await site.begin(browser)];
    const before = [...browser.cookiesFor(site.app.url)];
    await browser.get(await site.ion.approve(first, { as: '2027jdoe' }));
    expect([...browser.cookiesFor(site.app.url)]).not.toEqual(before);
    const page = await browser.get(`${site.app.url}/note`);
    expect(page.text).not.toContain('planted');
    expect((await browser.get(await site.ion.approve(second, { as: '2027jdoe' }))).status).toBe(
      200,
    );
  });

  it('signs in from all of them if they begin at the same moment', async () => {
    const store = new GatheringStore();
    await site.start({ session: expressSession(store) });
    const browser = new Browser();
    await site.begin(browser);
    store.gather(4);
    const requests = await Promise.all([1, 2, 3, 4].map(() => site.begin(browser)));
    for (const request of requests) {
      const callback = await site.ion.approve(request, { as: '2027jdoe' });
      expect((await browser.get(callback)).status).toBe(200);
    }
  });

  it('signs in from all of them if they finish at the same moment', async () => {
    await site.start();
    const browser = new Browser();
    const requests = [
      await site.begin(browser),
      await site.begin(browser),
      await site.begin(browser),
    ];
    const callbacks = await Promise.all(
      requests.map((request) => site.ion.approve(request, { as: '2027jdoe' })),
    );
    const pages = await Promise.all(callbacks.map((callback) => browser.get(callback)));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('signs in from one that begins while another waits for Ion', async () => {
    let second: URL | undefined;
    await site.start({
      verify: async ({ profile }) => {
        second ??= await site.begin(browser);
        return { id: profile.id };
      },
    });
    const browser = new Browser();
    const first = await site.begin(browser);
    expect((await browser.get(await site.ion.approve(first, { as: '2027jdoe' }))).status).toBe(200);
    const callback = await site.ion.approve(second ?? first, { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  describe.each([false, true])(
    'with resave %j, signs in from one that began while another',
    (resave) => {
      /** Signs in from a first tab, whose verify begins a sign-in in a second tab. Returns the outcomes of both. */
      async function secondAfter(
        verify: () => Express.User | false,
        more: Partial<AppOptions> = {},
      ): Promise<{ first: number; second: number }> {
        let second: URL | undefined;
        await site.start({
          session: expressSession(undefined, resave),
          verify: async ({ profile }) => {
            if (second) return { id: profile.id };
            second = await site.begin(browser);
            return verify();
          },
          ...more,
        });
        const browser = new Browser();
        const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
        const first = await browser.get(callback);
        const page = await browser.get(await site.ion.approve(second ?? '', { as: '2027jdoe' }));
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

      it('signed someone in', async () => {
        expect(await secondAfter(() => ({ id: '1' }))).toEqual({ first: 200, second: 200 });
      });

      it('signed no one in, like passport.authorize', async () => {
        const authenticate = { assignProperty: 'account' };
        expect(await secondAfter(() => ({ id: '1' }), { authenticate })).toEqual({
          first: 200,
          second: 200,
        });
      });
    },
  );

  it('keeps at most ten sign-ins: the eleventh replaces the first', async () => {
    await site.start();
    const browser = new Browser();
    const requests: URL[] = [];
    for (let tab = 0; tab < 11; tab += 1) requests.push(await site.begin(browser));
    const [first, second] = await Promise.all(
      requests.slice(0, 2).map((request) => site.ion.approve(request, { as: '2027jdoe' })),
    );
    expect((await browser.get(first ?? '')).status).toBe(403);
    expect((await browser.get(second ?? '')).status).toBe(200);
  });
});

describe('IonStrategy, with the same callback twice at once', () => {
  it('exchanges the code once, and signs in from both', async () => {
    await site.start();
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    const pages = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    const tokenRequests = log.filter((line) => line.includes('/oauth/token'));
    expect(tokenRequests).toHaveLength(1);
    expect((await browser.get(`${site.app.url}/whoami`)).text).toContain('Jane');
  });
});

/**
 * A store that holds reads until there are enough of them, so that every request has read before one writes.
 */
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

/** Returns middleware that puts a note into every new session, and shows it at /note. */
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
