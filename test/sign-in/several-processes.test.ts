// Tests sign-ins in cookies, on two processes that share only their settings.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { buildSync } from 'esbuild';
import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';

const ROOT = join(__dirname, '../..');
const STUDENT = '2028znunez';
const NAME = 'Zoë Núñez-Łukasik';

let ion: LocalIon;
let processes: Program[];
/** The URL of the proxy in front of both processes. */
let url: string;
/** The index of the process that gets the requests. */
let chosen = 0;

/** Passes each request on to the chosen process. */
const proxy = createServer((req, res) => {
  const port = /port (\d+)/.exec(processes[chosen]?.printed ?? '')?.[1];
  const { method, url: path, headers } = req;
  req.pipe(
    request({ port, method, path, headers }, (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(res);
    }),
  );
});

beforeAll(async () => {
  ion = await startLocalIon();
  const file = join(await temporaryFolder('processes'), 'app.cjs');
  buildSync({
    entryPoints: [join(ROOT, 'test/support/sign-in-process.ts')],
    bundle: true,
    platform: 'node',
    outfile: file,
  });
  const env = {
    ION_BASE_URL: ion.baseURL,
    ION_CLIENT_ID: ion.clientID,
    ION_CLIENT_SECRET: ion.clientSecret ?? '',
    STATE_SECRET: 'rQ3xw0x2n0ZB3oT1cW8mJ5yHkVdA6sLe',
  };
  const start = (): Promise<Program> => Program.start(process.execPath, { arguments: [file], env });
  processes = await Promise.all([start(), start()]);
  for (const each of processes) await each.until('.');
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  // The cast is safe because a server that listens on a port has an AddressInfo.
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  proxy.close();
  proxy.closeAllConnections();
  await ion.stop();
});

/** Opens a page, served by the process with this index. */
async function open(index: number, browser: Browser, address: string): Promise<Page> {
  chosen = index;
  const page = await browser.get(address);
  expect(page.headers.get('x-process')).toBe(String(processes[index]?.pid));
  return page;
}

/** Begins a sign-in at the process with this index, and returns the callback that Ion sends the browser to. */
async function begin(index: number, browser: Browser): Promise<string> {
  const { location = '' } = await open(index, browser, `${url}/login/ion`);
  return ion.approve(location, { as: STUDENT });
}

describe.each([
  [0, 1],
  [1, 0],
])('CookieStateStore, with a sign-in that process %i began', (first, second) => {
  it(`lets process ${second} finish it`, async () => {
    const browser = new Browser();
    const callback = await begin(first, browser);
    expect(callback).toMatch(`${url}/complete/ion/?`);
    const page = await open(second, browser, callback);
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toEqual({ name: NAME });
    expect(browser.cookiesFor(url).size).toBe(0);
  });

  it('lets one process finish it along with others of the same browser', async () => {
    const browser = new Browser();
    const callbacks = [await begin(first, browser), await begin(second, browser)];
    for (const callback of callbacks) {
      const page = await open(second, browser, callback);
      expect(JSON.parse(page.text)).toEqual({ name: NAME });
    }
  });

  it('refuses its callback in both processes once it is finished', async () => {
    const browser = new Browser();
    const callback = await begin(first, browser);
    await open(second, browser, callback);
    for (const index of [first, second]) {
      const page = await open(index, browser, callback);
      expect(page.status).toBe(403);
      expect(JSON.parse(page.text)).toMatchObject({ code: 'ERR_ION_STATE', reason: 'no-cookie' });
    }
  });

  it('signs no one in again with a copy of the cookie, since Ion accepts a code only once', async () => {
    const browser = new Browser();
    const callback = await begin(first, browser);
    const cookies = [...browser.cookiesFor(url)].map(([name, value]) => `${name}=${value}`);
    const thief = new Browser({ cookie: cookies.join('; ') });
    await open(first, browser, callback);
    const page = await open(second, thief, callback);
    expect(page.status).toBe(401);
    expect(JSON.parse(page.text)).toEqual({ code: 'invalid_grant' });
  });
});
