// Every TypeScript and JavaScript snippet of the README and the guides compiles; their tables and links are complete.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { RAW_FIELDS } from '../../lib/profile.js';
import {
  DOCUMENTS,
  allSnippets,
  replacesParts,
  snippetsIn,
  textOf,
  withParts,
} from '../support/snippets.js';
import type { Snippet } from '../support/snippets.js';
import { compilerErrorsByFile } from './compile-snippets.js';

const ROOT = join(__dirname, '../..');

/** What `passport-ion` exports. */
const NAMES = [...readFileSync(join(ROOT, 'lib/index.ts'), 'utf8').matchAll(/\{([^{}@]*)\}/g)]
  .flatMap(([, names = '']) => names.split(','))
  .map((name) => name.trim())
  .filter((name) => /^\w+$/.test(name));

/** A fragment as a module, with imports for the package's names that it does not import itself. */
function asModule({ code }: Snippet): string {
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim());
  const used = NAMES.filter((name) => new RegExp(`\\b${name}\\b(?!:)`).test(code));
  const missing = used.filter((name) => !imported.includes(name));
  return `import { ${missing.join(', ')} } from 'passport-ion';\n${code}`;
}

/** Files of one document may import each other, so they share a folder. */
function placeOf({ document, line, file, language }: Snippet, commonJS: boolean): string {
  const folder = `snippets-${document.replace(/\W/g, '-')}`;
  if (file !== undefined) return `${folder}/${file}`;
  return `${folder}/line-${line}.${commonJS ? 'c' : 'm'}${language}`;
}

/** What is compiled for a snippet: the snippet if it is a whole file, otherwise a module around it. */
function sourceOf(snippet: Snippet): readonly [path: string, code: string] {
  const commonJS = /\brequire\(/.test(snippet.code);
  const path = placeOf(snippet, commonJS);
  if (replacesParts(snippet)) return [path, withParts(snippet)];
  const isWhole = commonJS || snippet.file !== undefined;
  return [path, isWhole ? snippet.code : asModule(snippet)];
}

describe.each([
  ['TypeScript files', 'ts', true, true],
  ['TypeScript fragments', 'ts', false, true],
  ['JavaScript', 'js', false, false],
] as const)('the %s of the documents', (_name, language, whole, strict) => {
  const sources = allSnippets()
    .filter((snippet) => snippet.language === language)
    .filter(({ file }) => language === 'js' || whole === (file !== undefined))
    .map((snippet) => [snippet, sourceOf(snippet)] as const);
  let found: ReadonlyMap<string, string[]>;

  beforeAll(() => {
    // A whole file declares everything that it uses.
    const context = whole ? [] : undefined;
    found = compilerErrorsByFile(new Map(sources.map(([, source]) => source)), strict, context);
  }, 120_000);

  it.each(sources.map(([{ document, line }, [path]]) => [document, line, path] as const))(
    'in %s at line %i compile',
    (_document, _line, path) => {
      const all = found.get(path) ?? ['not compiled'];
      // Untyped JavaScript has many harmless errors; but names, imports and calls of this package have to be right.
      const wrong = /not compiled|Cannot find|has no exported member|not assignable|No overload/;
      expect(strict ? all : all.filter((each) => wrong.test(each))).toEqual([]);
    },
  );
});

describe('the README', () => {
  const readme = textOf('README.md');

  it('can be read in a few minutes', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(150 + 1);
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10 * 1024);
  });

  it('says how to try it and how to test it', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});

describe('the guides', () => {
  it.each([...DOCUMENTS, 'docs/README.md'])('have links in %s that lead somewhere', (document) => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
    const broken = links
      .map(([, link = '']) => link)
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document : join(dirname(document), path);
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('are all in the index', () => {
    const index = textOf('docs/README.md');
    const guides = DOCUMENTS.filter((path) => path !== 'README.md');
    expect(guides.length).toBeGreaterThan(10);
    expect(guides.filter((path) => !index.includes(`(${path.slice('docs/'.length)})`))).toEqual([]);
  });

  it('have prose that fits a terminal', () => {
    const long = DOCUMENTS.flatMap((document) =>
      textOf(document)
        .replace(/^```.*?^```$/gms, (block) => block.replace(/.+/g, ''))
        .split('\n')
        .map((text, index) => ({ text, place: `${document}:${index + 1}` }))
        .filter(({ text }) => text.length > 110 && !text.startsWith('|') && !/^!?\[/.test(text))
        .map(({ place }) => place),
    );
    expect(long).toEqual([]);
  });

  it('have every option of the strategy in the table of options, and no other', () => {
    const source = readFileSync(join(ROOT, 'lib/settings.ts'), 'utf8');
    const [, names = ''] = /^const OPTIONS: [^]*?= \{\n(.*?)^\}/ms.exec(source) ?? [];
    const options = [...names.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    const [table = ''] = textOf('docs/guides/options.md').split('\n## ', 1);
    const shown = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(10);
    expect(shown.sort()).toEqual(options.sort());
  });

  it('have every field of the profile in the table of the profile, and no other', () => {
    const source = readFileSync(join(ROOT, 'lib/profile.ts'), 'utf8');
    const [, body = ''] = /^export interface IonProfile \{\n(.*?)^\}/ms.exec(source) ?? [];
    const fields = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name);
    const rows = textOf('docs/guides/profile.md').match(/^\| `[^|]*/gm) ?? [];
    const shown = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
    expect(fields.length).toBeGreaterThan(15);
    expect(shown.sort()).toEqual(fields.sort());
  });

  it('mark the raw fields that throw when they are read', () => {
    const [table = ''] = textOf('docs/guides/moving.md').split('**2.', 1);
    const marked = [...table.matchAll(/`(\w+)` \*/g)].map(([, name = '']) => name);
    expect(marked.sort()).toEqual([...RAW_FIELDS].sort());
  });

  it('name every code of an error', () => {
    const codes = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(ROOT, 'lib', path), 'utf8'))
      .flatMap((source) => source.match(/\bERR_(?:LOCAL_)?ION_[A-Z_]+/g) ?? []);
    const guide = textOf('docs/guides/errors.md');
    expect(codes.length).toBeGreaterThan(15);
    expect([...new Set(codes)].filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
  });
});

/** The anchors that GitHub makes from a document's headings. */
function anchorsOf(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

it('finds the snippets of every document', () => {
  expect(snippetsIn('README.md').map(({ language }) => language)).toContain('js');
});
