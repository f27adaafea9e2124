// Tests the checks that every other browser test relies on: each one finds the problem it is meant to find.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Browser } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { Visitor } from './visitor.js';

const SECRET = 'abcdefghijklmnopqrst/vwxyz1234';
const BASE64 = Buffer.from(JSON.stringify({ passport: SECRET })).toString('base64');

/** The bodies and headers of pages that each do something wrong, by path. */
const WRONGS: Readonly<Record<string, readonly [body: string, headers?: Record<string, string>]>> =
  {
    '/script-error': ['<script>undefined.x</script>'],
    '/console': ['<script>console.error("told")</script>'],
    '/policy': ['<p style="color: red">', { 'content-security-policy': "default-src 'none'" }],
    '/elsewhere': ['<img src="http://other.example/x.png" alt="">'],
    '/missing-picture': ['<img src="/nothing" alt="">'],
    '/in-page': [`<!-- ${SECRET} -->`],
    '/in-link': [`<img src="/?token=${encodeURIComponent(SECRET)}" alt="">`],
    '/in-return': [`<img src="/?to=%2F%3Ft%3D${encodeURIComponent(SECRET)}" alt="">`],
    '/in-cookie': ['', { 'set-cookie': `session=${BASE64}; HttpOnly` }],
    '/in-header': ['', { 'x-token': SECRET }],
    '/in-storage': ['<script>localStorage.setItem("a", "b")</script>'],
    '/in-session-storage': ['<script>sessionStorage.setItem("a", "b")</script>'],
  };

let browser: Browser;
let server: Server;
let origin: string;

beforeAll(async () => {
  browser = await launchChromium();
  server = createServer(({ url = '' }, response) => {
    const [body, headers] = WRONGS[url] ?? [''];
    response.writeHead(url === '/nothing' ? 404 : 200, { 'content-type': 'text/html', ...headers });
    response.end(`<!doctype html><title>x</title><link rel="icon" href="data:,">${body}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The cast is safe because the server listens on a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

async function faultsAt(path: string, expectedStatus?: number): Promise<string[]> {
  const secrets = new Map([[SECRET, 'the secret']]);
  const visitor = await Visitor.arrive(browser, { origins: [origin], secrets });
  if (expectedStatus !== undefined) visitor.expectStatus(expectedStatus);
  await visitor.open(`${origin}${path}`);
  return visitor.leave();
}

it.each([
  ['/script-error', /^Error: .*undefined/],
  ['/console', /^In the console, .*: told$/],
  ['/policy', /^In the console, .* violates the following Content Security Policy/],
  ['/elsewhere', /^A request went to http:\/\/other\.example$/],
  ['/missing-picture', /^In the console, .*\/nothing: .* 404/],
  ['/in-page', /^the secret is in the response from .*\/in-page$/],
  ['/in-link', /^the secret is in the request GET .*\/\?token=/],
  ['/in-return', /^the secret is in the request GET .*\/\?to=/],
  ['/in-cookie', /^the secret is in the cookies$/],
  ['/in-header', /^the secret is in the response from .*\/in-header$/],
  ['/in-storage', /has stored something$/],
  ['/in-session-storage', /has stored something$/],
])('a visitor finds what is wrong at %s', async (path, fault) => {
  expect(await faultsAt(path)).toContainEqual(expect.stringMatching(fault));
});

it('a visitor finds nothing wrong with a correct page', async () => {
  expect(await faultsAt('/')).toEqual([]);
});

it('a visitor accepts an expected error once, and reports it if it does not happen', async () => {
  expect(await faultsAt('/nothing', 404)).toEqual([]);
  expect(await faultsAt('/nothing', 403)).toHaveLength(2);
  expect(await faultsAt('/', 404)).toEqual(['No response had the status 404']);
});
