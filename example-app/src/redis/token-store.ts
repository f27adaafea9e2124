// Keeps people's sealed tokens in Redis.

import type { IonTokens, TokenVault } from 'passport-ion';

import type { TokenStore } from '../store-interfaces.js';
import type { RedisCommands } from './connection.js';

export interface RedisTokenStoreOptions {
  /** What each key begins with. The rest of the key is the user id. */
  readonly prefix: string;
  /** How long tokens are kept after their last use. */
  readonly lifetimeMS: number;
}

/** Keeps tokens in Redis, which deletes them by itself when their lifetime is over. */
export class RedisTokenStore implements TokenStore {
  readonly #commands: Pick<RedisCommands, 'getEx' | 'set' | 'del'>;
  readonly #vault: TokenVault;
  readonly #prefix: string;
  readonly #expiration: { readonly type: 'PX'; readonly value: number };

  constructor(
    commands: Pick<RedisCommands, 'getEx' | 'set' | 'del'>,
    vault: TokenVault,
    { prefix, lifetimeMS }: RedisTokenStoreOptions,
  ) {
    this.#commands = commands;
    this.#vault = vault;
    this.#prefix = prefix;
    this.#expiration = { type: 'PX', value: lifetimeMS };
  }

  async load(userID: string): Promise<IonTokens | undefined> {
    // Read the tokens and extend their lifetime in one command, because another process could save newer tokens
    // between two commands.
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
