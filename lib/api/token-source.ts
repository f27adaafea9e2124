// Loads the tokens of an IonAPI, refreshes them in time, and saves the new ones before it uses them.

import { hrtime } from 'node:process';
import { setTimeout } from 'node:timers';

import { awaitResult } from '../call-app-code.js';
import { debug } from '../debug.js';
import { IonOptionError, IonSignInRequiredError, IonTokensNotSavedError } from '../errors.js';
import { isRecord } from '../json.js';
import { parseTokens } from '../check-tokens.js';
import { isExpired } from '../tokens.js';
import type { IonTokens } from '../tokens.js';
import { isGrantRefused } from './refreshes.js';
import type { Refreshes } from './refreshes.js';

/** The app's own storage for one person's tokens, such as its database. */
export interface TokenStore {
  /**
   * Returns the tokens that are stored now, or null or undefined if there are none. Called before the first
   * request, and again each time the tokens turn out to be old, since another process might have refreshed
   * them.
   */
  load(): IonTokens | null | undefined | Promise<IonTokens | null | undefined>;
  /**
   * Stores new tokens in place of the old ones, which no longer work. If this returns a promise, it is
   * awaited.
   */
  save(tokens: IonTokens): unknown;
}

// How long to wait before each check for newer tokens from another process.
const PAUSES_MS = [0, 50, 100, 200, 400, 500, 700];
const MAX_WAIT_MS = 2000;

const SECONDS_AHEAD = 60;

/**
 * Keeps the tokens from one source. Refreshes them when they are about to expire, or when Ion refuses them.
 */
export class TokenSource {
  readonly #refreshes: Refreshes;
  /** The time limit for one call to `load` or `save`, in milliseconds. */
  readonly #timeout: () => number;
  readonly #store: TokenStore;
  /** Whether the app might share the store with other processes. */
  readonly #isShared: boolean;
  #current: IonTokens | undefined;
  #loading: Promise<IonTokens> | undefined;
  #replacing: Promise<IonTokens> | undefined;
  /** New tokens that `save` failed to store, kept so that saving them can be tried again. */
  #unsaved: { refreshed: IonTokens; inPlaceOf: IonTokens } | undefined;

  constructor(source: IonTokens | TokenStore, refreshes: Refreshes, timeout: () => number) {
    this.#refreshes = refreshes;
    this.#timeout = timeout;
    this.#isShared = isStore(source);
    if (isStore(source)) {
      this.#store = source;
      return;
    }
    let kept = parseTokens(source);
    if (!kept) {
      throw new IonOptionError(
        'source',
        'IonAPI: the source must be IonTokens (see toIonTokens), or have the methods load and save; did the person sign in, and were the tokens kept?',
      );
    }
    this.#current = kept;
    this.#store = { load: () => kept, save: (tokens) => (kept = tokens) };
  }

  /** The tokens in use; undefined before they are first loaded. */
  get current(): IonTokens | undefined {
    return this.#current;
  }

  /**
   * Calls `send` with tokens that should work. If Ion did not accept them, according to `isRefused`, calls
   * `send` again with new ones.
   *
   * @throws {@link IonSignInRequiredError} if there are no tokens that Ion accepts.
   */
  async use<T>(
    send: (tokens: IonTokens) => Promise<T>,
    isRefused: (response: T) => boolean,
  ): Promise<T> {
    const tokens = await this.#freshTokens();
    return this.#refreshes.whileInUse(tokens, async () => {
      const first = await send(tokens);
      if (!isRefused(first)) return first;
      debug('api: Ion refused the access token');
      const replaced = await this.#replace(tokens);
      const second = await send(replaced);
      if (!isRefused(second)) return second;
      // Ion refused the new tokens, too, maybe because another process has refreshed them in the meantime.
      // If so, the store has newer ones.
      const stored = await this.#load();
      if (!isSamePair(stored, replaced)) {
        debug('api: another process has refreshed, sending once more');
        this.#current = stored;
        const third = await send(stored);
        if (!isRefused(third)) return third;
      }
      throw new IonSignInRequiredError(
        'Ion accepts neither the access token nor the new one that it issued in its place: the person must sign in again',
      );
    });
  }

  async #freshTokens(): Promise<IonTokens> {
    const tokens = this.#current ?? (await this.#loadOnce());
    // Tokens are replaced a little before they expire. But without a refresh token, the access token cannot
    // be replaced, so it is used until it expires.
    const within = tokens.refreshToken === undefined ? 0 : SECONDS_AHEAD;
    return isExpired(tokens, { within }) ? this.#replace(tokens) : tokens;
  }

  #loadOnce(): Promise<IonTokens> {
    this.#loading ??= this.#load()
      .then((tokens) => (this.#current ??= tokens))
      .finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #replace(old: IonTokens): Promise<IonTokens> {
    if (this.#current && this.#current.accessToken !== old.accessToken) return this.#current;
    this.#replacing ??= this.#loadOrRefresh(old)
      .then((tokens) => (this.#current = tokens))
      .finally(() => (this.#replacing = undefined));
    return this.#replacing;
  }

  async #loadOrRefresh(old: IonTokens): Promise<IonTokens> {
    const stored = await this.#load();
    const unsaved = this.#unsaved;
    if (unsaved && isSamePair(stored, unsaved.inPlaceOf)) {
      await this.#save(unsaved.refreshed, stored);
      return unsaved.refreshed;
    }
    this.#unsaved = undefined;
    if (stored.accessToken !== old.accessToken && !isExpired(stored)) {
      debug('refresh: the store already holds newer tokens');
      return stored;
    }
    return this.#refresh(stored);
  }

  async #refresh(tokens: IonTokens): Promise<IonTokens> {
    if (tokens.refreshToken === undefined) {
      throw new IonSignInRequiredError(
        'The access token has ended, and there is no refresh token to get another: the person must sign in again',
      );
    }
    try {
      return await this.#refreshes.refreshAndSave(tokens, (refreshed, isFirst) =>
        this.#saveUnlessSaved(refreshed, tokens, isFirst),
      );
    } catch (error) {
      if (!isGrantRefused(error)) throw error;
      const newer = this.#isShared ? await this.#waitForOtherProcess(tokens) : undefined;
      if (newer) return newer;
      throw new IonSignInRequiredError(
        'Ion no longer accepts the refresh token (it was used, revoked or deleted): the person must sign in again',
        { cause: error },
      );
    }
  }

  // Waits for new tokens in the store, because invalid_grant can mean that another process refreshed first
  // and is about to save its tokens.
  async #waitForOtherProcess(old: IonTokens): Promise<IonTokens | undefined> {
    const start = hrtime.bigint();
    for (const milliseconds of PAUSES_MS) {
      const elapsed = Number(hrtime.bigint() - start) / 1e6;
      if (elapsed + milliseconds > MAX_WAIT_MS) return undefined;
      // This does not use node:timers/promises, because loading it would take a twentieth of this package's
      // load time.
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      const stored = await this.#load();
      if (!isSamePair(stored, old)) {
        debug('refresh: another process refreshed first, using its tokens');
        return stored;
      }
    }
    return undefined;
  }

  async #saveUnlessSaved(refreshed: IonTokens, old: IonTokens, isFirst: boolean): Promise<void> {
    // If another IonAPI refreshed the tokens, it has already tried to save them, but perhaps not in the store
    // of this IonAPI. So this store is checked first.
    const isSaved = !isFirst && isSamePair(await this.#load(), refreshed);
    if (!isSaved) await this.#save(refreshed, old);
  }

  async #save(refreshed: IonTokens, inPlaceOf: IonTokens): Promise<void> {
    try {
      await this.#callStore('save', () => this.#store.save(refreshed));
      this.#unsaved = undefined;
      debug('refresh: saved the new tokens');
    } catch (error) {
      this.#unsaved = { refreshed, inPlaceOf };
      debug('refresh: save failed');
      throw new IonTokensNotSavedError(refreshed, error);
    }
  }

  // Calls the store with a time limit, because every pending request waits for the result.
  #callStore<T>(name: string, call: () => T | Promise<T>): Promise<T> {
    return awaitResult(name, this.#timeout(), call);
  }

  async #load(): Promise<IonTokens> {
    const loaded: unknown = await this.#callStore('load', () => this.#store.load());
    if (loaded === undefined || loaded === null) {
      throw new IonSignInRequiredError('There are no tokens for this person: they must sign in');
    }
    const tokens = parseTokens(loaded);
    if (!tokens) {
      throw new IonOptionError(
        'load',
        'IonAPI: load returned something other than IonTokens; return what save was given, or what TokenVault.open returns',
      );
    }
    return tokens;
  }
}

function isStore(source: unknown): source is TokenStore {
  return (
    isRecord(source) && typeof source['load'] === 'function' && typeof source['save'] === 'function'
  );
}

function isSamePair(one: IonTokens, other: IonTokens): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}
