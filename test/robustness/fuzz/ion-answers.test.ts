// Whatever Ion answers, over real sockets: nothing hangs or crashes, nobody signs in as nobody, and what
// goes wrong is a decent error.

import fc from 'fast-check';

import type { IonStrategy, IonTokens } from 'passport-ion';

import { startApp } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';
import { UserAgent } from '../../support/user-agent.js';
import { FuzzedAnswer, anyAnswer } from './answers.js';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  CODE,
  PAGE,
  PROFILE,
  TOKEN_RESPONSE,
  startFuzzedIon,
} from './fuzzed-ion.js';
import type { FuzzedIon } from './fuzzed-ion.js';
import { LONGEST, numberOfRuns } from './runs.js';
import { expectDecent, inTime } from './what-may-happen.js';

jest.setTimeout(LONGEST);

let ion: FuzzedIon;
let app: RunningApp;

beforeEach(async () => {
  ion = await startFuzzedIon();
  app = await startApp({
    strategy: {
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: '/complete/ion/',
      baseURL: ion.url,
    },
  });
});
afterEach(() => app.stop());

interface Login {
  /** What the app answered to the callback. */
  readonly status: number;
  /** Who is signed in then; null for nobody. */
  readonly user: { readonly id: string } | null;
}

async function signIn(): Promise<Login> {
  app.errors.splice(0);
  const browser = new UserAgent();
  const { location = '' } = await browser.get(`${app.url}/login`);
  const query = new URLSearchParams({
    code: CODE,
    state: new URL(location).searchParams.get('state') ?? '',
  });
  const { status } = await inTime(browser.get(`${app.url}/complete/ion/?${query.toString()}`));
  const { text } = await browser.get(`${app.url}/whoami`);
  // The cast: what this route of the app gives.
  return { status, user: JSON.parse(text) as Login['user'] };
}

/** What came of the login is a user with this id, or nobody and a decent error. */
function expectSound({ status, user }: Login): void {
  const errors = app.errors.splice(0);
  if (status === 200) {
    expect(errors).toEqual([]);
    expect(user?.id).toMatch(/^[1-9]\d*$/);
    return;
  }
  expect(user).toBeNull();
  expect(status).toBeGreaterThanOrEqual(400);
  expect(errors).toHaveLength(1);
  for (const error of errors) expectDecent(error, ion.secrets());
}

it('any answer to the token request signs nobody in but whom the profile names', async () => {
  const answers = anyAnswer(TOKEN_RESPONSE);
  const property = fc.asyncProperty(answers, async (answer) => {
    ion.answer('token', answer);
    const login = await signIn();
    expectSound(login);
    if (login.user) expect(login.user.id).toBe(String(PROFILE.id));
  });
  await fc.assert(property, numberOfRuns());
  ion.answer();
  expect(await signIn()).toMatchObject({ status: 200, user: { id: String(PROFILE.id) } });
});

it('any answer to the profile request signs nobody in who has no id', async () => {
  const answers = anyAnswer(PROFILE);
  const property = fc.asyncProperty(answers, async (answer) => {
    ion.answer('profile', answer);
    expectSound(await signIn());
  });
  await fc.assert(property, numberOfRuns());
  ion.answer();
  expect(await signIn()).toMatchObject({ status: 200, user: { id: String(PROFILE.id) } });
});

it('any id in a profile is taken where it is one, and nowhere else', async () => {
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
    ion.answer('profile', new FuzzedAnswer(() => whole, 'keep'));
    const login = await signIn();
    expectSound(login);
    const digits = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
    const isOne = /^[1-9]\d*$/.test(digits) && Number.isSafeInteger(Number(digits));
    expect(login.user?.id).toBe(isOne ? digits : undefined);
  });
  await fc.assert(property, numberOfRuns());
});

const TOKENS: IonTokens = {
  accessToken: 'Ox1'.padEnd(30, 'OldAccess4'),
  refreshToken: 'Ox2'.padEnd(30, 'OldRefresh5'),
  tokenType: 'Bearer',
  scope: ['read'],
};

/** Resolves to what `ask` gives, or to undefined after a decent error. */
async function asked<T>(ask: (strategy: IonStrategy) => Promise<T>): Promise<T | undefined> {
  try {
    return await inTime(ask(app.strategy));
  } catch (error) {
    expectDecent(error, ion.secrets());
    return undefined;
  }
}

it('any answer to a refresh gives tokens that can be used, or a decent error', async () => {
  const property = fc.asyncProperty(anyAnswer(TOKEN_RESPONSE), async (answer) => {
    ion.answer('refresh', answer);
    const tokens = await asked((strategy) => strategy.refresh(TOKENS));
    if (tokens === undefined) return;
    expect(tokens.accessToken).toMatch(/^[\x21-\x7e]+$/);
    expect(tokens.refreshToken).toMatch(/^[\x21-\x7e]+$/);
    expect(JSON.parse(JSON.stringify(tokens))).toEqual(tokens);
    // What the API takes, it can be given back.
    expect(app.strategy.api(tokens).tokens).toEqual(tokens);
  });
  await fc.assert(property, numberOfRuns());
});

describe('any answer of the API', () => {
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
  ])('to %s is what it gives, or a decent error', async (_name, ask) => {
    const property = fc.asyncProperty(anyAnswer(PAGE), async (answer) => {
      ion.answer('api', answer);
      await asked(ask);
    });
    await fc.assert(property, numberOfRuns(0.5));
  });

  it('to profile is somebody with an id, or a decent error', async () => {
    const property = fc.asyncProperty(anyAnswer(PROFILE), async (answer) => {
      ion.answer('profile', answer);
      const profile = await asked((strategy) => strategy.api(TOKENS).profile());
      if (profile) expect(profile.id).toMatch(/^[1-9]\d*$/);
    });
    await fc.assert(property, numberOfRuns(0.5));
  });
});
