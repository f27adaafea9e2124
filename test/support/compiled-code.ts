// What the compiler says of code that is shown somewhere, in the README or in a comment of the sources.

import { join } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** What such code takes for granted. */
const CONTEXT = ['readme-context.d.ts', 'readme-app.d.ts'].map((name) =>
  join(__dirname, '../docs', name),
);

const SETTINGS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
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

/** What all programs share: most of the time goes into parsing declarations. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says of a module with this code, as if it lay beside the README. */
export function complaints(name: string, code: string, strict = true): string[] {
  const file = join(ROOT, name);
  const host = ts.createCompilerHost(SETTINGS);
  const usual = { ...host };
  host.getSourceFile = (path, ...rest) => {
    if (path === file) return ts.createSourceFile(path, code, rest[0], true);
    if (!parsed.has(path)) parsed.set(path, usual.getSourceFile(path, ...rest));
    return parsed.get(path);
  };
  host.fileExists = (path) => path === file || usual.fileExists(path);
  host.readFile = (path) => (path === file ? code : usual.readFile(path));
  const program = ts.createProgram([file, ...CONTEXT], { ...SETTINGS, strict }, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
