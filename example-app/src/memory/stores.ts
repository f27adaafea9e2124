// Keeps sessions and people's tokens in memory, for a single process.

import session from 'express-session';
import createMemoryStore from 'memorystore';
import { TokenVault } from 'passport-ion';

import { SESSION_LIFETIME_MS } from '../sign-in/session.js';
import type { Stores } from '../store-interfaces.js';
import { MemoryTokenStore } from './token-store.js';

const MAX_SESSIONS = 20_000;
const MAX_PEOPLE = 5_000;

/**
 * Keeps everything in this process's memory, so it works only for a single process, and everything is lost
 * when the process exits. Both stores have a maximum size, unlike express-session's own MemoryStore, which
 * never stops growing.
 */
export function memoryStores(secret: string): Stores {
  const MemoryStore = createMemoryStore(session);
  return {
    sessions: new MemoryStore({ max: MAX_SESSIONS, checkPeriod: 60 * 60 * 1000 }),
    // The vault derives its own keys, so one secret is enough for the session cookie and the tokens.
    tokens: new MemoryTokenStore(new TokenVault(secret), {
      maxPeople: MAX_PEOPLE,
      lifetimeMS: SESSION_LIFETIME_MS,
    }),
    isReachable: () => true,
    close: () => undefined,
  };
}
