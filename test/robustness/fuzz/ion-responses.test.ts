// Whatever Ion responds with over real sockets, nothing hangs or crashes, no one is signed in without an ID,
// and every error is one of this package's and contains no secrets.

import type { IonStrategy, IonTokens } from 'passport-ion';

import { startApp } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';
import { fc, numberOfRuns } from '../../support/fast-check.js';
import { Browser } from '../../support/browser.js';
import { withDeadline } from '../../support/with-deadline.js';
import { FuzzedResponse, anyResponse } from './arbitrary-responses.js';
import {
  CODE,
  PAGE,
  PROFILE,
  TOKEN_RESPONSE,
  startFuzzedIon,
  strategyOptions,
} from './fuzzed-ion.js';
import type { FuzzedIon } from './fuzzed-ion.js';
import { expectSafeError } from './expect-safe-error.js';

let ion: FuzzedIon;
let app: RunningApp;

beforeEach(async () => {
  ion = await startFuzzedIon();
  app = await startApp({
    strategy: strategyOptions(ion),
  });
});
afterEach(() => app.stop());

interface SignIn {
  /** The status of the app's response to the callback. */
  readonly status: number;
  /** The user who is signed in after the callback, or null if no one is. */
  readonly user: { readonly id: string } | null;
}

async function signIn(): Promise<SignIn> {
  app.errors.splice(0);
  const browser = new Browser();
  const { location = '' } = await browser.get(`${app.url}/login`);
  const query = new URLSearchParams({
    code: CODE,
    state: new URL(location).searchParams.get('state') ?? '',
  });
  const { status } = await withDeadline(
    browser.get(`${app.url}/complete/ion/?${query.toString()}`),
  );
  const { text } = await browser.get(`${app.url}/whoami`);
  // The cast is safe because the /whoami route returns this.
  return { status, user: JSON.parse(text) as SignIn['user'] };
}

/** Expects either a user with an ID and no error, or no user and one safe error. */
function expectSound({ status, user }: SignIn): void {
  const errors = app.errors.splice(0);
  if (status === 200) {
    expect(errors).toEqual([]);
    expect(user?.id).toMatch(/^[1-9]\d*$/);
    return;
  }
  expect(user).toBeNull();
  expect(status).toBeGreaterThanOrEqual(400);
  expect(errors).toHaveLength(1);
  for (const error of errors) expectSafeError(error, ion.secrets());
}

it('IonStrategy, with any response to the token request, signs in only the person in the profile', async () => {
  const responses = anyResponse(TOKEN_RESPONSE);
  const property = fc.asyncProperty(responses, async (response) => {
    ion.respondWith('token', response);
    const result = await signIn();
    expectSound(result);
    if (result.user) expect(result.user.id).toBe(String(PROFILE.id));
  });
  await fc.assert(property);
  ion.respondWith();
  expect(await signIn()).toMatchObject({ status: 200, user: { id: String(PROFILE.id) } });
});

it('IonStrategy, with any response to the profile request, signs no one in without an ID', async () => {
  const responses = anyResponse(PROFILE);
  const property = fc.asyncProperty(responses, async (response) => {
    ion.respondWith('profile', response);
    expectSound(await signIn());
  });
  await fc.assert(property);
  ion.respondWith();
  expect(await signIn()).toMatchObject({ status: 200, user: { id: String(PROFILE.id) } });
});

it('IonStrategy, with anything as the id of a profile, signs in only if it is a positive safe integer', async () => {
  const ids = fc.oneof(
    fc.jsonValue(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt().map(String),
    fc.stringMatching(/^[ +-]?0?\d{1,20}([.e]\d)?\s?$/),
  );
  const property = fc.asyncProperty(ids, async (id) => {
    const bytes = Buffer.from(JSON.stringify({ ...PROFILE, id }));
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const whole = Buffer.concat([Buffer.from(head), bytes]);
    ion.respondWith('profile', new FuzzedResponse(() => whole, 'keep'));
    const result = await signIn();
    expectSound(result);
    const digits = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
    const isOne = /^[1-9]\d*$/.test(digits) && Number.isSafeInteger(Number(digits));
    expect(result.user?.id).toBe(isOne ? digits : undefined);
  });
  await fc.assert(property);
});

const TOKENS: IonTokens = {
  accessToken: 'Ox1'.padEnd(30, 'OldAccess4'),
  refreshToken: 'Ox2'.padEnd(30, 'OldRefresh5'),
  tokenType: 'Bearer',
  scope: ['read'],
};

/** Returns the result of `ask`, or undefined if it throws a safe error. */
async function asked<T>(ask: (strategy: IonStrategy) => Promise<T>): Promise<T | undefined> {
  try {
    return await withDeadline(ask(app.strategy));
  } catch (error) {
    expectSafeError(error, ion.secrets());
    return undefined;
  }
}

it('strategy.refresh, with any response, returns usable tokens or throws a safe error', async () => {
  const property = fc.asyncProperty(anyResponse(TOKEN_RESPONSE), async (response) => {
    ion.respondWith('refresh', response);
    const tokens = await asked((strategy) => strategy.refresh(TOKENS));
    if (tokens === undefined) return;
    expect(tokens.accessToken).toMatch(/^[\x21-\x7e]+$/);
    expect(tokens.refreshToken).toMatch(/^[\x21-\x7e]+$/);
    expect(JSON.parse(JSON.stringify(tokens))).toEqual(tokens);
    // The tokens are usable: `strategy.api` accepts them.
    expect(app.strategy.api(tokens).tokens).toEqual(tokens);
  });
  await fc.assert(property);
});

describe('IonAPI, with any response', () => {
  it.each<[string, (strategy: IonStrategy) => Promise<unknown>]>([
    ['get', (strategy) => strategy.api(TOKENS).get('/schedule')],
    [
      'post',
      (strategy) => strategy.api(TOKENS).post('/signups/user', { form: { scheduled_activity: 1 } }),
    ],
    [
      'pages',
      async (strategy) => {
        const items: unknown[] = [];
        for await (const item of strategy.api(TOKENS).pages('/announcements')) items.push(item);
        return items;
      },
    ],
    ['picture', (strategy) => strategy.api(TOKENS).picture('2027jdoe')],
  ])('%s returns it or throws a safe error', async (_name, ask) => {
    const property = fc.asyncProperty(anyResponse(PAGE), async (response) => {
      ion.respondWith('api', response);
      await asked(ask);
    });
    await fc.assert(property, numberOfRuns(50));
  });

  it('profile returns someone with an ID or throws a safe error', async () => {
    const property = fc.asyncProperty(anyResponse(PROFILE), async (response) => {
      ion.respondWith('profile', response);
      const profile = await asked((strategy) => strategy.api(TOKENS).profile());
      if (profile) expect(profile.id).toMatch(/^[1-9]\d*$/);
    });
    await fc.assert(property, numberOfRuns(50));
  });
});
