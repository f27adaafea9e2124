// Where people's tokens are kept, sealed.

import type { IonTokens, TokenVault } from 'passport-ion';

/** Tokens by user id. A database can stand behind it as well as memory. */
export interface TokenStore {
  load(userID: string): Promise<IonTokens | undefined>;
  save(userID: string, tokens: IonTokens): Promise<void>;
  delete(userID: string): Promise<void>;
}

export interface MemoryTokenStoreOptions {
  /** How many people's tokens at most. Beyond, those that were not used for longest go. */
  readonly max: number;
  /** For how long after their last use, in milliseconds. */
  readonly lifetime: number;
}

/** Keeps them in this process: they are gone when it ends, and people are asked to sign in again. */
export class MemoryTokenStore implements TokenStore {
  // A Map keeps the order of insertion: the least recently used come first.
  readonly #kept = new Map<string, { readonly sealed: string; readonly until: number }>();
  readonly #vault: TokenVault;
  readonly #options: MemoryTokenStoreOptions;

  constructor(vault: TokenVault, options: MemoryTokenStoreOptions) {
    this.#vault = vault;
    this.#options = options;
  }

  load(userID: string): Promise<IonTokens | undefined> {
    this.#drop();
    const sealed = this.#kept.get(userID)?.sealed;
    if (sealed === undefined) return Promise.resolve(undefined);
    this.#keep(userID, sealed);
    return Promise.resolve(this.#vault.open(sealed));
  }

  save(userID: string, tokens: IonTokens): Promise<void> {
    this.#keep(userID, this.#vault.seal(tokens));
    this.#drop();
    return Promise.resolve();
  }

  delete(userID: string): Promise<void> {
    this.#kept.delete(userID);
    return Promise.resolve();
  }

  #keep(userID: string, sealed: string): void {
    this.#kept.delete(userID);
    this.#kept.set(userID, { sealed, until: Date.now() + this.#options.lifetime });
  }

  #drop(): void {
    const now = Date.now();
    for (const [userID, { until }] of this.#kept) {
      if (until > now && this.#kept.size <= this.#options.max) return;
      this.#kept.delete(userID);
    }
  }
}
