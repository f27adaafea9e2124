// Starts a copy of the example app that fails to show one of its pages until it is repaired, to test what
// visitors see if the app's author makes a mistake.

import { rename } from 'node:fs/promises';
import path from 'node:path';

import { BuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';

export interface BrokenApp {
  readonly app: AppProgram;
  /** Repairs the app: from then on, it shows the page. */
  mend(): Promise<void>;
}

/** Starts a copy of the app without this view, so that it cannot show the page that the view renders. */
export async function startBrokenApp(
  view: string,
  settings: Readonly<Record<string, string>>,
): Promise<BrokenApp> {
  const copy = await BuiltApp.copy();
  const file = path.join(copy.folder, 'views', `${view}.eta`);
  await rename(file, `${file}.gone`);
  const app = await copy.start(settings);
  return { app, mend: () => rename(`${file}.gone`, file) };
}
