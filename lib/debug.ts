// Prints the steps of sign-ins, refreshes, and API requests if NODE_DEBUG=passport-ion is set, but never a
// secret.

import { debuglog } from 'node:util';

/** Prints a line to stderr if the environment variable NODE_DEBUG names `passport-ion`. */
export let debug: (format: string, ...parameters: unknown[]) => void = debuglog(
  'passport-ion',
  (faster) => {
    // At the first message, Node calls this with a faster function, which does nothing if debug output is
    // off.
    debug = faster;
  },
);
