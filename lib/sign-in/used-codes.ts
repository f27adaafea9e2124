// Each code is exchanged once, however often its callback arrives.

import { SIGN_IN_LIFETIME_MS } from './in-flight.js';

interface Exchange<Outcome> {
  readonly code: string;
  readonly at: number;
  /** Dropped a while after it settled, since it holds tokens. */
  outcome?: Promise<Outcome> | undefined;
}

const MOST = 10_000;
// A request that was under way with the first may have read its session before the first was done.
const SHARED_FOR = 5_000;
// One timer for all: were there one for each, a busy process would be woken up by each.
const LEAST_PAUSE = 1_000;

/**
 * The exchanges of the last 10 minutes by the handle of their login. A session alone cannot do it:
 * two requests at once each hold a copy, and an old session cookie holds one for ever.
 */
export class CodeExchanges<Outcome> {
  private readonly exchanges = new Map<string, Exchange<Outcome>>();
  /** Those whose outcome is not dropped yet, and when it came. */
  private readonly settled = new Map<Exchange<Outcome>, number>();

  /**
   * The outcome of `exchange`, or of the one that the same callback began a moment ago; undefined
   * where this login was finished before.
   */
  once(
    handle: string,
    code: string,
    exchange: () => Promise<Outcome>,
  ): Promise<Outcome> | undefined {
    const earlier = this.exchanges.get(handle);
    if (earlier) return earlier.code === code ? earlier.outcome : undefined;
    this.prune();
    const begun: Exchange<Outcome> = { code, at: Date.now(), outcome: exchange() };
    this.exchanges.set(handle, begun);
    const settle = (): void => {
      if (this.settled.size === 0) this.dropAfter(SHARED_FOR);
      this.settled.set(begun, Date.now());
    };
    begun.outcome?.then(settle, settle);
    return begun.outcome;
  }

  private dropAfter(milliseconds: number): void {
    const timer: Partial<NodeJS.Timeout> = setTimeout(() => {
      const now = Date.now();
      for (const [exchange, at] of this.settled) {
        const left = at + SHARED_FOR - now;
        if (left > 0) {
          this.dropAfter(Math.max(left, LEAST_PAUSE));
          return;
        }
        exchange.outcome = undefined;
        this.settled.delete(exchange);
      }
    }, milliseconds);
    // Under jest's jsdom a timer is a number.
    timer.unref?.();
  }

  private prune(): void {
    const oldest = Date.now() - SIGN_IN_LIFETIME_MS;
    for (const [handle, { at }] of this.exchanges) {
      if (at > oldest && this.exchanges.size < MOST) return;
      this.exchanges.delete(handle);
    }
  }
}
