// Compiles the app under test and this package, which the app imports, into a temporary folder.

import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/** The `node_modules` folder that the compiled app loads packages from. */
export const MODULES = join(__dirname, '../../../node_modules');

/** The app's main file, and the modules that it imports. */
const APP = [
  ...['app.ts', 'app-memory.ts', 'failing-lookups.ts', 'timeouts.ts'].map(
    (name) => `test/robustness/faults/${name}`,
  ),
  'test/support/log-text.ts',
];

/** The paths of the compiled app. */
export interface Compiled {
  readonly folder: string;
  /** The app's main file. */
  readonly program: string;
}

/** Compiles everything into a temporary folder, which the caller must remove. */
export function compile(): Compiled {
  const root = join(__dirname, '../../..');
  const folder = mkdtempSync(join(tmpdir(), 'passport-ion-faults-'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  const modules = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('local-ion'))
    .map((name) => `lib/${name}`);
  for (const name of [...modules, ...APP]) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, name), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    const file = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText);
  }
  return { folder, program: join(folder, 'test/robustness/faults/app.js') };
}
