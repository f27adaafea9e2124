// Keeps sessions and people's tokens in Redis, for several processes on one machine or many.

import { RedisStore } from 'connect-redis';
import { TokenVault } from 'passport-ion';

import { SESSION_LIFETIME_MS } from '../sign-in/session.js';
import type { Stores } from '../store-interfaces.js';
import { connectToRedis } from './connection.js';
import { RedisTokenStore } from './token-store.js';

// The prefix keeps our keys apart from those of other apps that use the same Redis.
const PREFIX = 'ion-example:';

/** Creates the stores. All processes that use this Redis need the same `secret`. */
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
      lifetimeMS: SESSION_LIFETIME_MS,
    }),
    isReachable: () => redis.isReachable,
    close: () => {
      redis.close();
    },
  };
}
