// IonAPI: requests to Ion's API, with tokens that stay fresh.

import { isTokenRefused, jsonIn, notWhatWasAsked, throwUnlessSuccess } from './api-answers.js';
import { apiURL } from './api-url.js';
import type { Endpoints } from './endpoints.js';
import { FreshTokens } from './fresh-tokens.js';
import type { TokenStore } from './fresh-tokens.js';
import { exchange, textOf } from './http.js';
import type { Incoming, Transport } from './http.js';
import { picturePath, pictureType } from './pictures.js';
import type { IonPicture, IonPictureYear } from './pictures.js';
import { toIonProfile } from './profile.js';
import type { IonProfile } from './profile.js';
import type { Refreshes } from './refreshes.js';
import { bodyOf } from './request-bodies.js';
import type { Body, IonBodyOptions, IonRequestOptions } from './request-bodies.js';
import type { IonTokens } from './tokens.js';

/** What an IonAPI needs of the strategy that makes it. */
export interface IonAPIClient {
  readonly endpoints: Endpoints;
  /** How requests are made now: an agent may be set at any time. */
  transport(): Transport;
  /** Shared by all that the strategy makes. */
  readonly refreshes: Refreshes;
}

interface Question {
  readonly method: string;
  readonly url: URL;
  readonly accept?: string;
  readonly body?: Body | undefined;
}

// RFC 9110, section 9.2.2: done twice, they do no more than once.
const REPEATABLE = ['GET', 'PUT', 'DELETE'];

/**
 * Requests to Ion's API as one person; `strategy.api(source)` makes it. The tokens are renewed a
 * minute before they expire and where Ion takes them no more, once for all requests that need it;
 * the request is then made again, since Ion did not carry it out.
 *
 * Paths are written as in Ion's API index, `/schedule`. An absolute URL of Ion's API will do, such as
 * one from an answer; no token is ever sent anywhere else.
 *
 * ```ts
 * interface Day {
 *   date: string;
 *   day_type: { name: string };
 * }
 * const api = strategy.api({
 *   load: () => tokensOf(user.id),
 *   save: (tokens) => keepTokens(user.id, tokens),
 * });
 * const { results } = await api.get<{ results: Day[] }>('/schedule', { query: { page_size: 2 } });
 * ```
 *
 * What a path answers, `T`, is your word: it is not checked.
 *
 * Every method rejects with:
 *
 * - {@link IonSignInError} (`ERR_ION_SIGN_IN`) where the person has to sign in again: there are no
 *   tokens, or none that Ion takes.
 * - {@link IonAPIError} (`ERR_ION_API`) where Ion refused, with its `status` and its `detail`.
 * - {@link IonURLError} (`ERR_ION_URL`) for a path or link that leads elsewhere, and
 *   {@link IonOptionError} (`ERR_ION_OPTION`) for options that cannot work; nothing was sent.
 * - {@link IonConnectionError} and {@link IonResponseError} where Ion did not answer well.
 * - {@link IonTokenError} where Ion refused to refresh for another reason than the token.
 * - {@link IonOptionError} (`ERR_ION_OPTION`) for an argument that cannot work, or where `load` gave no
 *   IonTokens. {@link IonVerifyError} (`ERR_ION_VERIFY`) where `load` gave no answer in time.
 * - {@link TokensNotSavedError} (`ERR_ION_SAVE`) where `save` failed or took longer than the strategy's
 *   `timeout`; the new tokens are on it. What
 *   `load` throws is passed on.
 *
 * @hideconstructor
 */
export class IonAPI {
  readonly #client: IonAPIClient;
  readonly #tokens: FreshTokens;

  /**
   * Use `strategy.api(source)`.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where `source` is neither tokens nor a store.
   */
  constructor(client: IonAPIClient, source: IonTokens | TokenStore) {
    this.#client = client;
    this.#tokens = new FreshTokens(source, client.refreshes, () => client.transport().timeout);
  }

  /**
   * The tokens in use: those given, or loaded, or the newest got from Ion. Where you gave tokens
   * rather than a store, keep these after your requests: the old ones may be dead. Undefined only
   * before the first request with a store.
   */
  get tokens(): IonTokens | undefined {
    return this.#tokens.current;
  }

  /** GETs a path: its JSON. */
  get<T = unknown>(path: string, options: IonRequestOptions = {}): Promise<T> {
    return this.#json<T>('GET', path, options);
  }

  /** POSTs to a path: the JSON that comes back, or undefined. */
  post<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#json<T>('POST', path, options);
  }

  /** PUTs to a path: the JSON that comes back, or undefined. */
  put<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#json<T>('PUT', path, options);
  }

  /** PATCHes a path: the JSON that comes back, or undefined. */
  patch<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#json<T>('PATCH', path, options);
  }

  /** DELETEs a path: the JSON that comes back, or undefined. */
  delete<T = unknown>(path: string, options: IonRequestOptions = {}): Promise<T> {
    return this.#json<T>('DELETE', path, options);
  }

  /** The profile of whom the tokens belong to, as it is now. */
  async profile(): Promise<IonProfile> {
    const { endpoints } = this.#client;
    const question = { method: 'GET', url: new URL(endpoints.profile) };
    const incoming = await this.#ask(question);
    throwUnlessSuccess(incoming, nameOf(question), this.#secrets());
    return toIonProfile(textOf(incoming.body), endpoints);
  }

  /**
   * A person's picture. Ion serves it only to who has a token, so that a page cannot show it: serve it
   * yourself.
   *
   * @param idOrUsername - Whose. Default: that of whom the tokens belong to.
   * @param options - Settings.
   * @param options.year - Of which year. Default: the one that the person prefers.
   */
  async picture(
    idOrUsername?: string | number,
    { year }: { year?: IonPictureYear | undefined } = {},
  ): Promise<IonPicture> {
    const { endpoints } = this.#client;
    const path = picturePath(idOrUsername ?? (await this.profile()).id, year);
    // Not image/jpeg, which Ion answers with 406: it calls its type image/jpg inside.
    const question = { method: 'GET', url: apiURL(path, {}, endpoints), accept: 'image/*' };
    let incoming = await this.#ask(question);
    if (incoming.status === 403) {
      // Here Ion says no word of whether it was the token, so ask where it does.
      await this.profile();
      incoming = await this.#ask(question);
    }
    throwUnlessSuccess(incoming, nameOf(question), this.#secrets());
    const contentType = pictureType(incoming.body);
    if (contentType === undefined) throw notWhatWasAsked(incoming, nameOf(question), 'no picture');
    return { data: incoming.body, contentType };
  }

  /**
   * The items of one of Ion's paged lists, over all its pages, which are asked for as they are needed.
   *
   * ```ts
   * const api = strategy.api(tokens);
   * for await (const { title } of api.pages<{ title: string }>('/announcements')) {
   *   console.log(title);
   * }
   * ```
   */
  async *pages<T = unknown>(
    path: string,
    options: IonRequestOptions = {},
  ): AsyncGenerator<T, void, undefined> {
    const seen = new Set<string>();
    let url: URL | undefined = apiURL(path, options.query ?? {}, this.#client.endpoints);
    while (url) {
      seen.add(url.href);
      const question = { method: 'GET', url };
      const incoming = await this.#ask(question);
      const what = nameOf(question);
      const page = jsonIn(incoming, what, this.#secrets());
      if (!isPage(page)) throw notWhatWasAsked(incoming, what, 'no page of a list');
      // The cast: what the items are is the caller's word.
      yield* page.results as T[];
      url = page.next === null ? undefined : apiURL(page.next, {}, this.#client.endpoints);
      if (url && seen.has(url.href))
        throw notWhatWasAsked(incoming, what, 'a link back to a page before');
    }
  }

  async #json<T>(method: string, path: string, options: IonBodyOptions): Promise<T> {
    const url = apiURL(path, options.query ?? {}, this.#client.endpoints);
    const question = { method, url, body: bodyOf(options) };
    const incoming = await this.#ask(question);
    // The cast: what a path answers is the caller's word.
    return jsonIn(incoming, nameOf(question), this.#secrets()) as T;
  }

  #ask(question: Question): Promise<Incoming> {
    const { method, url, body, accept = 'application/json' } = question;
    return this.#tokens.use(
      ({ accessToken }) =>
        exchange(
          {
            what: nameOf(question),
            method,
            url,
            headers: {
              accept,
              authorization: `Bearer ${accessToken}`,
              ...(body ? { 'content-type': body.type } : {}),
            },
            ...(body ? { body: body.text } : {}),
            repeatable: REPEATABLE.includes(method),
          },
          this.#client.transport(),
        ),
      isTokenRefused,
    );
  }

  #secrets(): string[] {
    const { accessToken, refreshToken } = this.#tokens.current ?? {};
    return [accessToken, refreshToken].filter((secret) => secret !== undefined);
  }
}

// How an error calls the request; without its query, which may hold what is nobody's business.
function nameOf({ method, url }: Pick<Question, 'method' | 'url'>): string {
  return `${method} ${url.pathname.slice(0, 100)}`;
}

function isPage(page: unknown): page is { results: unknown[]; next: string | null } {
  return (
    typeof page === 'object' &&
    page !== null &&
    'results' in page &&
    Array.isArray(page.results) &&
    'next' in page &&
    (page.next === null || typeof page.next === 'string')
  );
}
