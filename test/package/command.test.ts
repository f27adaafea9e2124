// Tests the command `passport-ion`, as installed from the tarball.

import { join } from 'node:path';

import { Browser } from '../support/browser.js';
import { newApp } from './app-folder.js';
import { firstMatch, start } from './program.js';

it('passport-ion local-ion runs in an app without Express', async () => {
  const folder = await newApp('esm', []);
  const command = join(folder, 'node_modules/.bin/passport-ion');
  const ion = start(folder, command, ['local-ion', '--port', '0']);
  const baseURL = await firstMatch(ion, /ION_BASE_URL=(\S+)/);
  const page = await new Browser().get(`${baseURL}/login`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('2027jdoe');
});
