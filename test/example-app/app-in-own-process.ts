// Runs the example app as users do: built by `npm run build`, in its own process.

import { existsSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';

import { Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROOT = path.join(__dirname, '../..');

export interface AppProgram extends Program {
  /** The address of the home page, which the app tells people to open. Empty if it did not start. */
  readonly home: string;
  /** The address of the local Ion that the app started itself. Empty if it didn't start one. */
  readonly ownIon: string;
  /** Returns the address of one of the app's pages, such as `today`. */
  at(page: string): string;
}

/** Starts a copy of the app on a free port. Throws if the app exits before it is listening. */
export async function startBuiltApp(
  env: Readonly<Record<string, string>> = {},
): Promise<AppProgram> {
  const program = await (await BuiltApp.copy()).start(env);
  await program.until('Ctrl-C');
  return program;
}

export class BuiltApp {
  private constructor(readonly folder: string) {}

  /** Copies the built app, so that a developer's .env file has no effect. */
  static async copy(): Promise<BuiltApp> {
    const built = path.join(ROOT, 'example-app/dist/main.js');
    if (!existsSync(built)) throw new Error('The example app is not built: npm run build');
    const folder = await temporaryFolder('example-app');
    for (const part of ['dist', 'public', 'views']) {
      await cp(path.join(ROOT, 'example-app', part), path.join(folder, part), { recursive: true });
    }
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    return new BuiltApp(folder);
  }

  /** Starts the app on a free port, and waits until it is listening or has exited. */
  async start(
    env: Readonly<Record<string, string>> = {},
    nodeOptions: readonly string[] = [],
  ): Promise<AppProgram> {
    const program = await Program.start(process.execPath, {
      arguments: [...nodeOptions, path.join(this.folder, 'dist/main.js')],
      env: { PORT: '0', ...env },
    });
    await program.printedOrEnded('Ctrl-C');
    const home = /open (\S+)/.exec(program.printed)?.[1] ?? '';
    const ownIon = /a local stand-in, (http:\/\/[\d.]+:\d+)/.exec(program.printed)?.[1] ?? '';
    return Object.assign(program, { home, ownIon, at: (page: string) => new URL(page, home).href });
  }
}
