// SECURITY.md: each promise names the tests that hold it, and they are there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const security = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
const promised = /^## What is promised\n(.*?)^## /ms.exec(security)?.[1] ?? '';

/** The promises: the first words of each, and the tests that it names. */
const promises = promised
  .split(/^- /m)
  .slice(1)
  .map((promise) => {
    const [title = ''] = promise.split('\n');
    const tests = [...promise.matchAll(/^ {2}- `(test\/[^`]+)`: (.+)$/gm)];
    return { title, tests: tests.map(([, file = '', name = '']) => [file, name] as const) };
  });

/** The tests in a file: their titles, after those of what they stand in. */
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

describe('SECURITY.md', () => {
  it.each(promises.map(({ title, tests }) => [title, tests] as const))(
    'promises what tests hold: %s',
    (_title, tests) => {
      expect(tests).not.toEqual([]);
      const missing = tests.filter(([file, name]) => !testsIn(file).includes(name));
      expect(missing).toEqual([]);
    },
  );

  it('promises something', () => {
    expect(promises.length).toBeGreaterThan(15);
  });
});
