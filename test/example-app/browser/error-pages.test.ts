// Opens each of the example app's error pages in a real browser, by the steps that lead people to it. The
// page must say what happened, reveal nothing internal, look right, and have a button that helps people
// continue.

import type { Browser, Page } from 'playwright-core';

import { startBrokenApp } from './broken-app.js';
import type { BrokenApp } from './broken-app.js';
import { launchChromium } from './chromium.js';
import { SITUATIONS } from './error-situations.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { faultsOf } from './page-checks.js';
import { OverheardIon } from './overheard-ion.js';
import { answerConsent, arrivesAt, choosePerson } from './steps.js';
import { Visitor } from './visitor.js';

let browser: Browser;
let ion: OverheardIon;
let app: AppProgram;
let brokenApp: BrokenApp;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await OverheardIon.start();
  app = await startBuiltApp({ ...ion.settings, BASE_PATH: '/2027jdoe/' });
  brokenApp = await startBrokenApp('today', ion.settings);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await brokenApp.app.stop();
  await ion.stop();
});
beforeEach(async () => {
  const origins = [...[app, brokenApp.app].map(({ home }) => new URL(home).origin), ion.baseURL];
  visitor = await Visitor.arrive(browser, { origins, secrets: ion.secrets });
});
afterEach(async () => {
  expect(await visitor.leave()).toEqual([]);
  for (const secret of ion.secrets.keys()) {
    expect(app.printed + brokenApp.app.printed).not.toContain(secret);
  }
});

/** At Ion, logs in if necessary, and authorizes the app. */
async function finishAtIon(tab: Page): Promise<void> {
  const chooser = tab.getByRole('heading', { name: 'Log in as…' });
  await chooser.or(tab.getByRole('button', { name: 'Authorize' })).waitFor();
  if (await chooser.isVisible()) await choosePerson(tab, 'Jane Doe');
  await answerConsent(tab, 'Authorize');
}

it.each(SITUATIONS)('shows the right error page: $name', async (situation) => {
  const { name, happen, status, heading, button, after, meanwhile } = situation;
  const scene = { app, brokenApp, ion, visitor };
  visitor.expectStatus(status);
  const tab = await happen(scene);
  await arrivesAt(tab, heading);
  expect(await tab.title()).toBe(`${heading} · Example app`);
  expect(await tab.content()).not.toMatch(/\bat .*\.[jt]s|node_modules|Error:|ERR_|undefined/);
  expect(await faultsOf(tab, `error-${name}`)).toEqual([]);

  await meanwhile?.(scene);
  await tab.getByRole('main').getByRole('link', { name: button, exact: true }).click();
  if (button === 'Sign in with Ion') await finishAtIon(tab);
  await arrivesAt(tab, after);
  const { home } = name === 'broken' ? brokenApp.app : app;
  expect(tab.url()).toBe(after === 'Today' ? `${home}today` : home);
});
