// The browser: the system's Chromium, without a window, cut off from the network.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Once, before all tests: makes sure that there is a browser. */
export default function chromiumIsInstalled(): void {
  if (existsSync(executablePath)) return;
  throw new Error(
    `There is no Chromium at ${executablePath}. Install it (on Debian: apt-get install chromium), ` +
      'or say where yours is: CHROMIUM=/path/to/chromium npm run test:browser',
  );
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      // As root in a container, Chromium has no sandbox.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
    // The back button brings pages back from memory for people, so it has to here.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}
