// Tests sign-ins while other requests change the session, and with sessions that lack what a sign-in needs.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import cookieSession from 'cookie-session';
import session from 'express-session';

import type { IonRequest } from 'passport-ion';

import { IonSessionError } from '../../lib/errors.js';
import { afterLogIn, explainSessionError } from '../../lib/sign-in/request-session.js';
import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { UserAgent } from '../support/user-agent.js';

describe('IonStrategy, with its sign-ins in the session', () => {
  const site = useAppAtLocalIon();

  it('throws ERR_ION_SESSION without a session, and names the line that is missing', async () => {
    await site.start({ session: null });
    expect((await new UserAgent().get(`${site.app.url}/login`)).status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_SESSION', message: expect.stringContaining('app.use(session(') as string },
    ]);
  });

  it('works with a store of files, which reports an error for a session that it does not have', async () => {
    await site.start({ session: expressSession(new FileStore()) });
    const browser = new UserAgent();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('waits for the session store no longer than the timeout', async () => {
    const store = new HookedStore();
    await site.start({
      session: expressSession(store),
      strategy: site.strategyOptions({ timeout: 100 }),
    });
    const browser = new UserAgent();
    await site.begin(browser);
    // Hang the second read, because the first is by express-session itself, which has no deadline.
    store.atRead(2, () => undefined);
    expect((await browser.get(`${site.app.url}/login`)).status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_APP', message: expect.stringContaining('session store') as string },
    ]);
  });

  it('signs in as usual after one response of the session store was lost', async () => {
    const store = new HookedStore();
    await site.start({
      session: expressSession(store),
      strategy: site.strategyOptions({ timeout: 100 }),
    });
    const browser = new UserAgent();
    await site.begin(browser);
    store.atRead(2, () => undefined);
    await browser.get(`${site.app.url}/login`);
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('does not read the session store if the cookie of the request names no session', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    await site.begin(new UserAgent());
    await site.begin(new UserAgent({ cookie: 'connect.sid=s%3Aunknown.signature' }));
    expect(store.reads).toBe(0);
  });

  it('does not bring back a session that was destroyed while a sign-in began', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    const browser = new UserAgent();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    const cookie = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('=')).join('; ');
    expect((await new UserAgent({ cookie }).get(`${site.app.url}/whoami`)).text).toContain('Jane');
    store.atRead(2, (read) => {
      store.clear(read);
    });
    const request = await site.begin(browser);
    expect((await new UserAgent({ cookie }).get(`${site.app.url}/whoami`)).text).toBe('null');
    expect((await browser.get(await site.ion.approve(request, { as: '2027jdoe' }))).status).toBe(
      200,
    );
  });

  it('does not sign a person in again who signed out while a sign-in began', async () => {
    const store = new HookedStore();
    await site.start({ session: expressSession(store) });
    const browser = new UserAgent();
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
    const browser = new UserAgent();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    isFirst = false;
    const page = await browser.get(
      await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }),
    );
    expect(page.status).toBe(401);
    expect((await browser.get(`${site.app.url}/whoami`)).text).toBe('null');
  });

  it('does not blame cookie-session for an error of the app', async () => {
    const problem = new Error('my database is down');
    await site.start({
      session: cookieSession({ keys: ['key'] }),
      onSignIn: () => {
        throw problem;
      },
    });
    const browser = new UserAgent();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    expect(site.app.errors).toEqual([problem]);
  });

  it('throws a clear error if cookie-session lacks what Passport calls, and the process lives', async () => {
    await site.start({ session: cookieSession({ keys: ['a key'] }) });
    const browser = new UserAgent();
    const page = await browser.get(
      await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }),
    );
    expect(page.status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_SESSION', message: expect.stringContaining('regenerate') as string },
    ]);
    expect((await browser.get(`${site.app.url}/whoami`)).text).toBe('null');
  });
});

describe('afterLogIn, if logIn returns a promise as in @fastify/passport', () => {
  function requestWith(logIn: () => Promise<void>): IonRequest {
    const req = Object.assign(new IncomingMessage(new Socket()), { session: {}, logIn });
    // Cast because a Fastify request lacks the rest of an Express request.
    return req as unknown as IonRequest;
  }
  const logInTo = (req: IonRequest): Promise<void> =>
    // Cast because Passport's declarations have logIn only with a callback.
    (req.logIn as unknown as (user: object) => Promise<void>)({ id: '3' });

  it('acts on the new session before the promise is fulfilled', async () => {
    const fresh = { user: '3' };
    const req = requestWith(async () => {
      await Promise.resolve();
      Object.assign(req, { session: fresh });
    });
    afterLogIn(req, () => Object.assign(req.session, { signIns: ['another tab'] }));
    await logInTo(req);
    expect(fresh).toEqual({ user: '3', signIns: ['another tab'] });
  });

  it('does not act if the promise is rejected, and hands on the error', async () => {
    const error = new Error('the store is down');
    const req = requestWith(() => Promise.reject(error));
    const action = jest.fn();
    afterLogIn(req, action);
    await expect(logInTo(req)).rejects.toBe(error);
    expect(action).not.toHaveBeenCalled();
  });
});

describe('explainSessionError', () => {
  const requestIn = (kept: unknown): IonRequest =>
    // The cast is safe because Express adds the session in a real app, and Passport the rest.
    Object.assign(new IncomingMessage(new Socket()), { session: kept }) as unknown as IonRequest;
  const error = new TypeError('req.session.regenerate is not a function');
  const method = (): undefined => undefined;

  it.each([
    [{}, 'no regenerate and no save'],
    [{ regenerate: method }, 'no save'],
    [{ save: method }, 'no regenerate'],
    [{ save: 'x', regenerate: method }, 'no save'],
  ])('returns an error that explains what the session %j lacks', (kept, lacking) => {
    const explanation = explainSessionError(requestIn(kept), error);
    expect(explanation).toBeInstanceOf(IonSessionError);
    expect(explanation).toMatchObject({ code: 'ERR_ION_SESSION', status: 500, cause: error });
    expect((explanation as Error).message).toContain(
      `req.session has ${lacking}, which Passport calls`,
    );
    expect((explanation as Error).message).toContain(
      '"cookie-session" in passport-ion\'s guide on sessions',
    );
  });

  it('returns any other error unchanged', () => {
    for (const other of [new Error('my database is down'), 'x', undefined, new TypeError('save')]) {
      expect(explainSessionError(requestIn({}), other)).toBe(other);
    }
  });

  it('returns the error unchanged if the session has what Passport calls, or does not exist', () => {
    expect(explainSessionError(requestIn({ regenerate: method, save: method }), error)).toBe(error);
    expect(explainSessionError(requestIn(undefined), error)).toBe(error);
    expect(explainSessionError(requestIn(null), error)).toBe(error);
  });
});

/** Reports a missing session with an error, as a file-based store does. */
class FileStore extends session.MemoryStore {
  override get(sid: string, done: (error: unknown, session?: session.SessionData | null) => void) {
    super.get(sid, (error, found) => {
      if (found) done(error, found);
      else done(Object.assign(new Error(`no such file ${sid}`), { code: 'ENOENT' }));
    });
  }
}

/** Calls the test's hook instead of doing one of the next reads. */
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
