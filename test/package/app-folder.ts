// An app in a folder of its own, which installs the tarball as any user would.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The repository. */
export const ROOT: string = join(__dirname, '../..');

/** The tarball that pack.ts made. */
export const TARBALL: string = process.env['TARBALL'] ?? '';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Runs a program to its end, and returns what it printed. If it fails, the error has that text. */
export async function run(
  folder: string,
  program: string,
  ...parameters: readonly string[]
): Promise<string> {
  const options = { cwd: folder, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, parameters, options);
    return stdout + stderr;
  } catch (error) {
    // The cast: execFile rejects with an error that has both.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** An empty folder, which is removed after the tests of the file. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'passport-ion-app-'));
  folders.push(folder);
  return folder;
}

/** A new app with the files of `consumers/<consumer>`, the tarball, and these packages. */
export async function newApp(consumer: string, packages: readonly string[]): Promise<string> {
  const folder = await newFolder();
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
