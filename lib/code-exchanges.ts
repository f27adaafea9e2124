// Each code is exchanged once, however often its callback arrives.

import { LIFETIME } from './state.js';

interface Exchange<Outcome> {
  readonly code: string;
  readonly at: number;
  /** Dropped a while after it settled, since it holds tokens. */
  outcome?: Promise<Outcome> | undefined;
}

const MOST = 10_000;
// A request that was under way with the first may have read its session before the first was done.
const SHARED_FOR = 5_000;

/**
 * The exchanges of the last 10 minutes by the handle of their login. A session alone cannot do it:
 * two requests at once each hold a copy, and an old session cookie holds one for ever.
 */
export class CodeExchanges<Outcome> {
  private readonly exchanges = new Map<string, Exchange<Outcome>>();

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
    const forget = (): void => {
      const timer: Partial<NodeJS.Timeout> = setTimeout(() => {
        begun.outcome = undefined;
      }, SHARED_FOR);
      // Under jest's jsdom a timer is a number.
      timer.unref?.();
    };
    begun.outcome?.then(forget, forget);
    return begun.outcome;
  }

  private prune(): void {
    const oldest = Date.now() - LIFETIME;
    for (const [handle, { at }] of this.exchanges) {
      if (at > oldest && this.exchanges.size < MOST) return;
      this.exchanges.delete(handle);
    }
  }
}
