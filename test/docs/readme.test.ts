// The README: its snippets compile, and show what the project really holds.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { complaints } from '../support/compiled-code.js';

interface Snippet {
  readonly language: string;
  readonly code: string;
  /** The chapter that it stands in. */
  readonly chapter: string;
  readonly line: number;
}

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function snippets(): Snippet[] {
  const found: Snippet[] = [];
  for (const match of readme.matchAll(/^```(\w+)\n(.*?)^```/gms)) {
    const before = readme.slice(0, match.index);
    const chapter = [...before.matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '';
    const [, language = '', code = ''] = match;
    found.push({ language, code, chapter, line: before.split('\n').length });
  }
  return found;
}

// Without the strictness of TypeScript, as in an app in JavaScript; but names and imports count.
const UNKNOWN = /Cannot find|has no exported member|not assignable|No overload/;

function complaintsOfJavaScript(name: string, code: string): string[] {
  return complaints(name, code, false).filter((each) => UNKNOWN.test(each));
}

/** The names of the package that a snippet uses without saying where they come from. */
function withImports(code: string): string {
  if (/^import /m.test(code)) return code;
  const names = ['IonStrategy', 'IonProfile', 'VerifyCallback', 'TokenVault', 'isExpired'];
  const used = names.filter((name) => code.includes(name));
  const imports = used.map((name) => `import { ${name} } from 'passport-ion';`);
  return [...imports, code, 'export {};'].join('\n');
}

describe('the README', () => {
  const all = snippets();

  it.each(
    all.filter(({ language }) => language === 'ts').map((each) => [each.line, each] as const),
  )(
    'has TypeScript that compiles at line %i',
    (line, { code }) => {
      expect(complaints(`readme-${line}.mts`, withImports(code))).toEqual([]);
    },
    60_000,
  );

  it('has a quick start that compiles as one file', () => {
    const code = all
      .filter(({ language, chapter }) => language === 'js' && chapter === 'Quick start')
      .map((snippet) => snippet.code)
      .join('\n');
    expect(code).toContain('new IonStrategy(');
    expect(complaintsOfJavaScript('quick-start.mjs', code)).toEqual([]);
  }, 60_000);

  it.each(
    all
      .filter(({ language, chapter }) => language === 'js' && chapter !== 'Quick start')
      .map((each) => [each.line, each] as const),
  )(
    'has JavaScript that compiles at line %i',
    (line, { code }) => {
      const isModule = !/\brequire\(/.test(code);
      const name = `readme-${line}.${isModule ? 'mjs' : 'cjs'}`;
      expect(complaintsOfJavaScript(name, isModule ? `${code}\nexport {};` : code)).toEqual([]);
    },
    60_000,
  );

  it('has an example of tests with jest that passes', async () => {
    const folder = await mkdtemp(join(__dirname, '.readme-'));
    try {
      for (const [, name = '', code = ''] of readme.matchAll(
        /^<!-- (app(?:\.test)?\.js) -->\s+```js\n(.*?)^```/gms,
      )) {
        await writeFile(join(folder, name), code);
      }
      await writeFile(join(folder, 'package.json'), '{}');
      const jest = join(root, 'node_modules/jest/bin/jest.js');
      const { stderr } = await promisify(execFile)(process.execPath, [jest, '--rootDir', folder], {
        cwd: folder,
      });
      expect(stderr).toMatch(/^Tests: +3 passed, 3 total$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it('shows the sign-in routes of the example app, word for word', () => {
    const [, path = '', shown] =
      /<!-- (example-app\/\S+) -->\s+```ts\n(.*?)^```/ms.exec(readme) ?? [];
    expect(path).toMatch(/routes\.ts$/);
    expect(shown).toBe(readFileSync(join(root, path), 'utf8'));
  });

  it('names every option of the strategy in its table, and no other', () => {
    const source = readFileSync(join(root, 'lib/settings.ts'), 'utf8');
    const [, names = ''] = /const NAMES = \[(.*?)\]/s.exec(source) ?? [];
    const options = [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    const chapter = /^## Options\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
    const shown = [...chapter.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(10);
    expect(shown.sort()).toEqual(options.sort());
  });
});
