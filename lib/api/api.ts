// IonAPI: Ion's API for one person. Its face alone: the rest is loaded when the first is made.

import type * as Requests from './api-requests.js';
import type { APIRequests, IonAPIClient } from './api-requests.js';
import type { TokenStore } from './token-source.js';
import type { IonPicture, IonPictureYear } from './pictures.js';
import type { IonProfile } from '../profile.js';
import type { IonBodyOptions, IonRequestOptions } from './request-bodies.js';
import type { IonTokens } from '../tokens.js';

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
  readonly #requests: APIRequests;

  /**
   * Use `strategy.api(source)`.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where `source` is neither tokens nor a store.
   */
  constructor(client: IonAPIClient, source: IonTokens | TokenStore) {
    this.#requests = requestsOf(client, source);
  }

  /**
   * The tokens in use: those given, or loaded, or the newest got from Ion. Where you gave tokens
   * rather than a store, keep these after your requests: the old ones may be dead. Undefined only
   * before the first request with a store.
   */
  get tokens(): IonTokens | undefined {
    return this.#requests.tokens;
  }

  /** GETs a path: its JSON. */
  get<T = unknown>(path: string, options: IonRequestOptions = {}): Promise<T> {
    return this.#requests.json<T>('GET', path, options);
  }

  /** POSTs to a path: the JSON that comes back, or undefined. */
  post<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#requests.json<T>('POST', path, options);
  }

  /** PUTs to a path: the JSON that comes back, or undefined. */
  put<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#requests.json<T>('PUT', path, options);
  }

  /** PATCHes a path: the JSON that comes back, or undefined. */
  patch<T = unknown>(path: string, options: IonBodyOptions = {}): Promise<T> {
    return this.#requests.json<T>('PATCH', path, options);
  }

  /** DELETEs a path: the JSON that comes back, or undefined. */
  delete<T = unknown>(path: string, options: IonRequestOptions = {}): Promise<T> {
    return this.#requests.json<T>('DELETE', path, options);
  }

  /** The profile of whom the tokens belong to, as it is now. */
  profile(): Promise<IonProfile> {
    return this.#requests.profile();
  }

  /**
   * A person's picture. Ion serves it only to who has a token, so that a page cannot show it: serve it
   * yourself.
   *
   * @param idOrUsername - Whose. Default: that of whom the tokens belong to.
   * @param options - Settings.
   * @param options.year - Of which year. Default: the one that the person prefers.
   */
  picture(
    idOrUsername?: string | number,
    options: { year?: IonPictureYear | undefined } = {},
  ): Promise<IonPicture> {
    return this.#requests.picture(idOrUsername, options);
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
  pages<T = unknown>(
    path: string,
    options: IonRequestOptions = {},
  ): AsyncGenerator<T, void, undefined> {
    return this.#requests.pages<T>(path, options);
  }
}

function requestsOf(client: IonAPIClient, source: IonTokens | TokenStore): APIRequests {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- since a login needs none of it
  const requests = require('./api-requests.js') as typeof Requests;
  return new requests.APIRequests(client, source);
}
