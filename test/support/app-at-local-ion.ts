// An app whose sign-ins go to a local Ion, for the tests of a file or of a `describe` block.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, LocalIonOptions } from 'passport-ion/local-ion';

import type { IonStrategyOptions } from 'passport-ion';

import { startApp } from './app.js';
import type { AppOptions, RunningApp } from './app.js';
import { Browser } from './browser.js';
import type { Page } from './browser.js';

/** The local Ion, and the apps that the current test has started. */
export interface AppAtLocalIon {
  readonly ion: LocalIon;
  /** The app that the test started last. */
  readonly app: RunningApp;
  /** Returns the options of a strategy for the local Ion, with `more` added to them. */
  strategyOptions(more?: Partial<IonStrategyOptions>): IonStrategyOptions;
  start(options?: Partial<AppOptions>): Promise<RunningApp>;
  /** Begins a sign-in, and returns the authorization request. */
  begin(browser: Browser, path?: string): Promise<URL>;
  /** Starts an app, signs in to it, and returns the response to the callback. */
  startAndSignIn(options?: Partial<AppOptions>): Promise<Page>;
}

/** Starts a local Ion before the tests, and stops each app after the test that started it. */
export function useAppAtLocalIon(options: LocalIonOptions = {}): AppAtLocalIon {
  let ion: LocalIon | undefined;
  let running: RunningApp[] = [];

  beforeAll(async () => {
    ion = await startLocalIon(options);
  });
  afterAll(() => ion?.stop());
  afterEach(async () => {
    for (const app of running) await app.stop();
    running = [];
  });

  const site: AppAtLocalIon = {
    get ion() {
      if (!ion) throw new Error('The local Ion runs only during the tests.');
      return ion;
    },
    get app() {
      const app = running.at(-1);
      if (!app) throw new Error('The test has not started an app.');
      return app;
    },
    strategyOptions(more) {
      const { clientID, clientSecret, baseURL } = site.ion;
      return { clientID, clientSecret, baseURL, callbackURL: '/complete/ion/', ...more };
    },
    async start(options) {
      const app = await startApp({ strategy: site.strategyOptions(), ...options });
      running.push(app);
      return app;
    },
    async begin(browser, path = '/login') {
      const { status, location = '' } = await browser.get(site.app.url + path);
      expect(status).toBe(302);
      return new URL(location);
    },
    async startAndSignIn(options) {
      await site.start(options);
      const browser = new Browser();
      const request = await site.begin(browser);
      return browser.get(await site.ion.approve(request, { as: 'jteacher' }));
    },
  };
  return site;
}
