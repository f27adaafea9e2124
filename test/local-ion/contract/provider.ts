// The interface of a provider under the contract, and the time at which its clock starts.

import type { Page, UserAgent } from '../../support/user-agent.js';

/** A running provider: the local Ion, or the real software. */
export interface Provider {
  readonly baseURL: string;
  /** Logs a person in on the login page that `browser` shows, and returns the next page. */
  logIn(browser: UserAgent, loginPage: Page, username: string): Promise<Page>;
  /** Sets its clock forward. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** The time at which the clock of every provider starts, in the school year 2026/27: the grades depend on it. */
export const START: number = Date.parse('2026-11-24T17:00:00Z');

export const SECOND = 1000;
export const DAY: number = 24 * 60 * 60 * SECOND;
