// Makes apps that install the tarball as a user would, each in its own folder.

import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from '../support/temporary-folder.js';
import { run } from './program.js';

/** The repository's root folder. */
export const ROOT: string = join(__dirname, '../..');

/** The tarball that pack.ts made. */
export const TARBALL: string = process.env['TARBALL'] ?? '';

/** Makes a new app with the files from `consumers/<consumer>`, the tarball, and these packages. */
export async function newApp(consumer: string, packages: readonly string[]): Promise<string> {
  const folder = await temporaryFolder('passport-ion-app');
  await cp(join(__dirname, 'consumers', consumer), folder, { recursive: true });
  await writeManifest(folder, {});
  await run(folder, 'npm', 'install', '--no-audit', '--no-fund', TARBALL, ...packages);
  return folder;
}

/** Writes the package.json of a new app. */
export async function writeManifest(folder: string, more: object): Promise<void> {
  const manifest = { name: 'consumer', private: true, ...more };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
