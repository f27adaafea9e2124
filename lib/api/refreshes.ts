// The refreshes under way: one for each refresh token, however many requests wait for it.

import { IonTokenError } from '../errors.js';
import type { IonTokens } from '../tokens.js';

interface Pair {
  /** The requests that were made with these tokens and are not done yet. */
  uses: number;
  /** Settles once the first that asked has kept the new tokens, or has failed to. */
  renewal?: Promise<IonTokens> | undefined;
}

/**
 * Keeps new tokens, before anyone uses them.
 *
 * @param renewed - The new tokens.
 * @param first - Whether nobody else has had them to keep before.
 */
export type Keep = (renewed: IonTokens, first: boolean) => Promise<void>;

/** Asks Ion for new tokens in place of these. */
type Request = (tokens: IonTokens) => Promise<IonTokens>;

/**
 * Refreshes tokens once for all that use them. Ion kills the old tokens with each refresh, so that
 * a second refresh with them would be refused. A request that was under way with the old ones may come
 * back after the refresh is done: so what came of it is remembered while there is such a request, and
 * no longer.
 */
export class Refreshes {
  readonly #request: Request;
  readonly #underWay = new Map<string, Promise<IonTokens>>();
  readonly #pairs = new Map<string, Pair>();

  constructor(request: Request) {
    this.#request = request;
  }

  /** New tokens for these: whoever asks while a refresh is under way gets what comes of it. */
  refresh(tokens: IonTokens): Promise<IonTokens> {
    const key = tokens.refreshToken ?? '';
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const begun = this.#request(tokens).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, begun);
    return begun;
  }

  /** Does something with these tokens. */
  async during<T>(tokens: IonTokens, action: (pair: Pair) => Promise<T>): Promise<T> {
    // Without a refresh token there is no refresh to share.
    const key = tokens.refreshToken ?? '';
    const pair = this.#pairs.get(key) ?? { uses: 0 };
    this.#pairs.set(key, pair);
    pair.uses += 1;
    try {
      return await action(pair);
    } finally {
      pair.uses -= 1;
      if (pair.uses === 0) this.#pairs.delete(key);
    }
  }

  /** New tokens for these, kept by `keep`; what the refresh or `keep` throws. */
  renew(tokens: IonTokens, keep: Keep): Promise<IonTokens> {
    return this.during(tokens, async (pair) => {
      if (pair.renewal) {
        const renewed = await pair.renewal;
        await keep(renewed, false);
        return renewed;
      }
      const refreshed = this.refresh(tokens);
      const kept = refreshed.then((renewed) => keep(renewed, true));
      pair.renewal = kept.then(
        () => refreshed,
        () => refreshed,
      );
      pair.renewal.catch((error: unknown) => {
        // What Ion refuses stays refused; whatever else it was may pass.
        if (!isGrantRefused(error)) pair.renewal = undefined;
      });
      await kept;
      return refreshed;
    });
  }
}

/** Whether Ion takes the refresh token no more. */
export function isGrantRefused(error: unknown): error is IonTokenError {
  return error instanceof IonTokenError && error.code === 'invalid_grant';
}
