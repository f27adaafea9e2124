// Keeps the picture in the README up to date. It shows the example app with someone signed in, and this
// test takes it again whenever the page has changed. (Comparing pixels wouldn't work, because fonts differ
// from machine to machine.)

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Browser } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { OverheardIon } from './overheard-ion.js';
import { noteIn, withNote } from './png-note.js';
import { arrivesAt, signIn } from './steps.js';
import { Visitor } from './visitor.js';

const PICTURE = path.join(__dirname, '../../../example-app/screenshot.png');
// A fixed date, because Zoë's grade changes from year to year.
const SCHOOL_DAY = Date.parse('2026-11-24T12:00:00-05:00');

let browser: Browser;
let ion: OverheardIon;
let app: AppProgram;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await OverheardIon.start({ now: () => SCHOOL_DAY });
  app = await startBuiltApp(ion.settings);
  const origins = [new URL(app.home).origin, ion.baseURL];
  const viewport = { width: 900, height: 560 };
  visitor = await Visitor.arrive(browser, { origins, secrets: ion.secrets }, { viewport });
});
afterAll(async () => {
  expect(await visitor.leave()).toEqual([]);
  await browser.close();
  await app.stop();
  await ion.stop();
});

/** Returns a hash of everything that the page is made of: its HTML, style sheet, and pictures. */
async function digestOfPage(): Promise<string> {
  const digest = createHash('sha256');
  for (const part of ['', 'style.css', 'icon.svg', 'picture']) {
    const response = await visitor.context.request.get(app.at(part));
    expect(response.status()).toBe(200);
    const body = (await response.body()).toString('latin1');
    digest.update(body.replace(/name="csrf" value="\w+"/, ''));
  }
  return digest.digest('hex');
}

it('shows the page as it is now', async () => {
  const tab = await visitor.open(app.home);
  await signIn(tab, 'Zoë Núñez-Łukasik');
  await arrivesAt(tab, 'You are signed in');
  await tab.waitForLoadState();
  const digest = await digestOfPage();
  const kept = existsSync(PICTURE) ? noteIn(await readFile(PICTURE)) : undefined;
  if (kept === digest) return;
  await writeFile(PICTURE, withNote(await tab.screenshot(), digest));
  throw new Error(
    'The example app looks another way than in the picture of the README, so ' +
      'example-app/screenshot.png was made again: look at it, and commit it',
  );
});
