// The tests shown in the guide on working offline pass, and leave nothing open.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { snippetsIn } from '../support/snippets.js';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  // The folder is in the project, because the packages that the tests import are installed there.
  folder = await mkdtemp(join(__dirname, '.testing-'));
  await writeFile(join(folder, 'package.json'), '{}');
  for (const { file, code } of snippetsIn('docs/guides/offline.md')) {
    if (file !== undefined) await writeFile(join(folder, file), code);
  }
});
afterAll(() => rm(folder, { recursive: true }));

it('the tests for node:test pass', async () => {
  const { stdout } = await run(process.execPath, ['--test', 'app.test.mjs'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  });
  expect(stdout).toMatch(/pass 3$/m);
  expect(stdout).toMatch(/fail 0$/m);
}, 60_000);

it('the tests for jest pass, without open handles', async () => {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const { stderr, stdout } = await run(
    process.execPath,
    [jest, '--rootDir', folder, 'app.test.js'],
    {
      cwd: folder,
    },
  );
  expect(stderr).toMatch(/^Tests: +1 passed, 1 total$/m);
  expect(stdout + stderr).not.toMatch(/did not exit|open handle|force exit/i);
}, 60_000);
