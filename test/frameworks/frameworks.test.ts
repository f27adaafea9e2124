// Signs in to an app on each framework, also in several tabs. The apps install the packed package.

import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { newApp } from '../package/app-folder.js';
import { Program } from '../support/program.js';
import { Browser } from '../support/browser.js';
import { rows } from './tried-frameworks.js';
import type { Row } from './tried-frameworks.js';

const STUDENT = '2028znunez';
const GREETING = 'Hello, Zoë Núñez-Łukasik';
const NOBODY = 'Nobody is signed in';

let ion: LocalIon;

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

const folders = new Map<string, Promise<string>>();

/** Returns a folder with these packages installed. Rows with the same packages share one. */
function folderWith(packages: readonly string[]): Promise<string> {
  const key = packages.join(' ');
  const folder = folders.get(key) ?? newApp('../../frameworks/apps', packages);
  folders.set(key, folder);
  return folder;
}

/** Installs the row's packages and starts its app. Returns the program and the home page's address. */
async function startApp(
  { app, packages, environment }: Row,
  more: Readonly<Record<string, string>> = {},
): Promise<{ url: string; program: Program }> {
  const folder = await folderWith(packages);
  const program = await Program.start(process.execPath, {
    arguments: [join(folder, app)],
    env: {
      ...environment,
      ...more,
      ION_BASE_URL: ion.baseURL,
      ION_CLIENT_ID: ion.clientID,
      ION_CLIENT_SECRET: ion.clientSecret ?? '',
    },
  });
  await program.until('listening on ');
  return { url: /listening on (\S+)/.exec(program.printed)?.[1] ?? '', program };
}

/** Begins a sign-in in this browser. Returns the URL at Ion that the app redirects to. */
async function begin(url: string, browser: Browser): Promise<string> {
  const { status, location } = await browser.get(new URL('login/ion', url).href);
  expect(status).toBe(302);
  return location ?? '';
}

describe.each(rows)('$name, sign-ins in $keptIn', (row) => {
  let url: string;
  let program: Program;

  beforeAll(async () => {
    ({ url, program } = await startApp(row));
  });
  afterAll(() => program.stop());

  /** Authorizes at Ion and comes back. Returns the text of the home page. */
  async function finish(browser: Browser, atIon: string): Promise<string> {
    const back = await browser.get(await ion.approve(atIon, { as: STUDENT }));
    expect(back.location).toBe(url);
    // Next's own redirects have status 307.
    expect([302, 307]).toContain(back.status);
    return (await browser.get(url)).text;
  }

  it('signs a person in', async () => {
    const browser = new Browser();
    expect((await browser.get(url)).text).toBe(NOBODY);
    expect(await finish(browser, await begin(url, browser))).toBe(GREETING);
  });

  it(`keeps the in-flight sign-in in ${row.keptIn}`, async () => {
    const browser = new Browser();
    await begin(url, browser);
    const names = [...browser.cookiesFor(url).keys()];
    expect(names).not.toEqual([]);
    const ofTheStore = names.filter((name) => name.startsWith('ion-'));
    expect(ofTheStore).toHaveLength(row.keptIn === 'CookieStateStore' ? 1 : 0);
  });

  const old = row.sessionIsInCookie ? 'stays good' : 'is worth nothing';
  it(`signs a person out, and a copy of the cookies ${old}`, async () => {
    const browser = new Browser();
    await finish(browser, await begin(url, browser));
    const pairs = [...browser.cookiesFor(url)].map(([name, value]) => `${name}=${value}`);
    const copy = new Browser({ cookie: pairs.join('; ') });
    await browser.post(new URL('logout', url).href, {});
    expect((await browser.get(url)).text).toBe(NOBODY);
    expect((await copy.get(url)).text).toBe(row.sessionIsInCookie ? GREETING : NOBODY);
  });

  it('finishes the sign-ins in two tabs, the older one last', async () => {
    const browser = new Browser();
    const older = await begin(url, browser);
    const newer = await begin(url, browser);
    expect(await finish(browser, newer)).toBe(GREETING);
    expect(await finish(browser, older)).toBe(GREETING);
  });

  it('finishes each of three sign-ins that began at the same moment', async () => {
    const browser = new Browser();
    // Visit once first, so that the browser has a session that the tabs share.
    await begin(url, browser);
    const tabs = await Promise.all([1, 2, 3].map(() => begin(url, browser)));
    for (const tab of tabs) expect(await finish(browser, tab)).toBe(GREETING);
  });

  it('signs no one in if the person declines', async () => {
    const browser = new Browser();
    const back = await ion.deny(await begin(url, browser), { as: STUDENT });
    expect((await browser.get(back)).status).toBe(401);
    expect((await browser.get(url)).text).toBe(NOBODY);
  });
});

describe.each(rows.filter(({ app }) => app !== 'next.mjs'))('$name, behind a proxy', (row) => {
  it.each([
    ['that is trusted, takes scheme and host from it', 'yes'],
    ['that is not trusted, believes nothing that it says', 'no'],
  ])('%s', async (_title, trust) => {
    const { url, program } = await startApp(row, { TRUST_PROXY: trust });
    const browser = new Browser({
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'lunch.example',
    });
    const { searchParams } = new URL(await begin(url, browser));
    await program.stop();
    const origin = trust === 'yes' ? 'https://lunch.example/' : url;
    expect(searchParams.get('redirect_uri')).toBe(`${origin}complete/ion/`);
  });
});
