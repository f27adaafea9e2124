// The apps in the guides on moving to this package sign people in, both before and after the move.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { snippetsIn, withParts } from '../support/snippets.js';
import type { Snippet } from '../support/snippets.js';
import { Browser } from '../support/browser.js';
import { startAppProgram } from './app-program.js';

const GUIDES = ['simple-oauth2', 'passport-oauth2', 'a-front-end'].map(
  (from) => `docs/guides/moving-from-${from}.md`,
);

/** Finds the code of the app with this file name in the guides on moving. */
function appNamed(file: string): Snippet {
  const found = GUIDES.flatMap(snippetsIn).find((snippet) => snippet.file === file);
  if (!found) throw new Error(`No guide on moving has ${file}`);
  return found;
}

let ion: LocalIon;
let folder: string;

beforeAll(async () => {
  ion = await startLocalIon();
  // The folder is in the project, because the packages that the apps import are installed there.
  folder = await mkdtemp(join(__dirname, '.moving-'));
});
afterAll(async () => {
  await ion.stop();
  await rm(folder, { recursive: true });
});

async function start(file: string, code: string): Promise<string> {
  return (await startAppProgram(join(folder, file), code, ion)).url;
}

/**
 * Approves the sign-in at Ion as Jane Doe. Returns the callback URL, at the address that the app is listening
 * on.
 */
async function authorize(request: string, app: string): Promise<string> {
  const callback = await ion.approve(request, { as: '2027jdoe' });
  // Some apps have port 3000 in their callback URL, but listen on another port here.
  return callback.replace('http://localhost:3000', app);
}

it('shows the four kinds of Node app that people have today', () => {
  const files = GUIDES.flatMap(snippetsIn).map(({ file = '' }) => file);
  expect(files.filter((file) => /^before-.*\.cjs$/.test(file))).toEqual([
    'before-create.cjs',
    'before-class.cjs',
    'before-passport-oauth2.cjs',
    'before-front-end.cjs',
  ]);
});

/** Returns the guide's app for passport-oauth2, changed as the guide says. */
function movedFromPassportOAuth2(): string {
  const { code } = appNamed('before-passport-oauth2.cjs');
  const replaced = /^const OAuth2Strategy [^]*?(?=^passport\.serializeUser)/m;
  if (!replaced.test(code)) throw new Error('The app has lost the part that the guide replaces');
  return code.replace(replaced, () => appNamed('after-passport-oauth2.cjs').code);
}

it.each([
  // An app in the old style needs the old version of simple-oauth2, which is installed under another name.
  [
    'before-create.cjs',
    (code: string) => code.replace("'simple-oauth2'", "'simple-oauth2-2'"),
  ] as const,
  ['before-class.cjs', (code: string) => code] as const,
  ['after.cjs', (code: string) => code] as const,
  ['before-passport-oauth2.cjs', (code: string) => code] as const,
  ['after-passport-oauth2.cjs', movedFromPassportOAuth2] as const,
])('%s signs in, and shows who it is', async (file, appFrom) => {
  const app = await start(file, appFrom(appNamed(file).code));
  const browser = new Browser();
  const { location = '' } = await browser.get(`${app}/login/ion`);
  await browser.get(await authorize(location, app));
  expect((await browser.get(`${app}/me`)).text).toBe('Hello, Jane Doe');
});

it('the app moved from passport-oauth2 refuses a callback without a sign-in', async () => {
  const app = await start('forged.cjs', movedFromPassportOAuth2());
  const forged = `${app}/complete/ion?code=stolen&state=invented`;
  expect((await new Browser().get(forged)).status).toBe(403);
});

/** The first thing that a page's script does: show some text, or go to another page. */
type Shown = { readonly text: string } | { readonly leadsTo: string };

/** Opens a page and runs its script, as a browser does. */
async function open(browser: Browser, url: string): Promise<Shown> {
  const page = await browser.follow(url);
  const script = /<script>([^]*)<\/script>/.exec(page.text)?.[1] ?? '';
  const cookie = [...browser.cookiesFor(page.url)].map((pair) => pair.join('=')).join('; ');
  return new Promise((resolve) => {
    const window = {
      URLSearchParams,
      location: {
        search: new URL(page.url).search,
        set href(to: string) {
          resolve({ leadsTo: new URL(to, page.url).href });
        },
      },
      document: {
        getElementById: () => ({
          set textContent(text: string) {
            resolve({ text });
          },
        }),
      },
      localStorage: { setItem: () => undefined },
      fetch: (path: string, init: { headers?: object } = {}) =>
        fetch(new URL(path, page.url), { ...init, headers: { ...init.headers, cookie } }),
    };
    runInContext(script, createContext(window));
  });
}

it.each([
  ['before-front-end.cjs', /\/complete\/ion\?code=/] as const,
  ['after-front-end.mjs', /\/complete\/ion\/\?code=/] as const,
])('%s signs in, and shows who it is', async (file, callbackURL) => {
  const snippet = appNamed(file);
  const app = await start(file, file.startsWith('after') ? withParts(snippet) : snippet.code);
  const browser = new Browser();
  let shown = await open(browser, `${app}/`);
  expect(shown).toHaveProperty('leadsTo');
  let request = 'leadsTo' in shown ? shown.leadsTo : '';
  // The page links either to the server's sign-in route or to Ion itself.
  if (request.startsWith(app)) request = (await browser.get(request)).location ?? '';
  const callback = await authorize(request, app);
  expect(callback).toMatch(callbackURL);
  shown = await open(browser, callback);
  expect(shown).toEqual({ text: 'Hello, Jane Doe' });
});

it('after-other-origin.mjs leads to a page at another origin, and only that origin may ask who it is', async () => {
  const page = 'http://lunch.localhost:5173';
  const code = withParts(appNamed('after-other-origin.mjs'));
  const file = join(folder, 'other-origin.mjs');
  const { url } = await startAppProgram(file, code, ion, { PAGE_ORIGIN: page });
  const browser = new Browser();
  expect((await browser.get(`${url}/api/me`)).status).toBe(401);
  const { location = '' } = await browser.get(`${url}/login/ion`);
  const { location: next = '' } = await browser.get(await authorize(location, url));
  expect((await browser.get(next)).location).toBe(`${page}/`);
  const me = await browser.get(`${url}/api/me`, { origin: 'http://evil.localhost:5173' });
  expect(JSON.parse(me.text)).toMatchObject({ name: 'Jane Doe' });
  expect(me.headers.get('access-control-allow-origin')).toBe(page);
  expect(me.headers.get('access-control-allow-credentials')).toBe('true');
});
