// Compiles the code shown in a document or in a comment, and returns the compiler's errors.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** The files that declare the names that snippets use without declaring them. */
const CONTEXT = ['snippet-context.d.ts', 'vitest.d.ts'].map((name) => join(__dirname, name));

const SETTINGS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node', 'jest'],
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  paths: {
    'passport-ion': [join(ROOT, 'lib/index.ts')],
    'passport-ion/local-ion': [join(ROOT, 'lib/local-ion/index.ts')],
  },
};

/** A cache for all programs, because parsing declarations takes most of the time. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The names that `passport-ion` exports. */
const NAMES = [...readFileSync(join(ROOT, 'lib/index.ts'), 'utf8').matchAll(/\{([^{}@]*)\}/g)]
  .flatMap(([, names = '']) => names.split(','))
  .map((name) => name.trim())
  .filter((name) => /^\w+$/.test(name));

/** Turns a fragment into a module, with imports of the package's names that it doesn't import itself. */
export function asModule(code: string): string {
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim());
  const used = NAMES.filter((name) => new RegExp(`\\b${name}\\b(?!:)`).test(code));
  const missing = used.filter((name) => !imported.includes(name));
  return `import { ${missing.join(', ')} } from 'passport-ion';\n${code}`;
}

/** Returns the compiler's errors for a module with this code in the project's root folder. */
export function compilerErrors(name: string, code: string, strict = true): string[] {
  return compilerErrorsByFile(new Map([[name, code]]), strict).get(name) ?? [];
}

/** Returns the compiler's errors by file name, for many files that may import each other. */
export function compilerErrorsByFile(
  files: ReadonlyMap<string, string>,
  strict: boolean,
  context: readonly string[] = CONTEXT,
): ReadonlyMap<string, string[]> {
  const codes = new Map([...files].map(([name, code]) => [join(ROOT, name), code] as const));
  const folders = new Set([...codes.keys()].map(dirname));
  const host = ts.createCompilerHost(SETTINGS);
  const usual = { ...host };
  host.getSourceFile = (path, ...rest) => {
    const code = codes.get(path);
    if (code !== undefined) return ts.createSourceFile(path, code, rest[0], true);
    if (!parsed.has(path)) parsed.set(path, usual.getSourceFile(path, ...rest));
    return parsed.get(path);
  };
  host.fileExists = (path) => codes.has(path) || usual.fileExists(path);
  host.readFile = (path) => codes.get(path) ?? usual.readFile(path);
  host.directoryExists = (path) => folders.has(path) || (usual.directoryExists?.(path) ?? true);
  const program = ts.createProgram([...codes.keys(), ...context], { ...SETTINGS, strict }, host);
  return new Map(
    [...files.keys()].map((name) => [
      name,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(join(ROOT, name)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ]),
  );
}
