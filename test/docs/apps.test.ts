// Runs the apps in the README and the guides as a reader would, with a local Ion.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import ts from 'typescript';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { allSnippets, replacesParts, snippetsIn, withParts } from '../support/snippets.js';
import type { Snippet } from '../support/snippets.js';
import { Browser } from '../support/browser.js';
import { startAppProgram } from './app-program.js';
import type { AppProgram } from './app-program.js';

let ion: LocalIon;
let folder: string;

beforeAll(async () => {
  ion = await startLocalIon();
  // The folder is in the project, because the packages that the apps import are installed there.
  folder = await mkdtemp(join(__dirname, '.apps-'));
});
afterAll(async () => {
  await ion.stop();
  await rm(folder, { recursive: true });
});

/**
 * The complete apps, and the snippets that turn the quick start into another app by replacing parts of it.
 */
const apps = allSnippets()
  .filter(
    (snippet) =>
      replacesParts(snippet) ||
      (snippet.code.includes('app.listen(') && snippet.code.includes("'passport-ion'")),
  )
  .map((snippet) => [snippet.document, snippet.line, snippet] as const);

function javaScriptOf(snippet: Snippet): string {
  if (replacesParts(snippet)) return withParts(snippet);
  if (snippet.language === 'js') return snippet.code;
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(snippet.code, { compilerOptions }).outputText;
}

function start(snippet: Snippet, more: Readonly<Record<string, string>> = {}): Promise<AppProgram> {
  const extension = /\brequire\(/.test(snippet.code) ? 'cjs' : 'mjs';
  const name = `${snippet.document.replace(/\W/g, '-')}-${snippet.line}.${extension}`;
  return startAppProgram(join(folder, name), javaScriptOf(snippet), ion, more);
}

describe.each(apps)('the app in %s at line %i', (_document, _line, snippet) => {
  let app: AppProgram;
  // cookie-session keeps the whole session in the cookie, so a copy of the cookie still works after a
  // sign-out.
  const inCookie = snippet.code.includes("'cookie-session'");
  let browser: Browser;

  beforeAll(async () => {
    app = await start(snippet);
  }, 30_000);
  afterAll(() => app.program.stop());
  beforeEach(() => {
    browser = new Browser();
  });

  async function begin(): Promise<string> {
    return (await browser.get(`${app.url}/login/ion`)).location ?? '';
  }

  async function signIn(as = '2027jdoe'): Promise<void> {
    const back = await browser.get(await ion.approve(await begin(), { as }));
    expect(back).toMatchObject({ status: 302, location: `${app.url}/me` });
  }

  function cookies(): string {
    return [...browser.cookiesFor(app.url)].map((pair) => pair.join('=')).join('; ');
  }

  it('shows a page to people who are signed in', async () => {
    await signIn();
    expect(await browser.get(`${app.url}/me`)).toMatchObject({
      status: 200,
      text: 'Hello, Jane Doe',
    });
  });

  it('sends everyone else to sign in', async () => {
    const page = await browser.get(`${app.url}/me`);
    expect(page).toMatchObject({ status: 302, location: `${app.url}/login/ion` });
  });

  it('signs out, and the old cookie no longer works', async () => {
    await signIn();
    const old = cookies();
    expect((await browser.post(`${app.url}/logout`, {})).status).toBe(302);
    expect((await browser.get(`${app.url}/me`)).status).toBe(302);
    const copy = await new Browser({ cookie: old }).get(`${app.url}/me`);
    expect(copy.status).toBe(inCookie ? 200 : 302);
  });

  it('says why someone is not signed in', async () => {
    const declined = await browser.get(await ion.deny(await begin(), { as: '2027jdoe' }));
    expect(declined.status).toBe(403);
    expect(declined.text.length).toBeGreaterThan(20);
    expect((await browser.get(`${app.url}/me`)).status).toBe(302);
  });

  it('lets several tabs sign in, in any order', async () => {
    const [first, second] = [await begin(), await begin()];
    for (const request of [second, first]) {
      const back = await browser.get(await ion.approve(request, { as: '2027jdoe' }));
      expect(back.location).toBe(`${app.url}/me`);
    }
  });
});

it('the apps come from the README and from every guide that has one', () => {
  expect(new Set(apps.map(([document]) => document))).toEqual(
    new Set([
      'README.md',
      'docs/guides/hosting.md',
      'docs/guides/moving-from-python-social-auth.md',
      'docs/guides/moving-from-simple-oauth2.md',
      'docs/guides/recipes.md',
      'docs/guides/sessions.md',
      'docs/guides/tokens.md',
      'docs/guides/typescript.md',
    ]),
  );
});

/** Returns the guide's only app whose code contains `text`. */
function appWith(document: string, text: string): Snippet {
  const found = apps.find(([path, , { code }]) => path === document && code.includes(text));
  if (!found) throw new Error(`${document} has no app with ${text}`);
  return found[2];
}

it('the app for a shared host works behind a proxy that strips its path', async () => {
  let app: AppProgram | undefined;
  // As far as anyone knows, the school's proxy also removes /NAME from the path.
  const proxy = createServer((req, res) => {
    const { url = '', headers } = req;
    const to = { host: 'localhost', port: new URL(app?.url ?? '').port, headers };
    const passed = request({ ...to, path: url.replace(/^\/NAME/, '') }, (response) => {
      res.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(res);
    });
    req.pipe(passed);
  }).listen(0, 'localhost');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const site = `http://localhost:${port}/NAME`;
  try {
    app = await start(appWith('docs/guides/hosting.md', 'BASE_PATH'), {
      BASE_PATH: '/NAME',
      ION_CALLBACK_URL: `${site}/complete/ion/`,
    });
    const browser = new Browser();
    const atIon = await browser.follow(`${site}/me`, (url) => url.startsWith(ion.baseURL));
    const callback = await ion.approve(atIon.location ?? '', { as: '2027jdoe' });
    expect(callback).toContain(`${site}/complete/ion/?`);
    expect((await browser.follow(callback)).text).toBe('Hello, Jane Doe');
    expect((await browser.get(`${site}/`)).text).toContain('href="/NAME/sign-out"');
  } finally {
    await app?.program.stop();
    proxy.close();
    proxy.closeAllConnections();
  }
}, 30_000);

it('the app that connects accounts leaves the person signed in as they were', async () => {
  const app = await start(appWith('docs/guides/sessions.md', 'passport.authorize('));
  const browser = new Browser();
  for (const [path, as] of [
    ['/login/ion', '2027jdoe'],
    ['/connect/ion', '2028znunez'],
  ] as const) {
    const { location = '' } = await browser.get(`${app.url}${path}`);
    await browser.get(await ion.approve(location, { as }));
  }
  expect((await browser.get(`${app.url}/me`)).text).toBe('Hello, Jane Doe');
  const connected = await browser.get(`${app.url}/connected`);
  expect(connected.text).toBe('Connected with Zoë Núñez-Łukasik');
  await app.program.stop();
}, 30_000);

it('the app that takes people back to the page that they wanted also does so from its error page', async () => {
  const recipe = appWith('docs/guides/recipes.md', 'safeReturnTo');
  const errorPage = snippetsIn(recipe.document).find(({ code }) =>
    code.startsWith('app.use((error'),
  );
  const app = await start({ ...recipe, code: `${recipe.code}\n${errorPage?.code ?? ''}` });
  const browser = new Browser();
  const { location = '' } = await browser.get(`${app.url}/login/ion?returnTo=/lunch%3Fday=2`);
  const callback = await ion.approve(location, { as: '2027jdoe' });
  ion.failNext('token', { status: 503 });
  const page = await browser.get(callback);
  expect(page).toMatchObject({ status: 503 });
  const [, again = ''] = /<a href="(.*?)">Try again/.exec(page.text) ?? [];
  expect(again).toBe('/login/ion?returnTo=%2Flunch%3Fday%3D2');
  const { location: second = '' } = await browser.get(app.url + again);
  const back = await browser.get(await ion.approve(second, { as: '2027jdoe' }));
  expect(back.location).toBe(`${app.url}/lunch?day=2`);
  await app.program.stop();
}, 30_000);

it('the app that keeps tokens uses the API as the person who is signed in', async () => {
  const app = await start(appWith('docs/guides/tokens.md', 'apiOf'));
  const browser = new Browser();
  const { location = '' } = await browser.get(`${app.url}/login/ion`);
  await browser.get(await ion.approve(location, { as: '2027jdoe' }));
  expect((await browser.get(`${app.url}/today`)).text).toMatch(/^\d{4}-\d{2}-\d{2}: \w/);
  await app.program.stop();
}, 30_000);
