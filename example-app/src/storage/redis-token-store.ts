// People's tokens in Redis, sealed, for all processes that share it.

import type { IonTokens, TokenVault } from 'passport-ion';

import type { RedisCommands } from './redis.js';
import type { TokenStore } from './token-store.js';

export interface RedisTokenStoreOptions {
  /** What the keys begin with; the user id follows. */
  readonly prefix: string;
  /** For how long after their last use, in milliseconds. */
  readonly lifetime: number;
}

/** Redis itself forgets them when their time is over. */
export class RedisTokenStore implements TokenStore {
  readonly #commands: Pick<RedisCommands, 'getEx' | 'set' | 'del'>;
  readonly #vault: TokenVault;
  readonly #prefix: string;
  readonly #expiration: { readonly type: 'PX'; readonly value: number };

  constructor(
    commands: Pick<RedisCommands, 'getEx' | 'set' | 'del'>,
    vault: TokenVault,
    { prefix, lifetime }: RedisTokenStoreOptions,
  ) {
    this.#commands = commands;
    this.#vault = vault;
    this.#prefix = prefix;
    this.#expiration = { type: 'PX', value: lifetime };
  }

  async load(userID: string): Promise<IonTokens | undefined> {
    // One command: between two, another process might save newer tokens.
    const sealed = await this.#commands.getEx(this.#prefix + userID, this.#expiration);
    return sealed === null ? undefined : this.#vault.open(sealed);
  }

  async save(userID: string, tokens: IonTokens): Promise<void> {
    const expiration = this.#expiration;
    await this.#commands.set(this.#prefix + userID, this.#vault.seal(tokens), { expiration });
  }

  async delete(userID: string): Promise<void> {
    await this.#commands.del(this.#prefix + userID);
  }
}
