// Defines what the app remembers between requests, in memory or in Redis: sessions and people's tokens.

import type session from 'express-session';
import type { IonTokens } from 'passport-ion';

export interface Stores {
  readonly sessions: session.Store;
  readonly tokens: TokenStore;
  /** Whether the stores can be reached right now. */
  isReachable(): boolean;
  /** Closes connections. */
  close(): void;
}

/** Stores tokens by user id. Implement this interface to keep them in a database. */
export interface TokenStore {
  load(userID: string): Promise<IonTokens | undefined>;
  save(userID: string, tokens: IonTokens): Promise<void>;
  delete(userID: string): Promise<void>;
}

/** Thrown if a store cannot be reached. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code = 'ERR_STORAGE';
  readonly status = 503;
}
