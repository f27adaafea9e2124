// How a sign-in fails: the code, status and message that the callback of passport.authenticate gets.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';
import { UserAgent } from '../support/user-agent.js';

interface Failure {
  readonly user: unknown;
  readonly info: { readonly code?: string; readonly message?: string };
  readonly status: number | undefined;
}

let ion: LocalIon;
let app: RunningApp;
/** The arguments of the callback, one entry for each call. */
let calls: Failure[];

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

beforeEach(async () => {
  calls = [];
  app = await startApp({
    strategy: {
      clientID: ion.clientID,
      clientSecret: ion.clientSecret,
      baseURL: ion.baseURL,
      callbackURL: '/complete/ion/',
    },
    verify: ({ profile }) => (profile.id === '' ? { id: profile.id } : false),
    onSignIn: (error, user, info, status) => {
      if (error) throw error as Error;
      // The casts: Passport's types do not say what a strategy fails with.
      calls.push({ user, info: info as Failure['info'], status: status as Failure['status'] });
    },
  });
});
afterEach(() => app.stop());

/** Sends the browser to the callback route, whose handler sends no response, and waits for the call. */
async function failureAt(browser: UserAgent, url: string): Promise<Failure | undefined> {
  void browser.get(url).catch(() => undefined);
  while (calls.length === 0) await new Promise(setImmediate);
  return calls[0];
}

it('passport.authenticate fails with ERR_ION_STATE and 403 for a callback without a sign-in in this browser', async () => {
  const url = `${app.url}/complete/ion/?code=a-code&state=unknown`;
  expect(await failureAt(new UserAgent(), url)).toMatchObject({
    user: false,
    status: 403,
    info: { code: 'ERR_ION_STATE', message: expect.stringContaining('start') as string },
  });
});

it('passport.authenticate fails with ERR_ION_CALLBACK and 400 for a callback that Ion cannot have sent', async () => {
  const url = `${app.url}/complete/ion/?state=only`;
  expect(await failureAt(new UserAgent(), url)).toMatchObject({
    user: false,
    status: 400,
    info: { code: 'ERR_ION_CALLBACK', message: expect.any(String) as string },
  });
});

// Without a status, Passport responds with 401.
it('passport.authenticate fails with access_denied and no status for a sign-in that was not approved at Ion', async () => {
  const browser = new UserAgent();
  const { location = '' } = await browser.get(`${app.url}/login`);
  const back = await ion.deny(location, { as: '2027jdoe' });
  expect(await failureAt(browser, back)).toMatchObject({
    user: false,
    status: undefined,
    info: { code: 'access_denied', message: expect.any(String) as string },
  });
});
