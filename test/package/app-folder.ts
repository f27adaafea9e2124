// An app in a folder of its own, which has installed the tarball as a stranger would.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The repository. */
export const ROOT: string = join(__dirname, '../..');

/** What pack.ts has packed. */
export const TARBALL: string = process.env['TARBALL'] ?? '';

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Runs a program to its end; what it printed, also as part of the error where it fails. */
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
    // The cast: what execFile rejects with has both.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** An empty folder, which is gone after the tests of the file. */
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
