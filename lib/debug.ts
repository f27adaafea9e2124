// What NODE_DEBUG=passport-ion prints: the steps of a sign-in and of a refresh, never a secret.

import { debuglog } from 'node:util';
import type { DebugLogger } from 'node:util';

/** Prints a line to stderr if the environment variable NODE_DEBUG names `passport-ion`. */
export const debug: DebugLogger = debuglog('passport-ion');
