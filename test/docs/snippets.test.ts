// Every TypeScript and JavaScript snippet in the README and the guides compiles.

import { allSnippets, replacesParts, snippetsIn, withParts } from '../support/snippets.js';
import type { Snippet } from '../support/snippets.js';
import { asModule, compilerErrorsByFile } from './compile-snippets.js';

/** Returns the path of a snippet's file. A document's files share a folder, so they can import each other. */
function placeOf({ document, line, file, language }: Snippet, commonJS: boolean): string {
  const folder = `snippets-${document.replace(/\W/g, '-')}`;
  if (file !== undefined) return `${folder}/${file}`;
  return `${folder}/line-${line}.${commonJS ? 'c' : 'm'}${language}`;
}

/** Returns the file to compile for a snippet. A fragment becomes a module; a complete file stays as it is. */
function sourceOf(snippet: Snippet): readonly [path: string, code: string] {
  const commonJS = /\brequire\(/.test(snippet.code);
  const path = placeOf(snippet, commonJS);
  if (replacesParts(snippet)) return [path, withParts(snippet)];
  const isWhole = commonJS || snippet.file !== undefined;
  return [path, isWhole ? snippet.code : asModule(snippet.code)];
}

describe.each([
  ['TypeScript files', 'ts', true, true],
  ['TypeScript fragments', 'ts', false, true],
  ['JavaScript', 'js', false, false],
] as const)("the documents' %s", (_name, language, whole, strict) => {
  const sources = allSnippets()
    .filter((snippet) => snippet.language === language)
    .filter(({ file }) => language === 'js' || whole === (file !== undefined))
    .map((snippet) => [snippet, sourceOf(snippet)] as const);
  let found: ReadonlyMap<string, string[]>;

  beforeAll(() => {
    // A whole file must declare everything that it uses.
    const context = whole ? [] : undefined;
    found = compilerErrorsByFile(new Map(sources.map(([, source]) => source)), strict, context);
  }, 120_000);

  it.each(sources.map(([{ document, line }, [path]]) => [document, line, path] as const))(
    'in %s at line %i compile',
    (_document, _line, path) => {
      const all = found.get(path) ?? ['not compiled'];
      // Untyped JavaScript has many harmless errors, but this package's names, imports, and calls must be right.
      const wrong = /not compiled|Cannot find|has no exported member|not assignable|No overload/;
      expect(strict ? all : all.filter((each) => wrong.test(each))).toEqual([]);
    },
  );
});

it('finds the snippets of every document', () => {
  expect(snippetsIn('README.md').map(({ language }) => language)).toContain('js');
});
