// Takes the steps of a person who visits the example app in a browser.

import type { LocalIon } from 'passport-ion/local-ion';

import type { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';

import type { RunningApp } from './app-in-this-process.js';

/** Presses the sign-in button. Returns the authorization request that it leads to. */
export async function pressSignIn(browser: Browser, app: RunningApp, query = ''): Promise<string> {
  const { status, location = '' } = await browser.get(`${app.url}/login/ion${query}`);
  expect(status).toBe(302);
  return location;
}

/** Signs in. Returns the page that the person ends up on. */
export async function signIn(
  browser: Browser,
  app: RunningApp,
  ion: LocalIon,
  as: string,
  query = '',
): Promise<Page> {
  const callback = await ion.approve(await pressSignIn(browser, app, query), { as });
  return browser.follow(callback);
}

/** Presses the sign-out button on `page`. */
export function pressSignOut(browser: Browser, app: RunningApp, page: Page): Promise<Page> {
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return browser.post(`${app.url}/logout`, { csrf });
}

/** Returns the only `Set-Cookie` line of the app's session. */
export function sessionCookieLine({ headers }: Page): string {
  const lines = headers.getSetCookie().filter((line) => /^(__Host-)?ion-example/.test(line));
  expect(lines).toHaveLength(1);
  return lines[0] ?? '';
}
