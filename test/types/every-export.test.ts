// Tests that nothing in the public API is of the type `any`, and that every export has a type test in this folder.
// `npm run typecheck` checks the type tests themselves.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

const LIB = join(__dirname, '../../lib');
const ENTRIES = { 'passport-ion': 'index.ts', 'passport-ion/local-ion': 'local-ion/index.ts' };

const program = ts.createProgram(
  Object.values(ENTRIES).map((file) => join(LIB, file)),
  {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    stripInternal: true,
  },
);
const checker = program.getTypeChecker();

/** Returns the exports of an entry point. */
function exportsOf(file: string): ts.Symbol[] {
  const source = program.getSourceFile(join(LIB, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module`);
  return checker.getExportsOfModule(module);
}

function declarationsOf(symbol: ts.Symbol): readonly ts.Declaration[] {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
}

/** Returns the places in a declaration where a type that users see is `any`. */
function anysIn(node: ts.Node): string[] {
  if (ts.isBlock(node) || isPrivate(node)) return [];
  const isAny = isTyped(node) && (checker.getTypeAtLocation(node).flags & ts.TypeFlags.Any) !== 0;
  const found = isAny ? [node.getText().slice(0, 80)] : [];
  ts.forEachChild(node, (child) => void found.push(...anysIn(child)));
  return found;
}

function isTyped(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isParameter(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isGetAccessor(node)
  );
}

function isPrivate(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false;
  if (node.name && ts.isPrivateIdentifier(node.name)) return true;
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

describe.each(Object.entries(ENTRIES))('the types of %s', (_, file) => {
  const names = exportsOf(file).map((symbol) => [symbol.name, symbol] as const);

  it.each(names)('%s has no `any` in it', (_name, symbol) => {
    const declarations = declarationsOf(symbol);
    expect(declarations).not.toEqual([]);
    expect(declarations.flatMap(anysIn)).toEqual([]);
  });

  it('all have a type test', () => {
    const tests = readdirSync(__dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(__dirname, name), 'utf8'))
      .flatMap((source) => source.split('\n').filter((line) => line.includes('expectTypeOf')));
    const untested = names.filter(([name]) => !tests.some((line) => mentions(line, name)));
    expect(untested.map(([name]) => name).filter((name) => name !== 'default')).toEqual([]);
  });
});

function mentions(line: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(line);
}
