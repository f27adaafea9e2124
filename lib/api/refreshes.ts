// Refreshes each pair of tokens only once, no matter how many requests wait for the new ones.

import { debug } from '../debug.js';
import { IonTokenError } from '../errors.js';
import type { IonTokens } from '../tokens.js';

/** What is known about a pair of tokens while requests use it. */
interface PairInUse {
  /** How many requests with these tokens have not finished yet. */
  requests: number;
  /** Settles when the first request that needed new tokens has saved them, or has failed to save them. */
  refresh?: Promise<IonTokens> | undefined;
}

/**
 * Saves new tokens, before any request uses them.
 *
 * @param isFirst - Whether this is the first attempt to save these tokens.
 */
export type Save = (refreshed: IonTokens, isFirst: boolean) => Promise<void>;

/** Requests new tokens from Ion to replace `tokens`. */
type RequestTokens = (tokens: IonTokens) => Promise<IonTokens>;

/**
 * Refreshes tokens once for all requests that use them. After a refresh, Ion no longer accepts the old
 * tokens, so it would refuse a second refresh with them. A request that was sent with the old tokens might
 * be refused even after the refresh has finished, so the new tokens are kept until the last such request
 * has finished.
 */
export class Refreshes {
  readonly #requestTokens: RequestTokens;
  readonly #inProgress = new Map<string, Promise<IonTokens>>();
  readonly #pairs = new Map<string, PairInUse>();

  constructor(requestTokens: RequestTokens) {
    this.#requestTokens = requestTokens;
  }

  /** Refreshes these tokens, or waits for the refresh that is already in progress. */
  refresh(tokens: IonTokens): Promise<IonTokens> {
    const key = tokens.refreshToken ?? '';
    const inProgress = this.#inProgress.get(key);
    if (inProgress) {
      debug('refresh: waiting for the one in progress');
      return inProgress;
    }
    debug('refresh: requesting new tokens from Ion');
    const refresh = this.#requestTokens(tokens).finally(() => this.#inProgress.delete(key));
    this.#inProgress.set(key, refresh);
    refresh.then(
      () => {
        debug('refresh: Ion issued new tokens');
      },
      (error: unknown) => {
        debug('refresh: failed with %s', nameOf(error));
      },
    );
    return refresh;
  }

  /** Runs `action` and counts it as a request with these tokens until it has finished. */
  async whileInUse<T>(tokens: IonTokens, action: (pair: PairInUse) => Promise<T>): Promise<T> {
    // Tokens without a refresh token can all use the same key, because they have no refresh to share.
    const key = tokens.refreshToken ?? '';
    const pair = this.#pairs.get(key) ?? { requests: 0 };
    this.#pairs.set(key, pair);
    pair.requests += 1;
    try {
      return await action(pair);
    } finally {
      pair.requests -= 1;
      if (pair.requests === 0) this.#pairs.delete(key);
    }
  }

  /**
   * Refreshes these tokens and saves the new ones, once for all requests that use the old ones.
   *
   * @throws Whatever the refresh or `save` throws.
   */
  refreshAndSave(tokens: IonTokens, save: Save): Promise<IonTokens> {
    return this.whileInUse(tokens, async (pair) => {
      if (pair.refresh) {
        const refreshed = await pair.refresh;
        await save(refreshed, false);
        return refreshed;
      }
      const refresh = this.refresh(tokens);
      const saved = refresh.then((refreshed) => save(refreshed, true));
      pair.refresh = saved.then(
        () => refresh,
        () => refresh,
      );
      pair.refresh.catch((error: unknown) => {
        // After invalid_grant, no request tries to refresh these tokens again, because Ion would refuse
        // again. Any other failure might be temporary, so the next request tries again.
        if (!isGrantRefused(error)) pair.refresh = undefined;
      });
      await saved;
      return refresh;
    });
  }
}

/** Whether Ion no longer accepts the refresh token. */
export function isGrantRefused(error: unknown): error is IonTokenError {
  return error instanceof IonTokenError && error.code === 'invalid_grant';
}

// Leaves out the message: a log of the steps needs only the kind of error.
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is not an Error';
  return 'code' in error && typeof error.code === 'string'
    ? `${error.name} (${error.code})`
    : error.name;
}
