// Each code is exchanged once, however often its callback arrives.

import { hrtime } from 'node:process';
import { setTimeout } from 'node:timers';

import { SIGN_IN_LIFETIME_MS } from './in-flight.js';

interface Exchange<Result> {
  readonly code: string;
  readonly at: number;
  /** Dropped a while after it settled, since it holds tokens. */
  outcome?: Promise<Result> | undefined;
}

const MAX_EXCHANGES = 10_000;
const MAX_SHARED_OUTCOMES = 100;
// A browser may send a callback twice at once: the second request can load its session before the first one has
// removed the sign-in from it.
const SHARED_FOR_MS = 5_000;
// One timer serves all outcomes: a timer for each would keep waking a busy process.
const MIN_PAUSE_MS = 1_000;

/**
 * The code exchanges of the last {@link SIGN_IN_LIFETIME_MS}. A session cannot prevent a second one by itself: two
 * requests at once each hold a copy of it, and a copy of an old session cookie still holds the sign-in.
 */
export class UsedCodes<Result> {
  readonly #exchanges = new Map<string, Exchange<Result>>();
  /** The exchanges whose outcome is still shared, and when each one settled. */
  readonly #settled = new Map<Exchange<Result>, number>();

  /**
   * Makes the exchange, or returns the outcome of the one that the same callback began a moment ago.
   * Returns undefined if this sign-in, or this code, was used before.
   *
   * @param handle - The sign-in that this browser began. Undefined if nothing ties the browser to it:
   *   then the outcome is not shared, since another browser may have gotten hold of the callback URL.
   */
  once(
    handle: string | undefined,
    code: string,
    exchange: () => Promise<Result>,
  ): Promise<Result> | undefined {
    const key = handle === undefined ? `code ${code}` : `sign-in ${handle}`;
    const earlier = this.#exchanges.get(key);
    if (earlier) return earlier.code === code ? earlier.outcome : undefined;
    this.#prune();
    const outcome = exchange();
    const isShared = handle !== undefined;
    const begun: Exchange<Result> = {
      code,
      at: monotonicNow(),
      outcome: isShared ? outcome : undefined,
    };
    this.#exchanges.set(key, begun);
    const settle = (): void => {
      if (isShared) this.#keepFor(begun, SHARED_FOR_MS);
    };
    outcome.then(settle, settle);
    return outcome;
  }

  #keepFor(exchange: Exchange<Result>, milliseconds: number): void {
    if (this.#settled.size === 0) this.#dropAfter(milliseconds);
    this.#settled.set(exchange, monotonicNow());
    for (const oldest of this.#settled.keys()) {
      if (this.#settled.size <= MAX_SHARED_OUTCOMES) return;
      this.#drop(oldest);
    }
  }

  #drop(exchange: Exchange<Result>): void {
    exchange.outcome = undefined;
    this.#settled.delete(exchange);
  }

  #dropAfter(milliseconds: number): void {
    const timer: Partial<NodeJS.Timeout> = setTimeout(() => {
      const now = monotonicNow();
      for (const [exchange, at] of this.#settled) {
        const left = at + SHARED_FOR_MS - now;
        if (left > 0) {
          this.#dropAfter(Math.max(left, MIN_PAUSE_MS));
          return;
        }
        this.#drop(exchange);
      }
    }, milliseconds);
    // Under jest's jsdom a timer is a number.
    timer.unref?.();
  }

  #prune(): void {
    const oldest = monotonicNow() - SIGN_IN_LIFETIME_MS;
    for (const [key, { at }] of this.#exchanges) {
      if (at > oldest && this.#exchanges.size < MAX_EXCHANGES) return;
      this.#exchanges.delete(key);
    }
  }
}

// Not the time of day, which may be set back: tokens would then be kept for as long, or the timer would
// be set to more than it can wait, which Node takes for 1 ms.
function monotonicNow(): number {
  return Number(hrtime.bigint() / 1_000_000n);
}
