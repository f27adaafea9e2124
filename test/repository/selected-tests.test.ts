// Checks that each pattern which selects tests matches a test file. After a file is renamed, its old pattern would
// leave its tests out without a word.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CORE } from '../package/versions/version-dependent-tests.js';

const ROOT = join(__dirname, '../..');

const testFiles = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name));

/** The patterns after `--` in the commands of .ci/run. */
const inCI = [...readFileSync(join(ROOT, '.ci/run'), 'utf8').matchAll(/ -- (test\/[^"']+)"/g)]
  .flatMap(([, patterns = '']) => patterns.split(' '))
  .map((pattern) => ['.ci/run', pattern] as const);

const onOtherVersions = CORE.map((pattern) => ['version-dependent-tests.js', pattern] as const);

it('.ci/run and version-dependent-tests.js have patterns', () => {
  expect(inCI.length).toBeGreaterThan(0);
  expect(onOtherVersions.length).toBeGreaterThan(0);
});

it.each([...inCI, ...onOtherVersions])('%s selects a test file by %s', (_where, pattern) => {
  expect(testFiles.filter((path) => new RegExp(pattern).test(path))).not.toEqual([]);
});
