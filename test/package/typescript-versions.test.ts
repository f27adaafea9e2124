// Tests that an app with today's types of Express, Passport, and Node compiles with the oldest TypeScript,
// the newest, and some between, with library checks on.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newApp } from './app-folder.js';
import { run } from './program.js';
import { OLDEST_TYPESCRIPT, TYPESCRIPTS } from './typescript-versions.js';

const NEWEST = TYPESCRIPTS.at(-1) ?? '';

const MODULES = {
  node16: { module: 'node16' },
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  // TypeScript resolves these modules as node10 does before 6.0, and as a bundler does from 6.0 on.
  commonjs: { module: 'commonjs' },
} as const;

let folder: string;

beforeAll(async () => {
  const types = ['express', 'node', 'passport'].map((name) => `@types/${name}@latest`);
  const compilers = TYPESCRIPTS.map((version) => `typescript-${version}@npm:typescript@${version}`);
  folder = await newApp('typescript-versions', [...types, ...compilers]);
});

/** Compiles a file of the app with library checks on, in its own project. */
async function compile(version: string, file: string, modules: object): Promise<string> {
  const compilerOptions = {
    target: 'es2022',
    types: ['node'],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    noEmit: true,
    ...modules,
  };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [file] }),
  );
  const compiler = join(folder, 'node_modules', `typescript-${version}`, 'bin/tsc');
  return run(folder, process.execPath, compiler, '--project', folder);
}

describe.each(TYPESCRIPTS)('TypeScript %s', (version) => {
  const isBetween = version !== OLDEST_TYPESCRIPT && version !== NEWEST;

  it.each(
    isBetween ? (['nodenext'] as const) : (['node16', 'nodenext', 'bundler', 'commonjs'] as const),
  )('compiles an app whose modules are %s', async (name) => {
    await compile(version, 'app.ts', MODULES[name]);
  });
});

it('the compiler says what is wrong with the user that verify returns', async () => {
  const compiled = compile(NEWEST, 'wrong-user.ts', MODULES.nodenext);
  await expect(compiled).rejects.toThrow("Type 'number' is not assignable to type 'string'");
  await expect(compiled).rejects.not.toThrow('passReqToCallback');
});
