// Tests how long a session lives, and how large it gets, while it holds in-flight sign-ins.

import cookieSession from 'cookie-session';
import session from 'express-session';

import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

describe('IonStrategy, with its sign-ins in the session', () => {
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
      const browser = new Browser();
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
    const browser = new Browser();
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
    await site.begin(new Browser());
    expect(await maxAges(store)).toEqual([null]);
  });

  it('keeps the cookie of cookie-session small, no matter how many sign-ins begin', async () => {
    await site.start({ session: cookieSession({ keys: ['a key'] }) });
    const browser = new Browser();
    for (let tab = 0; tab < 12; tab += 1) {
      await site.begin(browser, `/login?returnTo=/${'x'.repeat(150)}`);
      const cookies = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('='));
      expect(cookies.join('; ').length).toBeLessThan(2500);
    }
  });
});
