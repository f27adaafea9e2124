// Connects to Redis. Every command gets a reply or an error before a deadline, and a broken connection is
// replaced without restarting the app.

import { createClient } from 'redis';

import { StorageError } from '../store-interfaces.js';

/** The commands that the stores need. They reject with a StorageError. */
export interface RedisCommands {
  get(key: string): Promise<string | null>;
  getEx(key: string, expiration: Expiration): Promise<string | null>;
  set(key: string, value: string, options: { expiration: Expiration }): Promise<unknown>;
  expire(key: string, seconds: number): Promise<unknown>;
  del(keys: string | string[]): Promise<unknown>;
}

export interface Expiration {
  readonly type: 'EX' | 'PX';
  readonly value: number;
}

/** The time limit for each command, and for connecting. */
const DEADLINE_MS = 2_000;
const MAX_PAUSE_MS = 1_000;

type Client = ReturnType<typeof clientFor>;

function clientFor(url: string): ReturnType<typeof createClient> {
  return createClient({
    url,
    // A command that cannot be sent right now fails immediately, instead of waiting for Redis to come back.
    disableOfflineQueue: true,
    // If Redis does not respond to a ping, the connection is replaced.
    pingInterval: DEADLINE_MS,
    socket: {
      connectTimeout: DEADLINE_MS,
      socketTimeout: 2 * DEADLINE_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MAX_PAUSE_MS),
    },
  });
}

/**
 * Connects to Redis. If Redis cannot be reached, logs a line and keeps trying, so the app and Redis can be
 * started in either order.
 */
export async function connectToRedis(
  url: string,
  log: (line: string) => void,
): Promise<RedisConnection> {
  const connection = new RedisConnection(url, log);
  await connection.firstAttempt;
  return connection;
}

export class RedisConnection {
  readonly commands: RedisCommands = {
    get: (key) => this.#send((client) => client.get(key)),
    getEx: (key, expiration) => this.#send((client) => client.getEx(key, expiration)),
    set: (key, value, options) => this.#send((client) => client.set(key, value, options)),
    expire: (key, seconds) => this.#send((client) => client.expire(key, seconds)),
    del: (keys) => this.#send((client) => client.del(keys)),
  };
  /** Resolves once it is known whether Redis can be reached. */
  readonly firstAttempt: Promise<void>;
  readonly #url: string;
  readonly #log: (line: string) => void;
  #client: Client;
  #isLost = false;

  constructor(url: string, log: (line: string) => void) {
    this.#url = url;
    this.#log = log;
    this.#client = this.#connect();
    const client = this.#client;
    this.firstAttempt = new Promise((resolve) => {
      for (const event of ['ready', 'error'])
        client.once(event, () => {
          resolve();
        });
    });
  }

  get isReachable(): boolean {
    return this.#client.isReady;
  }

  close(): void {
    this.#client.destroy();
  }

  #connect(): Client {
    const client = clientFor(this.#url);
    // Without a listener, Node would end the process at the first 'error' event.
    client.on('error', (error: unknown) => {
      this.#reportLoss(nameOf(error));
    });
    client.on('ready', () => {
      if (this.#isLost) this.#log('Redis is answering again.');
      this.#isLost = false;
    });
    // A failure to connect is ignored here, because the 'error' event has already reported it.
    client.connect().catch(() => undefined);
    return client;
  }

  #reportLoss(why: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#log(
      `Redis is not answering (${why}), so people see an error page until it does. Check REDIS_URL.`,
    );
  }

  async #send<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new StorageError(`Redis did not answer within ${DEADLINE_MS} ms`));
        this.#giveUp(client);
      }, DEADLINE_MS);
    });
    try {
      return await Promise.race([command(client), late]);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new StorageError(`Redis did not carry out a command (${nameOf(error)})`);
    } finally {
      clearTimeout(timer);
    }
  }

  // Drops the connection after a command has timed out, because later commands would probably time out as well.
  #giveUp(client: Client): void {
    if (client !== this.#client) return;
    client.destroy();
    this.#reportLoss('no answer in time');
    this.#client = this.#connect();
  }
}

// Returns a name for an error, and not its message, because Redis might repeat the command there, with the
// password.
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? error.constructor.name;
}
