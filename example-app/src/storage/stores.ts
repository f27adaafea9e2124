// What the app remembers between requests, and where: sessions, and people's tokens.

import { RedisStore } from 'connect-redis';
import session from 'express-session';
import createMemoryStore from 'memorystore';
import { TokenVault } from 'passport-ion';

import { SESSION_LIFETIME } from '../sign-in/session.js';
import { RedisTokenStore } from './redis-token-store.js';
import { connectToRedis } from './redis.js';
import { MemoryTokenStore } from './token-store.js';
import type { TokenStore } from './token-store.js';

export interface Stores {
  readonly sessions: session.Store;
  readonly tokens: TokenStore;
  /** Whether they answer at the moment. */
  reachable(): boolean;
  /** Lets go of what they hold open. */
  close(): void;
}

const MOST_SESSIONS = 20_000;
const MOST_PEOPLE = 5_000;

/**
 * Both in the memory of this process, bounded: right for one process, and forgotten when it ends.
 * (express-session's own MemoryStore forgets nothing until then, however many visitors come.)
 */
export function memoryStores(secret: string): Stores {
  const MemoryStore = createMemoryStore(session);
  return {
    sessions: new MemoryStore({ max: MOST_SESSIONS, checkPeriod: 60 * 60 * 1000 }),
    // The vault derives keys of its own from the secret, so that one secret serves the session cookie
    // and the tokens.
    tokens: new MemoryTokenStore(new TokenVault(secret), {
      max: MOST_PEOPLE,
      lifetime: SESSION_LIFETIME,
    }),
    reachable: () => true,
    close: () => undefined,
  };
}

// One Redis may serve other apps too.
const PREFIX = 'ion-example:';

/** Both in Redis: for several processes, on one machine or on many, which share one `secret`. */
export async function redisStores(
  secret: string,
  url: string,
  log: (line: string) => void,
): Promise<Stores> {
  const redis = await connectToRedis(url, log);
  return {
    sessions: new RedisStore({ client: redis.commands, prefix: `${PREFIX}session:` }),
    tokens: new RedisTokenStore(redis.commands, new TokenVault(secret), {
      prefix: `${PREFIX}tokens:`,
      lifetime: SESSION_LIFETIME,
    }),
    reachable: () => redis.reachable,
    close: () => {
      redis.close();
    },
  };
}
