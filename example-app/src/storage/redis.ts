// The connection to Redis: each command is answered in time, by Redis or by an error, and what breaks
// is made anew without a restart.

import { createClient } from 'redis';

import { StorageError } from './storage-error.js';

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

/** For one command, and for a connection until it is made, in milliseconds. */
const DEADLINE = 2_000;
const LONGEST_PAUSE = 1_000;

type Client = ReturnType<typeof clientFor>;

function clientFor(url: string): ReturnType<typeof createClient> {
  return createClient({
    url,
    // A command that cannot be sent now fails now, rather than wait for Redis to come back.
    disableOfflineQueue: true,
    // A connection on which Redis is silent is given up; the ping asks for a sign of life.
    pingInterval: DEADLINE,
    socket: {
      connectTimeout: DEADLINE,
      socketTimeout: 2 * DEADLINE,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE),
    },
  });
}

/**
 * Connects. Where Redis is out of reach, that is said in the log, and tried again for as long as it takes:
 * an app and its Redis may be started in any order.
 */
export async function connectToRedis(
  url: string,
  log: (line: string) => void,
): Promise<RedisConnection> {
  const connection = new RedisConnection(url, log);
  await connection.tried;
  return connection;
}

export class RedisConnection {
  readonly commands: RedisCommands = {
    get: (key) => this.#ask((client) => client.get(key)),
    getEx: (key, expiration) => this.#ask((client) => client.getEx(key, expiration)),
    set: (key, value, options) => this.#ask((client) => client.set(key, value, options)),
    expire: (key, seconds) => this.#ask((client) => client.expire(key, seconds)),
    del: (keys) => this.#ask((client) => client.del(keys)),
  };
  /** Settles once it is known whether Redis can be reached. */
  readonly tried: Promise<void>;
  readonly #url: string;
  readonly #log: (line: string) => void;
  #client: Client;
  #isLost = false;

  constructor(url: string, log: (line: string) => void) {
    this.#url = url;
    this.#log = log;
    this.#client = this.#connected();
    const client = this.#client;
    this.tried = new Promise((resolve) => {
      for (const event of ['ready', 'error'])
        client.once(event, () => {
          resolve();
        });
    });
  }

  get reachable(): boolean {
    return this.#client.isReady;
  }

  close(): void {
    this.#client.destroy();
  }

  #connected(): Client {
    const client = clientFor(this.#url);
    // Without this, Node would end the process at the first error.
    client.on('error', (error: unknown) => {
      this.#lost(nameOf(error));
    });
    client.on('ready', () => {
      if (this.#isLost) this.#log('Redis answers again.');
      this.#isLost = false;
    });
    // What it rejects with was an event before.
    client.connect().catch(() => undefined);
    return client;
  }

  #lost(why: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#log(
      `Redis does not answer (${why}): until it does, people see an error page. REDIS_URL says where it should be.`,
    );
  }

  async #ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new StorageError(`Redis gave no answer within ${DEADLINE} ms`));
        this.#giveUp(client);
      }, DEADLINE);
    });
    try {
      return await Promise.race([command(client), late]);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      throw new StorageError(`Redis did not carry a command out (${nameOf(error)})`);
    } finally {
      clearTimeout(timer);
    }
  }

  // Commands go on being written to a connection whose other end is gone, and each would wait.
  #giveUp(client: Client): void {
    if (client !== this.#client) return;
    client.destroy();
    this.#lost('no answer in time');
    this.#client = this.#connected();
  }
}

// Not the message: a reply of Redis may repeat the command, password included.
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? error.constructor.name;
}
