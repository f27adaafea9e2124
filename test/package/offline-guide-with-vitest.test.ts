// Runs the test from the offline guide with Vitest, in a temporary app that installs Vitest just for this test.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileIn } from '../support/snippets.js';
import { newApp } from './app-folder.js';
import { run } from './program.js';

function fileOfGuide(name: string): string {
  return fileIn('docs/guides/offline.md', name).code;
}

it('the test that the guide shows passes with vitest', async () => {
  const folder = await newApp('esm', ['express@5', 'express-session', 'passport', 'vitest@4']);
  const asForJest = fileOfGuide('app.test.js').replace(/^const \{.*\brequire\(.*\n/gm, '');
  await writeFile(join(folder, 'app.cjs'), fileOfGuide('app.cjs'));
  await writeFile(join(folder, 'app.test.mjs'), fileOfGuide('vitest-imports.mjs') + asForJest);
  const said = await run(folder, join(folder, 'node_modules/.bin/vitest'), 'run');
  expect(said).toMatch(/1 passed/);
});
