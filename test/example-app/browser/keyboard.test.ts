// Signs in and out using only the keyboard, and checks that the focus is visible at each step.

import type { Browser, Locator, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { arrivesAt } from './steps.js';
import { pixelsThatChange } from './visible-change.js';
import { Visitor } from './visitor.js';

const MAX_STOPS = 40;

let browser: Browser;
let blank: Page;
let app: AppProgram;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  blank = await browser.newPage();
  app = await startBuiltApp();
});
afterAll(async () => {
  await browser.close();
  await app.stop();
});
beforeEach(async () => {
  visitor = await Visitor.arrive(browser, { origins: [new URL(app.home).origin, app.ownIon] });
});
afterEach(async () => {
  expect(await visitor.leave()).toEqual([]);
});

/** Presses Tab until `target` has the focus. The focus must be visible at every element on the way. */
async function tabTo(tab: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    await tab.keyboard.press('Tab');
    await focusShows(tab);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Pressing Tab ${MAX_STOPS} times did not lead to ${target.toString()}`);
}

/** Expects the focused element to look different than without the focus, by at least an outline. */
async function focusShows(tab: Page): Promise<void> {
  const stop = await tab.locator(':focus').elementHandle();
  const box = await stop.boundingBox();
  if (!box) throw new Error('The focused element is not visible');
  const edge = 8;
  const clip = {
    x: Math.max(0, box.x - edge),
    y: Math.max(0, box.y - edge),
    width: box.width + 2 * edge,
    height: box.height + 2 * edge,
  };
  const focused = await tab.screenshot({ clip });
  await stop.evaluate((element: HTMLElement) => {
    element.blur();
  });
  const unfocused = await tab.screenshot({ clip });
  await stop.focus();
  const where = `${await stop.innerText()} at ${tab.url()}`;
  const line = 2 * (box.width + box.height);
  const changed = await pixelsThatChange(blank, unfocused, focused);
  if (changed < line) throw new Error(`The focus hardly shows on ${where}: ${changed} of ${line}`);
}

async function press(tab: Page, role: 'link' | 'button', name: string): Promise<void> {
  await tabTo(tab, tab.getByRole(role, { name }));
  await tab.keyboard.press('Enter');
}

it.each(['light', 'dark'] as const)('the keyboard is enough, in %s colors', async (colorScheme) => {
  const tab = await visitor.open(app.home);
  await tab.emulateMedia({ colorScheme });
  await press(tab, 'link', 'Sign in with Ion');
  await arrivesAt(tab, 'Log in as…');
  await press(tab, 'button', 'Zoë Núñez-Łukasik');
  await tab.getByRole('heading', { name: 'Authorize' }).waitFor();
  await press(tab, 'button', 'Authorize');
  await arrivesAt(tab, 'You are signed in');
  await press(tab, 'link', 'See what is on today');
  await arrivesAt(tab, 'Today');
  await press(tab, 'button', 'Sign out');
  await arrivesAt(tab, 'Who are you?');
});

it('offers a link that skips the navigation first', async () => {
  const tab = await visitor.open(app.home);
  await tab.keyboard.press('Tab');
  const skip = tab.getByRole('link', { name: 'Skip to the content' });
  expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
  await focusShows(tab);
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Tab');
  expect(await tab.locator(':focus').innerText()).toBe('Sign in with Ion');
});

it('can decline', async () => {
  visitor.expectStatus(401);
  const tab = await visitor.open(app.at('today'));
  await press(tab, 'button', 'Jane Doe');
  await tab.getByRole('heading', { name: 'Authorize' }).waitFor();
  await press(tab, 'button', 'Cancel');
  await arrivesAt(tab, 'You are not signed in');
});
