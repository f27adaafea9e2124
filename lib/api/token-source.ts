// The tokens behind an IonAPI: loaded, refreshed in time, and saved before they are used.

import { setTimeout as pause } from 'node:timers/promises';

import { IonOptionError, IonSignInRequiredError, IonTokensNotSavedError } from '../errors.js';
import { promised } from '../app-callback.js';
import { isRecord } from '../json.js';
import { isGrantRefused } from './refreshes.js';
import type { Refreshes } from './refreshes.js';
import { isExpired, parseTokens } from '../tokens.js';
import type { IonTokens } from '../tokens.js';

/** Tokens that live in a store of the app's, such as its database. */
export interface TokenStore {
  /**
   * The tokens as they are stored now, or nothing where there are none. Called before the first
   * request, and again whenever the tokens turn out old: another process may have renewed them.
   */
  load(): IonTokens | null | undefined | Promise<IonTokens | null | undefined>;
  /** Stores new tokens in place of the old, which are dead by then. A promise is awaited. */
  save(tokens: IonTokens): unknown;
}

// Before each question whether another process has saved newer tokens, in milliseconds.
const PAUSES = [0, 50, 100, 200, 400, 500, 700];
const LONGEST_WAIT = 2000;

/** One source of tokens; they are renewed when they are about to expire, or when Ion refuses them. */
export class FreshTokens {
  readonly #refreshes: Refreshes;
  /** For one call of `load` or `save`, in milliseconds. */
  readonly #timeout: () => number;
  readonly #store: TokenStore;
  /** Whether others may write to the store. */
  readonly #shared: boolean;
  #current: IonTokens | undefined;
  #loading: Promise<IonTokens> | undefined;
  #renewing: Promise<IonTokens> | undefined;
  /** What Ion gave and `save` did not take. */
  #unsaved: { renewed: IonTokens; inPlaceOf: IonTokens } | undefined;

  constructor(source: IonTokens | TokenStore, refreshes: Refreshes, timeout: () => number) {
    this.#refreshes = refreshes;
    this.#timeout = timeout;
    this.#shared = isStore(source);
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

  /** The tokens in use; undefined before the first were loaded. */
  get current(): IonTokens | undefined {
    return this.#current;
  }

  /**
   * What `ask` gives with tokens that live. Where `isRefused` says that Ion did not take them, it is
   * asked once more, with new ones.
   *
   * @throws {@link IonSignInRequiredError} where there are no tokens that Ion takes.
   */
  async use<T>(
    ask: (tokens: IonTokens) => Promise<T>,
    isRefused: (answer: T) => boolean,
  ): Promise<T> {
    const tokens = await this.#living();
    return this.#refreshes.during(tokens, async () => {
      const first = await ask(tokens);
      if (!isRefused(first)) return first;
      const renewed = await this.#newerThan(tokens);
      const second = await ask(renewed);
      if (!isRefused(second)) return second;
      // Another process may have refreshed once more meanwhile.
      const stored = await this.#load();
      if (!isSamePair(stored, renewed)) {
        this.#current = stored;
        const third = await ask(stored);
        if (!isRefused(third)) return third;
      }
      throw new IonSignInRequiredError(
        'Ion takes neither the access token nor the new one that it gave for it: the person must sign in again',
      );
    });
  }

  async #living(): Promise<IonTokens> {
    const tokens = this.#current ?? (await this.#first());
    // Without a refresh token, the last minute is as good as any.
    const within = tokens.refreshToken === undefined ? 0 : 60;
    return isExpired(tokens, { within }) ? this.#newerThan(tokens) : tokens;
  }

  #first(): Promise<IonTokens> {
    this.#loading ??= this.#load()
      .then((tokens) => (this.#current ??= tokens))
      .finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #newerThan(old: IonTokens): Promise<IonTokens> {
    if (this.#current && this.#current.accessToken !== old.accessToken) return this.#current;
    this.#renewing ??= this.#renew(old)
      .then((tokens) => (this.#current = tokens))
      .finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(old: IonTokens): Promise<IonTokens> {
    const stored = await this.#load();
    const unsaved = this.#unsaved;
    if (unsaved && isSamePair(stored, unsaved.inPlaceOf)) {
      await this.#save(unsaved.renewed, stored);
      return unsaved.renewed;
    }
    this.#unsaved = undefined;
    const isNewer = stored.accessToken !== old.accessToken && !isExpired(stored);
    return isNewer ? stored : this.#refreshed(stored);
  }

  async #refreshed(tokens: IonTokens): Promise<IonTokens> {
    if (tokens.refreshToken === undefined) {
      throw new IonSignInRequiredError(
        'The access token is dead, and there is no refresh token to get another: the person must sign in again',
      );
    }
    try {
      return await this.#refreshes.renew(tokens, (renewed, first) =>
        this.#keep(renewed, tokens, first),
      );
    } catch (error) {
      if (!isGrantRefused(error)) throw error;
      const newer = this.#shared ? await this.#savedByAnother(tokens) : undefined;
      if (newer) return newer;
      throw new IonSignInRequiredError(
        'Ion takes the refresh token no more (it was used, revoked or deleted): the person must sign in again',
        { cause: error },
      );
    }
  }

  // Ion says the same of a refresh token that another process has just used: then there are newer
  // tokens, in a moment.
  async #savedByAnother(old: IonTokens): Promise<IonTokens | undefined> {
    const start = performance.now();
    for (const milliseconds of PAUSES) {
      if (performance.now() - start + milliseconds > LONGEST_WAIT) return undefined;
      await pause(milliseconds);
      const stored = await this.#load();
      if (!isSamePair(stored, old)) return stored;
    }
    return undefined;
  }

  async #keep(renewed: IonTokens, old: IonTokens, first: boolean): Promise<void> {
    // Another IonAPI has refreshed, for the same store or for one of its own.
    const isKept = !first && isSamePair(await this.#load(), renewed);
    if (!isKept) await this.#save(renewed, old);
  }

  async #save(renewed: IonTokens, inPlaceOf: IonTokens): Promise<void> {
    try {
      await this.#inTime('save', () => this.#store.save(renewed));
      this.#unsaved = undefined;
    } catch (error) {
      this.#unsaved = { renewed, inPlaceOf };
      throw new IonTokensNotSavedError(renewed, error);
    }
  }

  // Whoever waits for these tokens would wait for ever with them.
  async #inTime<T>(name: string, call: () => T | Promise<T>): Promise<T | undefined> {
    const [result] = await promised<[T]>(name, this.#timeout(), async (done) => {
      done(null, await call());
    });
    return result;
  }

  async #load(): Promise<IonTokens> {
    const loaded: unknown = await this.#inTime('load', () => this.#store.load());
    if (loaded === undefined || loaded === null) {
      throw new IonSignInRequiredError('There are no tokens for this person: they must sign in');
    }
    const tokens = parseTokens(loaded);
    if (!tokens) {
      throw new IonOptionError(
        'load',
        'IonAPI: load gave something that is no IonTokens; give what save was given, or what TokenVault.open gives',
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
