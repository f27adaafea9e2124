// Every example in the comments in lib/ compiles.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { asModule, compilerErrors } from './compile-snippets.js';

const LIB = join(__dirname, '../../lib');

const sources = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.m?ts$/.test(path),
);

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

describe('the comments', () => {
  const examples = sources.flatMap((path) =>
    examplesIn(readFileSync(join(LIB, path), 'utf8')).map(
      ({ line, code }) => [`lib/${path}`, line, code] as const,
    ),
  );

  it('have examples', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)(
    'in %s have an example at line %i that compiles',
    (path, line, code) => {
      const name = `${path.replace(/\W/g, '-')}-${line}.mts`;
      expect(compilerErrors(name, asModule(code))).toEqual([]);
    },
    60_000,
  );
});
