// The example app works when it is copied out of the repository, as a student would do. It installs the tarball
// instead of the package from npm.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { formsOf } from '../local-ion/contract/support/html-form.js';
import { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ROOT, TARBALL } from './app-folder.js';
import { firstMatch, start, run } from './program.js';

/** Copies only the tracked files, which are the ones in a clone or a download. */
async function copyOut(): Promise<string> {
  const folder = await temporaryFolder('passport-ion-app');
  const files = await run(ROOT, 'git', 'ls-files', '-z', 'example-app');
  for (const file of files.split('\0').filter(Boolean)) {
    await cp(join(ROOT, file), join(folder, file.replace(/^example-app\//, '')));
  }
  return folder;
}

/** Presses the button with this label or this value in a form on the page. */
function press(browser: Browser, page: Page, wanted: string): Promise<Page> {
  for (const form of formsOf(page)) {
    const button = form.buttons.find(({ label, value }) => label === wanted || value === wanted);
    if (button) return form.submit(browser, button);
  }
  throw new Error(`No button ${wanted} on ${page.url}:\n${page.text}`);
}

it('installs, builds, starts, and signs people in at its local Ion', async () => {
  const folder = await copyOut();
  await run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--no-save', TARBALL);
  // Fails if the tarball is not the version that the app asks for.
  await run(folder, 'npm', 'ls', 'passport-ion');

  const app = start(folder, 'npm', ['start'], { PORT: '0' });
  const home = await firstMatch(app, /ready: open (\S+)/);
  const browser = new Browser();
  const login = await browser.follow(`${home}login/ion?returnTo=/today`);
  const chosen = await press(browser, login, '2027jdoe');
  const consent = await browser.follow(chosen.location ?? '');
  const allowed = await press(browser, consent, 'Authorize');
  const today = await browser.follow(allowed.location ?? '');
  expect(today).toMatchObject({ status: 200, url: `${home}today` });
  expect((await browser.get(home)).text).toContain('Jane Doe');
});
