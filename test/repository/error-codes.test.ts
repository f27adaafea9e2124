// The sources, the guide's table, and the tests all have the same error codes.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Returns the error codes in a text, such as `ERR_ION_OPTION`. */
function codesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(/\bERR_(?:LOCAL_)?ION_[A-Z_]+\b/g));
}

/** Returns the text of all TypeScript files below a folder, joined together. */
function sourcesIn(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');
}

const inSources = [...codesIn(sourcesIn('lib'))].sort();
const guide = readFileSync(join(ROOT, 'docs/guides/errors.md'), 'utf8');
/** The text of the library's tests, without the example app's tests, which do not test the library. */
const libraryTests = ['api', 'http', 'local-ion', 'robustness', 'sign-in']
  .map((folder) => sourcesIn(`test/${folder}`))
  .concat(
    readdirSync(join(ROOT, 'test'))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(ROOT, 'test', name), 'utf8')),
  )
  .join('\n');

it('the sources have codes', () => {
  expect(inSources.length).toBeGreaterThan(15);
});

it('the table in docs/guides/errors.md has a row for each code in lib, and no other', () => {
  const rows = guide.split('\n').filter((line) => line.startsWith('|'));
  expect([...codesIn(rows.join('\n'))].sort()).toEqual(inSources);
});

it.each(inSources)('%s is asserted by a test of the library', (code) => {
  expect(codesIn(libraryTests)).toContain(code);
});
