// Tests that each promise in SECURITY.md names tests that exist, and that each duty in its tables names a
// promise, or says why there isn't one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const security = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');

function sectionOf(title: string): string {
  const [, , text = ''] = security.split(new RegExp(`^## (${title})\n`, 'm'));
  return text.split(/^## /m)[0] ?? '';
}

/** Each promise's ID and first words, and the tests that it names. */
const promises = sectionOf('What is promised')
  .split(/^- /m)
  .slice(1)
  .map((promise) => {
    const [, id = ''] = /^\*\*([A-Z]\d+)\. /.exec(promise) ?? [];
    const [title = ''] = promise.split('\n');
    const tests = [...promise.matchAll(/^ {2}- `(test\/[^`]+)`: (.+)$/gm)];
    return { id, title, tests: tests.map(([, file = '', name = '']) => [file, name] as const) };
  });

/** Returns the titles of the tests in a file, each after the titles of the `describe` blocks around it. */
function testsIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, outer: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    const path = title && ts.isStringLiteralLike(title) ? [...outer, title.text] : outer;
    if (path !== outer) found.push(path.join(' › '));
    ts.forEachChild(node, (child) => {
      visit(child, path);
    });
  };
  const text = readFileSync(join(ROOT, file), 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022), []);
  return found;
}

interface Duty {
  readonly number: string;
  readonly whatWeDo: string;
  readonly heldBy: string;
}

/** Returns the rows of the tables in a section. */
function dutiesIn(title: string): Duty[] {
  const rows = [...sectionOf(title).matchAll(/^\| +([\d., ]+?) +\|(.*)\|$/gm)];
  return rows.map(([, number = '', rest = '']) => {
    const [, whatWeDo = '', heldBy = ''] = rest.split(' | ').map((cell) => cell.trim());
    return { number, whatWeDo, heldBy };
  });
}

function range(section: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${section}.${index + 1}`);
}

const duties = [...dutiesIn('RFC 9700'), ...dutiesIn('OWASP ASVS 5.0')];

describe('SECURITY.md', () => {
  it.each(promises.map(({ title, tests }) => [title, tests] as const))(
    'promises what tests check: %s',
    (_title, tests) => {
      expect(tests).not.toEqual([]);
      const missing = tests.filter(([file, name]) => !testsIn(file).includes(name));
      expect(missing).toEqual([]);
    },
  );

  it('gives every promise an ID of its own', () => {
    const ids = promises.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(25);
    expect(ids).not.toContain('');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(duties.map((duty) => [duty.number, duty.whatWeDo, duty] as const))(
    'names the promises for the duty %s, or says why there are none: %s',
    (_number, _whatWeDo, { whatWeDo, heldBy }) => {
      if (heldBy === '—') {
        expect(whatWeDo).toMatch(/^_(Not met|Not used|Not the client's|Not the app's):_ ./);
        return;
      }
      const ids = promises.map(({ id }) => id);
      for (const id of heldBy.split(', ')) expect(ids).toContain(id);
    },
  );

  it('goes through every section of RFC 9700 that has duties for clients', () => {
    const sections = dutiesIn('RFC 9700').flatMap(({ number }) => number.split(', '));
    // Section 4.11.2 of RFC 9700 is left out because it is only for authorization servers.
    const expected = [
      ...['2.1', '2.1.1', '2.1.2', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6', '4.1', '4.2'],
      ...['4.3.1', '4.3.2', '4.4', '4.5', '4.6', '4.7', '4.8', '4.9.1', '4.9.2', '4.10', '4.11.1'],
      ...['4.12', '4.13', '4.14', '4.15', '4.16', '4.17'],
    ];
    expect([...new Set(sections)].sort()).toEqual(expected.sort());
  });

  it('goes through all of V7, and the duties for clients in V10, of the ASVS', () => {
    const numbers = dutiesIn('OWASP ASVS 5.0').map(({ number }) => number);
    expect(numbers).toEqual([
      ...range('7.1', 3),
      ...range('7.2', 4),
      ...range('7.3', 2),
      ...range('7.4', 5),
      ...range('7.5', 3),
      ...range('7.6', 2),
      ...range('10.1', 2),
      ...range('10.2', 3),
      ...range('10.5', 5),
    ]);
  });
});
