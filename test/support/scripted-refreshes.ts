// Makes tokens that nock, in place of Ion, accepts, refuses, and refreshes, and a store for them.

import type { IonAPI } from '../../lib/api/api.js';
import type { IonStrategy } from '../../lib/strategy.js';
import type { IonTokens } from '../../lib/tokens.js';
import { ion, ION_ORIGIN } from './nock.js';
import { strategyAt } from './strategy-at.js';

let strategy: IonStrategy;

/** Makes a new strategy before each test, which {@link currentStrategy} and {@link apiOf} use. */
export function useNewStrategies(): void {
  beforeEach(() => {
    strategy = strategyAt(ION_ORIGIN);
  });
}

export function currentStrategy(): IonStrategy {
  return strategy;
}

export function apiOf(source: Parameters<IonStrategy['api']>[0]): IonAPI {
  return strategy.api(source);
}

export const NO_CREDENTIALS = { detail: 'Authentication credentials were not provided.' };

/** Returns the pair of tokens that Ion issues first for 1, second for 2, and so on. */
export function pair(number: number): IonTokens {
  return {
    accessToken: `Access${number}`.padEnd(30, 'x'),
    refreshToken: `Refresh${number}`.padEnd(30, 'x'),
    tokenType: 'Bearer',
    scope: ['read'],
  };
}

/** Returns the same tokens as `pair`, but they expire this many milliseconds from now. */
export function expiringPair(number: number, ms = 0): IonTokens {
  return { ...pair(number), expiresAt: Date.now() + ms };
}

export function withoutRefreshToken({ refreshToken: _, ...tokens }: IonTokens): IonTokens {
  return tokens;
}

/** Expects requests with this pair's access token, which Ion accepts. */
export function expectAccepted(number: number, path = '/x', times = 1): void {
  withAccessToken(number).get(`/api${path}`).times(times).reply(200, { path });
}

/** Expects requests with this pair's access token, which Ion no longer accepts. */
export function expectRefused(number: number, path = '/x', times = 1): void {
  withAccessToken(number).get(`/api${path}`).times(times).reply(403, NO_CREDENTIALS);
}

export function withAccessToken(number: number): ReturnType<typeof ion> {
  return ion({ authorization: `Bearer ${pair(number).accessToken}` });
}

/** Expects one refresh with this pair's refresh token. */
export function refreshOf(number: number): ReturnType<ReturnType<typeof ion>['post']> {
  return ion().post('/oauth/token/', {
    grant_type: 'refresh_token',
    refresh_token: pair(number).refreshToken,
    client_id: 'an-id',
    client_secret: 'a-secret',
  });
}

/** Expects one refresh with this pair's refresh token, for which Ion issues the next pair. */
export function expectRefresh(number = 1): void {
  const { accessToken, refreshToken } = pair(number + 1);
  refreshOf(number).reply(200, {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: 36000,
    token_type: 'Bearer',
    scope: 'read',
  });
}

/** Expects one refresh with this pair's refresh token, which Ion no longer accepts. */
export function expectRefusedRefresh(number = 1): void {
  refreshOf(number).reply(400, { error: 'invalid_grant' });
}

/** A store for one person's tokens, which records its calls. */
export class Store {
  loads = 0;
  readonly saved: IonTokens[] = [];

  constructor(public tokens: IonTokens | null | undefined) {}

  // load and save use `this` on purpose: the tests fail if the library calls either one detached from the store.
  async load(): Promise<IonTokens | null | undefined> {
    this.loads += 1;
    await new Promise(setImmediate);
    return this.tokens;
  }

  async save(tokens: IonTokens): Promise<void> {
    await new Promise(setImmediate);
    this.saved.push(tokens);
    this.tokens = tokens;
  }
}

export function hundred<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 100 }, (_, index) => make(index));
}

/** The promise `opened`, and the function that resolves it. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
