// Tests sign-ins with sessions that lack what a sign-in needs.

import cookieSession from 'cookie-session';
import session from 'express-session';

import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

describe('IonStrategy, with its sign-ins in the session', () => {
  const site = useAppAtLocalIon();

  it('throws ERR_ION_SESSION without a session, and names the line that is missing', async () => {
    await site.start({ session: null });
    expect((await new Browser().get(`${site.app.url}/login`)).status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_SESSION', message: expect.stringContaining('app.use(session(') as string },
    ]);
  });

  it('works with a file-based store, which reports an error for a session that it does not have', async () => {
    await site.start({ session: expressSession(new FileStore()) });
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('does not blame cookie-session for an error of the app', async () => {
    const problem = new Error('my database is down');
    await site.start({
      session: cookieSession({ keys: ['key'] }),
      onSignIn: () => {
        throw problem;
      },
    });
    const browser = new Browser();
    await browser.get(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    expect(site.app.errors).toEqual([problem]);
  });

  it('throws a clear error if cookie-session lacks what Passport calls, and the process keeps running', async () => {
    await site.start({ session: cookieSession({ keys: ['a key'] }) });
    const browser = new Browser();
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

/** A store that reports a missing session with an error, as a file-based store does. */
class FileStore extends session.MemoryStore {
  override get(sid: string, done: (error: unknown, session?: session.SessionData | null) => void) {
    super.get(sid, (error, found) => {
      if (found) done(error, found);
      else done(Object.assign(new Error(`no such file ${sid}`), { code: 'ENOENT' }));
    });
  }
}
