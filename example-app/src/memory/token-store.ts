// Keeps people's sealed tokens in memory.

import type { IonTokens, TokenVault } from 'passport-ion';

import type { TokenStore } from '../store-interfaces.js';

export interface MemoryTokenStoreOptions {
  /** The most people whose tokens are kept. If there are more, the least recently used tokens are dropped. */
  readonly maxPeople: number;
  /** How long tokens are kept after their last use. */
  readonly lifetimeMS: number;
}

/** Keeps tokens in this process's memory. When the process exits, people have to sign in again. */
export class MemoryTokenStore implements TokenStore {
  // A Map keeps its entries in insertion order, and every use inserts an entry again, so the least recently
  // used entries come first.
  readonly #entries = new Map<string, { readonly sealed: string; readonly until: number }>();
  readonly #vault: TokenVault;
  readonly #options: MemoryTokenStoreOptions;

  constructor(vault: TokenVault, options: MemoryTokenStoreOptions) {
    this.#vault = vault;
    this.#options = options;
  }

  load(userID: string): Promise<IonTokens | undefined> {
    this.#dropOld();
    const sealed = this.#entries.get(userID)?.sealed;
    if (sealed === undefined) return Promise.resolve(undefined);
    this.#put(userID, sealed);
    return Promise.resolve(this.#vault.open(sealed));
  }

  save(userID: string, tokens: IonTokens): Promise<void> {
    this.#put(userID, this.#vault.seal(tokens));
    this.#dropOld();
    return Promise.resolve();
  }

  delete(userID: string): Promise<void> {
    this.#entries.delete(userID);
    return Promise.resolve();
  }

  #put(userID: string, sealed: string): void {
    this.#entries.delete(userID);
    this.#entries.set(userID, { sealed, until: Date.now() + this.#options.lifetimeMS });
  }

  #dropOld(): void {
    const now = Date.now();
    for (const [userID, { until }] of this.#entries) {
      if (until > now && this.#entries.size <= this.#options.maxPeople) return;
      this.#entries.delete(userID);
    }
  }
}
