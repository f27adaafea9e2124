// Starts the example app from its source, in the process of the tests, and uses its pages as a browser would.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { LocalIon } from 'passport-ion/local-ion';

import { createApp } from '../../example-app/src/app.js';
import type { AppOptions } from '../../example-app/src/app.js';
import { memoryStores } from '../../example-app/src/memory/stores.js';
import type { UserAgent } from '../support/user-agent.js';
import type { Page } from '../support/user-agent.js';

const SESSION_SECRET = 'a-secret-of-thirty-two-characters';

export interface RunningApp {
  /** Scheme, host, and port. */
  readonly origin: string;
  /** URL of the home page, without a trailing slash. */
  readonly url: string;
  /** The lines that the app wrote to its log. */
  readonly log: string[];
  stop(): Promise<void>;
}

/** Starts the app with this Ion, which doesn't need to be running. */
export async function startExampleApp(
  ion: Pick<LocalIon, 'baseURL' | 'clientID' | 'clientSecret'>,
  options: Partial<AppOptions> = {},
): Promise<RunningApp> {
  const { clientID, clientSecret, baseURL } = ion;
  const log: string[] = [];
  const app = createApp({
    production: false,
    basePath: '',
    trustProxy: 0,
    callbackURL: '/complete/ion/',
    sessionSecret: SESSION_SECRET,
    ion: { clientID, clientSecret, baseURL },
    stores: memoryStores(SESSION_SECRET),
    log: (line) => log.push(line),
    ...options,
  });
  const { origin, stop } = await listen(app);
  return { origin, url: `${origin}${options.basePath ?? ''}`, log, stop };
}

export async function listen(
  app: RequestListener,
): Promise<{ origin: string; stop: () => Promise<void> }> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://127.0.0.1:${port}`, stop };
}

/** Presses the sign-in button. Returns the authorization request that it leads to. */
export async function pressSignIn(
  browser: UserAgent,
  app: RunningApp,
  query = '',
): Promise<string> {
  const { status, location = '' } = await browser.get(`${app.url}/login/ion${query}`);
  expect(status).toBe(302);
  return location;
}

/** Signs in. Returns the page that the person ends up on. */
export async function signIn(
  browser: UserAgent,
  app: RunningApp,
  ion: LocalIon,
  as: string,
  query = '',
): Promise<Page> {
  const callback = await ion.approve(await pressSignIn(browser, app, query), { as });
  return browser.follow(callback);
}

/** Presses the sign-out button on `page`. */
export function pressSignOut(browser: UserAgent, app: RunningApp, page: Page): Promise<Page> {
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return browser.post(`${app.url}/logout`, { csrf });
}

/** Returns the only `Set-Cookie` line of the app's session. */
export function sessionCookieLine({ headers }: Page): string {
  const lines = headers.getSetCookie().filter((line) => /^(__Host-)?ion-example/.test(line));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}
