// The tarball's declarations must compile in any app, whatever its settings, with library checks on and no
// types other than those that are installed with the package.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newApp, ROOT } from './app-folder.js';
import { run } from './program.js';

const RESOLUTIONS = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  // Apps have these settings if they are older than Node's support for `exports` in package.json.
  node10: { module: 'commonjs', moduleResolution: 'node10' },
} as const;

/**
 * The strictest options. Options that only newer versions turn on by default, such as esModuleInterop, are
 * off.
 */
const SETTINGS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  esModuleInterop: false,
  ignoreDeprecations: '6.0',
};

const PACKAGES = {
  // The package itself installs the types of Express 5, the newest version, so this app needs no other types.
  'no other types': [],
  'the types of Express 4': ['@types/express@4', '@types/passport', '@types/express-session'],
};

describe.each(Object.entries(PACKAGES))('the declarations, with %s installed,', (_, packages) => {
  let folder: string;

  beforeAll(async () => {
    folder = await newApp('declarations', packages);
  });

  it.each(Object.entries(RESOLUTIONS))('hold under %s resolution', async (name, resolution) => {
    const compilerOptions = {
      target: 'es2022',
      types: [],
      skipLibCheck: false,
      noEmit: true,
      ...SETTINGS,
      ...resolution,
    };
    const file = join(folder, `tsconfig.${name}.json`);
    const include = ['all.ts', 'node_modules/passport-ion/dist/**/*.d.*ts'];
    await writeFile(file, JSON.stringify({ compilerOptions, include, exclude: [] }));
    await run(folder, join(ROOT, 'node_modules/.bin/tsc'), '--project', file);
  });
});
