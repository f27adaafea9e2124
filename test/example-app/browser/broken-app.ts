// A copy of the example app that fails to show one of its pages until it is repaired, to test what visitors see
// if the app's author makes a mistake.

import { cp, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { EXAMPLE_APP, ExampleApp } from './app-process.js';

export interface BrokenApp {
  readonly app: ExampleApp;
  /** Repairs the app: from now on, it shows the page. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** `view` is the name of the view that renders the page. */
export async function startBrokenApp(
  view: string,
  settings: Readonly<Record<string, string>>,
): Promise<BrokenApp> {
  const folder = await mkdtemp(path.join(tmpdir(), 'broken-app-'));
  for (const part of ['dist', 'public', 'views']) {
    await cp(path.join(EXAMPLE_APP, part), path.join(folder, part), { recursive: true });
  }
  await symlink(path.join(EXAMPLE_APP, '../node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'views', `${view}.eta`);
  await rename(file, `${file}.gone`);
  const app = await ExampleApp.start(settings, folder);
  return {
    app,
    mend: () => rename(`${file}.gone`, file),
    stop: async () => {
      await app.stop();
      await rm(folder, { recursive: true });
    },
  };
}
