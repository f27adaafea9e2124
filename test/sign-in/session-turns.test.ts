// Tests sign-ins while the session store is slow, or while other requests change the same session.

import session from 'express-session';

import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

describe('IonStrategy, with its sign-ins in the session', () => {
  const site = useAppAtLocalIon();

  /** Begins a sign-in in a new browser. In its next request, the session store does not respond to the strategy. */
  async function beginBeforeStoreHangs(): Promise<Browser> {
    const store = new HookedStore();
    await site.start({
      session: expressSession(store),
      strategy: site.strategyOptions({ timeout: 100 }),
    });
    const browser = new Browser();
    await site.begin(browser);
    // The first read is by express-session itself, and nothing would end it, because express-session has no
    // deadline.
    store.atRead(2, () => undefined);
    return browser;
  }

  it('waits for the session store no longer than the timeout', async () => {
    const browser = await beginBeforeStoreHangs();
    expect((await browser.get(`${site.app.url}/login`)).status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_APP', message: expect.stringContaining('session store') as string },
    ]);
  });

  it('signs in as usual after one response of the session store was lost', async () => {
    const browser = await beginBeforeStoreHangs();
    await browser.get(`${site.app.url}/login`);
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('does not read the session store if the cookie of the request names no session', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    await site.begin(new Browser());
    await site.begin(new Browser({ cookie: 'connect.sid=s%3Aunknown.signature' }));
    expect(store.reads).toBe(0);
  });

  it('does not bring back a session that was destroyed while a sign-in began', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    const browser = new Browser();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    const cookie = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('=')).join('; ');
    expect((await new Browser({ cookie }).get(`${site.app.url}/whoami`)).text).toContain('Jane');
    store.atRead(2, (read) => {
      store.clear(read);
    });
    const request = await site.begin(browser);
    expect((await new Browser({ cookie }).get(`${site.app.url}/whoami`)).text).toBe('null');
    expect((await browser.get(await site.ion.approve(request, { as: '2027jdoe' }))).status).toBe(
      200,
    );
  });

  it('does not sign a person in again who signed out while a sign-in began', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    const browser = new Browser();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    store.atRead(2, (read) => {
      store.signOut(read);
    });
    await site.begin(browser);
    expect((await browser.get(`${site.app.url}/whoami`)).text).toBe('null');
  });

  it('does not bring back a session that was destroyed while a sign-in failed', async () => {
    const store = new HookedStore();
    let isFirst = true;
    await site.start({
      session: expressSession(store),
      verify: async ({ profile }) => {
        if (isFirst) return { id: profile.id, name: 'Jane' };
        await new Promise((resolve) => {
          store.clear(resolve);
        });
        return false;
      },
    });
    const browser = new Browser();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    isFirst = false;
    const page = await browser.get(
      await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }),
    );
    expect(page.status).toBe(401);
    expect((await browser.get(`${site.app.url}/whoami`)).text).toBe('null');
  });
});

/** A store that calls the test's hook instead of doing one of the next reads. */
class HookedStore extends session.MemoryStore {
  reads = 0;
  #until = 0;
  #hook: ((read: () => void) => void) | undefined;

  /** Calls `hook` in place of the read with this number, counted from now. */
  atRead(number: number, hook: (read: () => void) => void): void {
    this.#until = number;
    this.#hook = hook;
  }

  override get(sid: string, done: (error: unknown, session?: session.SessionData | null) => void) {
    this.reads += 1;
    this.#until -= 1;
    const read = (): void => {
      super.get(sid, done);
    };
    if (this.#until === 0 && this.#hook) this.#hook(read);
    else read();
  }

  signOut(done: () => void): void {
    this.all((_error, sessions) => {
      for (const [sid, kept] of Object.entries(sessions ?? {})) {
        const { passport, ...rest } = kept as session.SessionData & { passport?: unknown };
        if (passport !== undefined) this.set(sid, rest);
      }
      done();
    });
  }
}
