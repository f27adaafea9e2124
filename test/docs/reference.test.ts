// Tests the comments in lib/, and the pages that `npm run docs` makes from them in docs/reference/.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { compilerErrors } from './compile-snippets.js';

const ROOT = join(__dirname, '../..');

/** Returns the contents of the files in a folder, by their paths in the folder. */
function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const),
  );
}

describe('docs/reference', () => {
  it('is what `npm run docs` writes from the comments', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passport-ion-docs-'));
    try {
      const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
      await promisify(execFile)(process.execPath, [typedoc, '--out', folder], { cwd: ROOT });
      const made = filesOf(folder);
      const kept = filesOf(join(ROOT, 'docs/reference'));
      const differing = [...new Set([...made.keys(), ...kept.keys()])]
        .filter((path) => made.get(path) !== kept.get(path))
        .map((path) => `docs/reference/${path} is out of date: npm run docs`);
      expect(differing).toEqual([]);
      expect(made.size).toBeGreaterThan(50);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});

/** Returns the examples in a file's comments. */
function examplesIn(source: string): { readonly line: number; readonly code: string }[] {
  const found = [];
  for (const comment of source.matchAll(/\/\*\*.*?\*\//gs)) {
    const text = comment[0].replace(/^ *\* ?/gm, '');
    for (const { 1: code = '', index } of text.matchAll(/^```ts\n(.*?)^```/gms)) {
      const before = source.slice(0, comment.index) + text.slice(0, index);
      found.push({ line: before.split('\n').length, code });
    }
  }
  return found;
}

/** The names that `passport-ion` exports. */
const NAMES = [...readFileSync(join(ROOT, 'lib/index.ts'), 'utf8').matchAll(/\{([^{}@]*)\}/g)]
  .flatMap(([, names = '']) => names.split(','))
  .map((name) => name.trim())
  .filter((name) => /^\w+$/.test(name));

/** Adds an import of this package's names that the example uses without importing them. */
function complete(code: string): string {
  const used = NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const imports = used.filter((name) => !new RegExp(`^import .*\\b${name}\\b`, 'm').test(code));
  return [`import { ${imports.join(', ')} } from 'passport-ion';`, code].join('\n');
}

describe('the comments', () => {
  const examples = [...filesOf(join(ROOT, 'lib'))].flatMap(([path, source]) =>
    examplesIn(source).map(({ line, code }) => [`lib/${path}`, line, code] as const),
  );

  it('have examples', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)(
    'in %s have an example at line %i that compiles',
    (path, line, code) => {
      const name = `${path.replace(/\W/g, '-')}-${line}.mts`;
      expect(compilerErrors(name, complete(code))).toEqual([]);
    },
    60_000,
  );
});
