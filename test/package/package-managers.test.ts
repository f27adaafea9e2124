// Some package managers let each package see only its own dependencies. With each, an app without Passport's
// types installs the tarball, compiles with library checks on, and signs someone in.

import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { temporaryFolder } from '../support/temporary-folder.js';
import { TARBALL, writeManifest } from './app-folder.js';
import { run } from './program.js';
import { signIn } from './sign-in.js';

let ion: LocalIon;
/** The folder that the package managers are installed in. */
let tools: string;

beforeAll(async () => {
  ion = await startLocalIon();
  tools = await temporaryFolder('passport-ion-app');
  const packages = ['@yarnpkg/cli-dist@4', 'pnpm@10'];
  await run(tools, 'npm', 'install', '--no-audit', '--no-fund', ...packages);
});
afterAll(() => ion.stop());

/** Makes a new app with a package manager's settings. Nothing is installed in it yet. */
async function newApp(settings: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder('passport-ion-app');
  await cp(join(__dirname, 'consumers/strict-install'), folder, { recursive: true });
  await writeManifest(folder, {
    type: 'module',
    dependencies: {
      'passport-ion': `file:${TARBALL}`,
      express: '5',
      'express-session': '1',
      passport: '0.7',
    },
    // Yarn has to patch TypeScript, and cannot patch a newer version than this.
    devDependencies: { typescript: '5.9', '@types/node': '20' },
  });
  for (const [name, text] of Object.entries(settings)) await writeFile(join(folder, name), text);
  return folder;
}

it('Yarn, with Plug’n’Play', async () => {
  const registry = (await run(tools, 'npm', 'config', 'get', 'registry')).trim();
  const folder = await newApp({
    '.yarnrc.yml': [
      'nodeLinker: pnp',
      'enableTelemetry: false',
      'enableImmutableInstalls: false',
      `globalFolder: ${JSON.stringify(join(tools, 'yarn'))}`,
      `npmRegistryServer: ${JSON.stringify(registry)}`,
    ].join('\n'),
    // Without a yarn.lock here, Yarn would treat this folder as part of any project in a parent folder.
    'yarn.lock': '',
  });
  const yarn = [
    process.execPath,
    join(tools, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js'),
  ] as const;
  await run(folder, ...yarn, 'install');
  await run(folder, ...yarn, 'tsc');
  await signIn(ion, folder, [...yarn, 'node', 'app.mjs']);
});

it('pnpm, which hoists nothing', async () => {
  const folder = await newApp({
    'pnpm-workspace.yaml': [
      'nodeLinker: isolated',
      'hoist: false',
      `storeDir: ${JSON.stringify(join(tools, 'pnpm'))}`,
    ].join('\n'),
  });
  const pnpm = join(tools, 'node_modules/pnpm/bin/pnpm.cjs');
  await run(folder, process.execPath, pnpm, 'install');
  await run(folder, join(folder, 'node_modules/.bin/tsc'));
  await signIn(ion, folder, [process.execPath, 'app.mjs']);
});
