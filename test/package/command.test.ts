// The command `local-ion`, as an app that installs the tarball has it.

import { join } from 'node:path';

import { UserAgent } from '../support/user-agent.js';
import { newApp, run } from './app-folder.js';
import { firstMatch, start } from './program.js';

const COMMAND = 'node_modules/.bin/local-ion';

it('is installed, and runs with Express beside it', async () => {
  const folder = await newApp('esm', ['express@5']);
  const ion = start(folder, join(folder, COMMAND), ['--port', '0']);
  const baseURL = await firstMatch(ion, /ION_BASE_URL=(\S+)/);
  const page = await new UserAgent().get(`${baseURL}/login`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('2027jdoe');
});

it('says what is missing where Express is not installed', async () => {
  const folder = await newApp('esm', []);
  await expect(run(folder, join(folder, COMMAND), '--port', '0')).rejects.toThrow(
    'npm install express',
  );
});
