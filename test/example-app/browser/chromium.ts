// Starts the browser: the Chromium installed on this system, headless and with no access to the network.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Runs once, before all tests, and makes sure that there is a browser. */
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
      // Chromium's sandbox doesn't work as root in a container.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
    // For real users, the back button restores pages from memory, so it must do the same here.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}
