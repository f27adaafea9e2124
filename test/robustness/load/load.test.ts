// Tests thousands of sign-ins, with the built example app in one process and the local Ion in another.

import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { BuiltApp } from '../../example-app/app-in-own-process.js';
import type { AppProgram } from '../../example-app/app-in-own-process.js';
import { Program } from '../../support/program.js';
import { Browser } from '../../support/browser.js';
import { Browsers, many } from './browsers.js';
import { people } from './people.js';

const CONCURRENCY = 64;
const MiB = 1024 * 1024;

// These limits are set in example-app/src/memory/stores.ts, lib/sign-in/cookie-state-store.ts, and
// lib/http/agent.ts.
const MAX_SESSIONS = 20_000;
const MAX_COOKIE_BYTES = 2048;
const MAX_CONNECTIONS = 64;

let ion: Program;
let ionURL: string;
let app: AppProgram;
/** The app's URL, without a trailing slash. */
let appURL: string;
let browsers: Browsers;

beforeAll(async () => {
  ion = await Program.start(process.execPath, {
    arguments: [path.join(__dirname, 'local-ion.js')],
  });
  await ion.until(' .');
  ionURL = /is at (\S+)/.exec(ion.printed)?.[1] ?? '';
  const env = {
    HOST: '127.0.0.1',
    ION_CLIENT_ID: 'the-app',
    ION_CLIENT_SECRET: 'a-secret-of-the-app',
    ION_BASE_URL: ionURL,
    SESSION_SECRET: 'a-secret-of-thirty-two-characters',
  };
  const memory = path.join(__dirname, 'memory.js');
  app = await (await BuiltApp.copy()).start(env, ['--expose-gc', '--require', memory]);
  appURL = app.home.replace(/\/$/, '');
  browsers = new Browsers();
});
afterAll(() => {
  browsers.close();
});
afterEach(async () => {
  const most = await ion.outputAfter('SIGUSR2', /At most (\d+) connections/);
  expect(Number(most)).toBeLessThanOrEqual(MAX_CONNECTIONS);
  expect(app.running).toBe(true);
});

/** Returns how many bytes the app uses, after waiting until it has released what it keeps for a few seconds. */
async function memory(): Promise<number> {
  let least = Infinity;
  for (let unchanged = 0; unchanged < 4;) {
    const used = Number(await app.outputAfter('SIGUSR2', /In use: (\d+) bytes/));
    unchanged = used < least - 0.1 * MiB ? 0 : unchanged + 1;
    least = Math.min(least, used);
    await pause(500);
  }
  return least;
}

interface Begun {
  /** The cookie that holds the in-flight sign-in. */
  readonly cookie: string;
  readonly request: string;
  readonly state: string;
}

async function begin(): Promise<Begun> {
  const { status, location, cookie } = await browsers.get(`${appURL}/login/ion`);
  const { searchParams, origin } = new URL(location);
  if (status !== 302 || origin !== ionURL) throw new Error(`Got ${status}`);
  return { cookie, request: location, state: searchParams.get('state') ?? '' };
}

function declinedAt(state: string): string {
  return `${appURL}/complete/ion/?error=access_denied&state=${state}`;
}

/** Returns whether the app knew the sign-in: if it did, the status is 401 (declined), and otherwise 403. */
function isKnown(status: number): boolean {
  if (status !== 401 && status !== 403) throw new Error(`Got ${status}`);
  return status === 401;
}

it('the example app uses no memory for 100,000 unfinished sign-ins, and signs no one out', async () => {
  const [person] = people;
  if (!person) throw new Error('There is nobody');
  const signedIn = await signIn(await logInAtIon(person.ion_username));
  await many(5_000, CONCURRENCY, async () => {
    await begin();
  });
  const before = await memory();
  const states = new Set<string>();
  let last: Begun | undefined;
  await many(100_000, CONCURRENCY, async () => {
    last = await begin();
    states.add(last.state);
  });
  expect(states.size).toBe(100_000);
  states.clear();
  // If the app kept a session of 1 KiB for each unfinished sign-in, it would use 98 MiB more.
  expect((await memory()) - before).toBeLessThan(4 * MiB);
  expect(isKnown((await browsers.get(declinedAt(last?.state ?? ''), last?.cookie)).status)).toBe(
    true,
  );
  expect((await browsers.get(`${appURL}/`, signedIn)).text).toContain(person.ion_username);
});

it('the example app keeps the newest of 1,000 in-flight sign-ins in one browser, in 2 KB of cookies', async () => {
  const browser = new Browser();
  const states: string[] = [];
  for (let number = 0; number < 1000; number += 1) {
    const { location = '' } = await browser.get(`${appURL}/login/ion`);
    states.push(new URL(location).searchParams.get('state') ?? '');
  }
  const cookies = [...browser.cookiesFor(appURL)].map(([name, value]) => `${name}=${value}`);
  expect(cookies.join('; ').length).toBeLessThanOrEqual(MAX_COOKIE_BYTES);
  expect(cookies.length).toBeGreaterThanOrEqual(5);
  const known: boolean[] = [];
  for (const state of states.slice(-cookies.length)) {
    known.push(isKnown((await browser.get(declinedAt(state))).status));
  }
  expect(known).toEqual(cookies.map(() => true));
  for (const state of states.slice(0, 20)) {
    expect(isKnown((await browser.get(declinedAt(state))).status)).toBe(false);
  }
});

it('the example app completes 10,000 sign-ins, 64 at the same time, without a mix-up or a leak', async () => {
  const atIon = await Promise.all(people.map(({ ion_username }) => logInAtIon(ion_username)));
  const wrong: string[] = [];
  const printed = app.printed.length;
  const signInAndCheck = async (number: number): Promise<void> => {
    const place = number % people.length;
    const [person, cookieAtIon] = [people[place], atIon[place]];
    if (!person || cookieAtIon === undefined) throw new Error('There is nobody');
    const shown = await profileShownTo(cookieAtIon);
    const { first_name, last_name, ion_username } = person;
    const own = [`${first_name ?? ''} ${last_name ?? ''}`, ion_username, 'Senior', '2027'];
    if (shown.join() !== own.join()) wrong.push(`${number}: ${shown.join()} for ${own.join()}`);
  };
  // Run more sign-ins at the same time than the app may have connections to Ion.
  await many(2_000, 4 * CONCURRENCY, signInAndCheck);
  // Fill the session store and the list of used codes, so that they cannot grow during the measurement.
  await many(MAX_SESSIONS, CONCURRENCY, signInAndCheck);
  const before = await memory();
  await many(10_000, CONCURRENCY, signInAndCheck);
  const growth = (await memory()) - before;
  expect(wrong).toEqual([]);
  // If each sign-in leaked 1 KiB, the app would use 10 MiB more.
  expect(growth).toBeLessThan(4 * MiB);
  expect(app.printed.slice(printed).replace(/^In use: .*\n/gm, '')).toBe('');
});

/** Logs the person in at Ion, and returns Ion's cookie. */
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

/**
 * Signs in to the app in a new browser that is logged in to Ion with this cookie. Returns the app's cookie.
 */
async function signIn(cookieAtIon: string): Promise<string> {
  const { cookie, request } = await begin();
  const { location: callback } = await browsers.get(request, cookieAtIon);
  const back = await browsers.get(callback, cookie);
  if (back.status !== 302) throw new Error(`Got ${back.status} at the callback`);
  return back.cookie;
}

/** Signs in like {@link signIn}, and returns the profile that the app shows to the person. */
async function profileShownTo(cookieAtIon: string): Promise<string[]> {
  const { text } = await browsers.get(`${appURL}/`, await signIn(cookieAtIon));
  return [...text.matchAll(/<dd>([^<]*)<\/dd>/g)].map(([, shown = '']) => shown);
}
