// Starts a local Ion, and a browser for each test; stops each app after the test that started it.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { Browser } from '../support/browser.js';
import { startExampleApp } from './app-in-this-process.js';
import type { RunningApp } from './app-in-this-process.js';

export let ion: LocalIon;
/** The app that the test started last. */
export let app: RunningApp;
export let browser: Browser;

let running: RunningApp[] = [];

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());
beforeEach(() => {
  browser = new Browser();
});
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

/** Starts the app with these options, and with the local Ion unless it should use another one. */
export async function start(
  options?: Parameters<typeof startExampleApp>[1],
  ionOfApp: Parameters<typeof startExampleApp>[0] = ion,
): Promise<void> {
  app = await startExampleApp(ionOfApp, options);
  running.push(app);
}
