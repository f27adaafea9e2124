// What the contract tests need from a provider, and the time at which its clock starts.

import type { Page, Browser } from '../../../support/browser.js';

/** A running provider, either the local Ion or the real django-oauth-toolkit. */
export interface Provider {
  readonly baseURL: string;
  /** Logs a person in on the login page that `browser` shows, and returns the next page. */
  logIn(browser: Browser, loginPage: Page, username: string): Promise<Page>;
  /** Sets the provider's clock forward. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** The time at which every provider's clock starts, always the same because grades depend on the school year. */
export const START: number = Date.parse('2026-11-24T17:00:00Z');

export const SECOND = 1000;
export const DAY: number = 24 * 60 * 60 * SECOND;
