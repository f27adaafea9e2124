// What NODE_DEBUG=passport-ion prints: the steps of a sign-in, of a refresh and of API requests, never a secret.

import { debuglog } from 'node:util';

/** Prints a line to stderr if the environment variable NODE_DEBUG names `passport-ion`. */
export let debug: (format: string, ...parameters: unknown[]) => void = debuglog(
  'passport-ion',
  (faster) => {
    // Node calls this at the first message, with a faster function: one that does nothing if nothing is printed.
    debug = faster;
  },
);
