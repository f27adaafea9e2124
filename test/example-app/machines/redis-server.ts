// Starts Debian's redis-server, on a free port and in its own folder.

import { createClient } from 'redis';

import { Program } from '../../support/program.js';
import { closedPort } from '../../support/raw-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { PACKAGES } from './debian-packages.js';

/** This password has to be percent-encoded in a URL. */
export const PASSWORD = 'the/p@ssword of redis';
const DATABASE = 1;

export class RedisServer {
  #program: Program | undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** Returns a server that is not running yet. */
  static async prepare(): Promise<RedisServer> {
    return new RedisServer(await closedPort(), await temporaryFolder('redis'));
  }

  get url(): string {
    return `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}/${DATABASE}`;
  }

  /** Starts the server, with the data that it had when it was stopped. */
  async start(): Promise<void> {
    const settings = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: this.folder,
      requirepass: PASSWORD,
      appendonly: 'yes',
      save: '',
    };
    this.#program = await Program.start('redis-server', {
      arguments: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      packages: PACKAGES,
    });
    await this.#program.until('Ready to accept connections');
  }

  async stop(): Promise<void> {
    this.#program?.signal('SIGTERM');
    await this.#program?.exitCode();
  }

  /** Makes the server stop responding, while its connections stay open. */
  fallSilent(): void {
    this.#program?.signal('SIGSTOP');
  }

  speakAgain(): void {
    this.#program?.signal('SIGCONT');
  }

  /** Returns all the data by key, with the seconds left until each entry expires. */
  async contents(): Promise<ReadonlyMap<string, { value: string; seconds: number }>> {
    const client = await createClient({ url: this.url }).connect();
    const keys = await client.keys('*');
    const entries = await Promise.all(
      keys.map(async (key) => {
        const [value, seconds] = [await client.get(key), await client.ttl(key)];
        return [key, { value: value ?? '', seconds }] as const;
      }),
    );
    client.destroy();
    return new Map(entries);
  }
}
