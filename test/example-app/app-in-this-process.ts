// Starts the example app from its source, in the process of the tests.

import type { LocalIon } from 'passport-ion/local-ion';

import { createApp } from '../../example-app/src/app.js';
import type { AppOptions } from '../../example-app/src/app.js';
import { memoryStores } from '../../example-app/src/memory/stores.js';
import { listen } from '../support/listen.js';

const SESSION_SECRET = 'a-secret-of-thirty-two-characters';

export interface RunningApp {
  /** Scheme, host, and port. */
  readonly origin: string;
  /** URL of the home page, without a trailing slash. */
  readonly url: string;
  /** The lines that the app wrote to its log. */
  readonly log: string[];
  stop(): Promise<void>;
}

/** Starts the app with this Ion, which doesn't need to be running. */
export async function startExampleApp(
  ion: Pick<LocalIon, 'baseURL' | 'clientID' | 'clientSecret'>,
  options: Partial<AppOptions> = {},
): Promise<RunningApp> {
  const { clientID, clientSecret, baseURL } = ion;
  const log: string[] = [];
  const app = createApp({
    production: false,
    basePath: '',
    trustProxy: 0,
    callbackURL: '/complete/ion/',
    sessionSecret: SESSION_SECRET,
    ion: { clientID, clientSecret, baseURL },
    stores: memoryStores(SESSION_SECRET),
    log: (line) => log.push(line),
    ...options,
  });
  const { origin, stop } = await listen(app);
  return { origin, url: `${origin}${options.basePath ?? ''}`, log, stop };
}
