// Debug output for NODE_DEBUG=passport-ion: the steps of sign-ins, refreshes, and API requests, but never a
// secret.

import { debuglog } from 'node:util';

/** Prints a line to stderr if the environment variable NODE_DEBUG names `passport-ion`. */
export let debug: (format: string, ...parameters: unknown[]) => void = debuglog(
  'passport-ion',
  (faster) => {
    // Node calls this at the first message with a faster function, which does nothing if nothing is to be
    // printed.
    debug = faster;
  },
);
