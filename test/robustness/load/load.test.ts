// The built example app in one process, the local Ion in another, and more people than a school has.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { BuiltApp } from '../../example-app/built-app.js';
import type { AppProgram } from '../../example-app/built-app.js';
import { Program } from '../../support/program.js';
import { Browsers, many } from './browsers.js';
import { people } from './people.js';

const CONCURRENCY = 64;
const MiB = 1024 * 1024;

// As example-app/src/storage/stores.ts, lib/sign-in/session-state.ts and lib/http/exchange.ts have it.
const MOST_SESSIONS = 20_000;
const MOST_LOGINS_UNDER_WAY = 10;
const MOST_CONNECTIONS = 64;

let ion: Program;
let ionURL: string;
let app: AppProgram;
/** Without the final slash. */
let appURL: string;
let browsers: Browsers;

beforeAll(async () => {
  ion = await Program.start(process.execPath, { arguments: [path.join(__dirname, 'ion.js')] });
  await ion.until(' .');
  ionURL = /is at (\S+)/.exec(ion.printed)?.[1] ?? '';
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    ION_CLIENT_ID: 'the-app',
    ION_CLIENT_SECRET: 'a-secret-of-the-app',
    ION_BASE_URL: ionURL,
    SESSION_SECRET: 'a-secret-of-thirty-two-characters',
  };
  const memory = path.join(__dirname, 'memory.js');
  app = await (await BuiltApp.copy()).start(env, ['--expose-gc', '--require', memory]);
  appURL = app.address.replace(/\/$/, '');
  browsers = new Browsers();
});
afterAll(() => {
  browsers.close();
});
afterEach(async () => {
  const most = await ion.answerTo('SIGUSR2', /At most (\d+) connections/);
  expect(Number(most)).toBeLessThanOrEqual(MOST_CONNECTIONS);
  expect(app.running).toBe(true);
});

/** The bytes that the app has in use, once what it holds for some seconds is gone. */
async function memory(): Promise<number> {
  let least = Infinity;
  for (let unchanged = 0; unchanged < 4;) {
    const used = Number(await app.answerTo('SIGUSR2', /In use: (\d+) bytes/));
    unchanged = used < least - 0.1 * MiB ? 0 : unchanged + 1;
    least = Math.min(least, used);
    await pause(500);
  }
  return least;
}

interface Begun {
  /** The session's. */
  readonly cookie: string;
  readonly request: string;
  readonly state: string;
}

async function begin(cookie = ''): Promise<Begun> {
  const answer = await browsers.get(`${appURL}/login/ion`, cookie);
  const { searchParams, origin } = new URL(answer.location);
  if (answer.status !== 302 || origin !== ionURL) throw new Error(`Got ${answer.status}`);
  const state = searchParams.get('state') ?? '';
  return { cookie: answer.cookie || cookie, request: answer.location, state };
}

/** Whether the app still knows this login; it is over then. */
async function isUnderWay({ cookie, state }: Begun): Promise<boolean> {
  const query = `error=access_denied&state=${state}`;
  const { status } = await browsers.get(`${appURL}/complete/ion/?${query}`, cookie);
  if (status !== 401 && status !== 403) throw new Error(`Got ${status}`);
  return status === 401;
}

it('100,000 logins that are begun and never finished leave as many sessions as there may be', async () => {
  const visits = 100_000;
  const begun: Begun[] = [];
  const start = (number: number): Promise<void> =>
    begin().then((login) => {
      begun[number] = login;
    });
  await many(MOST_SESSIONS + 5_000, CONCURRENCY, start);
  const full = await memory();
  const rest = visits - begun.length;
  const first = begun.length;
  await many(rest, CONCURRENCY, (number) => start(first + number));
  // A session has 1 KiB, so those that were not dropped would be 73 MiB.
  expect((await memory()) - full).toBeLessThan(4 * MiB);
  // Requests at once are not numbered exactly as the app sees them.
  const oldest = visits - MOST_SESSIONS;
  const dropped = [0, 1, 10_000, 50_000, oldest - 2 * CONCURRENCY];
  const kept = [oldest + 2 * CONCURRENCY, oldest + 10_000, visits - 2, visits - 1];
  for (const number of [...dropped, ...kept]) {
    const login = begun[number];
    if (!login) throw new Error(`Nobody began number ${number}`);
    expect([number, await isUnderWay(login)]).toEqual([number, kept.includes(number)]);
  }
  expect(new Set(begun.map(({ state }) => state)).size).toBe(visits);
});

it('1,000 logins that are begun in one browser leave the newest ten', async () => {
  const begun: Begun[] = [];
  for (let number = 0; number < 1000; number += 1) begun.push(await begin(begun[0]?.cookie));
  const underWay: boolean[] = [];
  for (const login of begun.slice(-2 * MOST_LOGINS_UNDER_WAY)) {
    underWay.push(await isUnderWay(login));
  }
  const newest = underWay.splice(-MOST_LOGINS_UNDER_WAY);
  expect(newest).toEqual(newest.map(() => true));
  expect(underWay).toEqual(newest.map(() => false));
  for (const login of begun.slice(0, 20)) expect(await isUnderWay(login)).toBe(false);
});

it('10,000 logins, 64 at once: none is lost or mixed up, and memory is level', async () => {
  const atIon = await Promise.all(people.map(({ ion_username }) => logInAtIon(ion_username)));
  const wrong: string[] = [];
  const printed = app.printed.length;
  const signIn = async (number: number): Promise<void> => {
    const place = number % people.length;
    const [person, cookieAtIon] = [people[place], atIon[place]];
    if (!person || cookieAtIon === undefined) throw new Error('There is nobody');
    const shown = await profileShownTo(cookieAtIon);
    const { first_name, last_name, ion_username } = person;
    const own = [`${first_name ?? ''} ${last_name ?? ''}`, ion_username, 'Senior', '2027'];
    if (shown.join() !== own.join()) wrong.push(`${number}: ${shown.join()} for ${own.join()}`);
  };
  // More at once than there may be connections to Ion; and what is kept of a while's logins is there.
  await many(2_000, 4 * CONCURRENCY, signIn);
  const before = await memory();
  await many(10_000, CONCURRENCY, signIn);
  const growth = (await memory()) - before;
  expect(wrong).toEqual([]);
  // A leak of 1 KiB for each would be 10 MiB. Growth there is: sessions with somebody in them are larger
  // than those without, and the codes of the last ten minutes are remembered.
  expect(growth).toBeLessThan(8 * MiB);
  expect(app.printed.slice(printed).replace(/^In use: .*\n/gm, '')).toBe('');
});

/** The cookie of a browser in which this person is logged in at Ion. */
async function logInAtIon(username: string): Promise<string> {
  const token = 'a'.repeat(32);
  const form = { csrfmiddlewaretoken: token, username };
  const { status, cookie } = await browsers.post(
    `${ionURL}/login`,
    `local_ion_csrf=${token}`,
    form,
  );
  if (status !== 302) throw new Error(`Ion did not log ${username} in`);
  return cookie;
}

/** What the app shows of whom it signs in, in a new browser of theirs. */
async function profileShownTo(cookieAtIon: string): Promise<string[]> {
  const { cookie, request } = await begin();
  const { location: callback } = await browsers.get(request, cookieAtIon);
  const back = await browsers.get(callback, cookie);
  if (back.status !== 302) return [`${back.status} at the callback`];
  const { text } = await browsers.get(appURL + back.location, back.cookie);
  return [...text.matchAll(/<dd>([^<]*)<\/dd>/g)].map(([, shown = '']) => shown);
}
