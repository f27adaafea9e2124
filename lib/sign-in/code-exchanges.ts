// Exchanges each code only once. If several callbacks with the same code arrive together, all get the same
// outcome.

import { hrtime } from 'node:process';
import { setTimeout } from 'node:timers';

import { SIGN_IN_LIFETIME_MS } from './in-flight-store.js';

interface Exchange<Result> {
  readonly code: string;
  readonly at: number;
  /**
   * The promise for the tokens. Absent if it is not shared, and dropped a few seconds after it settles, so
   * that the tokens do not stay in memory.
   */
  outcome?: Promise<Result> | undefined;
}

const MAX_EXCHANGES = 10_000;
const MAX_SHARED_OUTCOMES = 100;
// How long an outcome is still shared after it settles. A browser might send the same callback twice at the
// same time, and the second request can load its session before the first one has removed the sign-in from
// it.
const SHARED_FOR_MS = 5_000;
// The timer that drops outcomes waits at least this long before it runs again. One timer serves all outcomes,
// because a timer for each would keep waking a busy process.
const MIN_PAUSE_MS = 1_000;

/**
 * Remembers the code exchanges of the last {@link SIGN_IN_LIFETIME_MS}. A session alone cannot prevent a
 * second exchange: simultaneous requests each have their own copy of it, and an old copy of a session
 * cookie still contains the sign-in.
 */
export class CodeExchanges<Result> {
  readonly #exchanges = new Map<string, Exchange<Result>>();
  /** The exchanges whose outcome is still shared, and when each one settled. */
  readonly #settled = new Map<Exchange<Result>, number>();

  /**
   * Exchanges the code, or returns the outcome of the exchange that the same callback began a moment ago.
   * Returns undefined if this sign-in, or this code, was already used.
   *
   * @param handle - The handle of the sign-in that this browser began. If nothing ties the browser to the
   *   sign-in, the handle is undefined, and the outcome is not shared, because another browser might have
   *   gotten hold of the callback URL.
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
    // Under jest's jsdom, a timer is a number, which has no `unref`.
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

// Does not use the time of day, because the clock could be set back. Tokens would then be kept too long, or
// the timer would be set to more than its maximum, which Node treats as 1 ms.
function monotonicNow(): number {
  return Number(hrtime.bigint() / 1_000_000n);
}
