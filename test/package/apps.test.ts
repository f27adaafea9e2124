// Apps of every kind install the tarball, build if they have to, and sign people in.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { quickStart } from '../support/snippets.js';
import { newApp, writeManifest } from './app-folder.js';
import { run } from './program.js';
import { signIn } from './sign-in.js';

let ion: LocalIon;

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

describe.each(['4', '5'])('an app on Express %s signs people in', (version) => {
  const packages = [`express@${version}`, 'express-session', 'passport'];

  it('from CommonJS, with verify in Passport’s form', async () => {
    await signIn(ion, await newApp('commonjs', packages), [process.execPath, 'app.js']);
  });

  it('from ESM, with the short verify', async () => {
    await signIn(ion, await newApp('esm', packages), [process.execPath, 'app.mjs']);
  });

  it('from TypeScript, in CommonJS and in ESM, with library checks', async () => {
    const folder = await newApp('typescript', [
      ...packages,
      'typescript@6.0',
      `@types/express@${version}`,
      '@types/express-session',
      '@types/passport',
      '@types/node@20',
    ]);
    const installed = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
    for (const type of ['commonjs', 'module']) {
      await writeManifest(folder, { ...installed, type });
      await run(folder, join(folder, 'node_modules/.bin/tsc'));
      await signIn(ion, folder, [process.execPath, 'out/app.js']);
    }
  });
});

it('an app on Deno signs people in', async () => {
  const folder = await newApp('esm', ['deno@2', 'express@5', 'express-session', 'passport']);
  const deno = join(folder, 'node_modules/.bin/deno');
  const settings = [`DENO_DIR=${join(folder, 'deno')}`, 'DENO_NO_UPDATE_CHECK=1'];
  await signIn(ion, folder, ['env', ...settings, deno, 'run', '--allow-all', 'app.mjs']);
});

it("the README's quick start signs people in", async () => {
  const folder = await newApp('esm', ['express@5', 'express-session', 'passport']);
  await writeFile(join(folder, 'quick-start.mjs'), quickStart());
  await signIn(ion, folder, [process.execPath, 'quick-start.mjs'], '/me');
});
