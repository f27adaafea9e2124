// IonAPI: sends requests to Ion's API as one person, and keeps that person's tokens fresh.

import type { Buffer } from 'node:buffer';
import { URL } from 'node:url';
import { createHash } from 'node:crypto';

import type { Endpoints } from '../endpoints.js';
import { IonOptionError } from '../errors.js';
import { decodeText, exchange } from '../http/exchange.js';
import type { IonHttpResponse, Transport } from '../http/exchange.js';
import {
  bodyError,
  isTokenRefused,
  readAPIResponse,
  requireAPISuccess,
} from '../http/responses.js';
import { isRecord } from '../json.js';
import { toIonProfile } from '../profile.js';
import type { IonProfile } from '../profile.js';
import type { IonTokens } from '../tokens.js';
import { toAPIURL } from './api-url.js';
import type { IonAPIItem, IonAPIOptions, IonAPIResponse } from './paths.js';
import type { Refreshes } from './refreshes.js';
import { encodeBody } from './encode.js';
import type { Body } from './encode.js';
import { checkOptions } from './request-options.js';
import type { RequestOptions } from './request-options.js';
import { TokenSource } from './token-source.js';
import type { TokenStore } from './token-source.js';

/** What an IonAPI needs from the strategy that creates it. */
export interface IonAPIClient {
  readonly endpoints: Endpoints;
  /** Returns the transport. Called for each request, because the app can set the agent at any time. */
  transport(): Transport;
  /** The refreshes of tokens, shared by every IonAPI from the same strategy. */
  readonly refreshes: Refreshes;
}

/** A picture, ready to be served. */
export interface IonPicture {
  /** The bytes of the image. */
  data: Buffer;
  /** The type, determined from the bytes: `image/jpeg`, `image/png`, `image/gif`, or `image/webp`. */
  contentType: string;
}

/** Which of a person's pictures to fetch: the one from a school year, or the staff picture. */
export type IonPictureYear = 'freshman' | 'sophomore' | 'junior' | 'senior' | 'staff';

interface APIRequest {
  readonly method: string;
  readonly url: URL;
  readonly accept?: string;
  readonly body?: Body | undefined;
}

const YEARS: readonly unknown[] = ['freshman', 'sophomore', 'junior', 'senior', 'staff'];

// A request with one of these methods may be sent again if a connection that was kept open turns out to be
// dead. RFC 9110, section 9.2.2: sending it twice has the same effect as sending it once.
const IDEMPOTENT = ['GET', 'PUT', 'DELETE'];

// The most pages of one list to request. Ion's longest list, the schedule at one day per page, has only a
// few hundred.
const MAX_PAGES = 1_000;

/**
 * Sends requests to Ion's API as one person. To get an IonAPI, call `strategy.api(source)`. Tokens are
 * refreshed a minute before they expire, and when Ion no longer accepts them; one refresh serves all
 * requests that need it. A request that Ion refused because of its token is then sent again, since Ion did
 * not carry it out.
 *
 * Write paths as in Ion's API index, such as `/schedule`. A full URL in Ion's API works too, such as a `url`
 * from a response; a token is never sent anywhere else.
 *
 * ```ts
 * const api = strategy.api({
 *   load: () => tokensOf(user.id),
 *   save: (tokens) => keepTokens(user.id, tokens),
 * });
 * const { day_type } = await api.get(`/schedule/${schoolDay()}`);
 * const signUps = await api.get('/signups/user', { query: { date: schoolDay() } });
 * ```
 *
 * The path determines the types of the response, the query, and the body: see `IonPaths`. Ion promises these
 * types, and they are not checked at run time. For a path that is not in `IonPaths`, the response is
 * `unknown`, unless you give its type: `api.get<Club>('/clubs/7')`.
 *
 * Every method rejects with:
 *
 * - {@link IonSignInRequiredError} (`ERR_ION_SIGN_IN_REQUIRED`) if the person has to sign in again, because
 *   there are no tokens, or none that Ion accepts.
 * - {@link IonAPIError} (`ERR_ION_API`) if Ion refused the request. It has Ion's status in `ionStatus`, and
 *   Ion's words in `detail` and `reasons`.
 * - {@link IonURLError} (`ERR_ION_URL`) for a path or link that leads outside Ion's API. Nothing was sent.
 * - {@link IonOptionError} (`ERR_ION_OPTION`) for an argument that cannot work, or if `load` returned
 *   something other than IonTokens.
 * - {@link IonConnectionError} and {@link IonResponseError} if Ion gave no usable response.
 * - {@link IonTokenError} if Ion refused to refresh for a reason that a new sign-in will not change.
 * - {@link IonAppError} (`ERR_ION_APP`) if `load` did not finish in time, or the error that `load` itself
 *   threw.
 * - {@link IonTokensNotSavedError} (`ERR_ION_TOKENS_NOT_SAVED`) if `save` failed or took longer than the
 *   strategy's `timeout`. It holds the new tokens.
 *
 * @hideconstructor
 */
export class IonAPI {
  readonly #client: IonAPIClient;
  readonly #tokens: TokenSource;

  /**
   * Use `strategy.api(source)` instead.
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if `source` is neither tokens nor a store.
   */
  constructor(client: IonAPIClient, source: IonTokens | TokenStore) {
    this.#client = client;
    this.#tokens = new TokenSource(source, client.refreshes, () => client.transport().timeout);
  }

  /**
   * The tokens in use: the ones that you passed, the ones from the store, or the newest from Ion. If you
   * passed tokens instead of a store, store these after your requests, because the ones that you passed
   * might no longer work. Undefined only before the first request, if you passed a store.
   */
  get tokens(): IonTokens | undefined {
    return this.#tokens.current;
  }

  /** Sends a GET request and returns the JSON from the response. */
  get<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'GET', Path>,
  ): Promise<IonAPIResponse<'GET', Path, T>> {
    return this.#fetchJSON('GET', path, options);
  }

  /** Sends a POST request and returns the JSON from the response; undefined if the response has no body. */
  post<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'POST', Path>,
  ): Promise<IonAPIResponse<'POST', Path, T>> {
    return this.#fetchJSON('POST', path, options);
  }

  /** Sends a PUT request and returns the JSON from the response; undefined if the response has no body. */
  put<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'PUT', Path>,
  ): Promise<IonAPIResponse<'PUT', Path, T>> {
    return this.#fetchJSON('PUT', path, options);
  }

  /** Sends a PATCH request and returns the JSON from the response; undefined if the response has no body. */
  patch<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'PATCH', Path>,
  ): Promise<IonAPIResponse<'PATCH', Path, T>> {
    return this.#fetchJSON('PATCH', path, options);
  }

  /** Sends a DELETE request and returns the JSON from the response; undefined if the response has no body. */
  delete<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'DELETE', Path>,
  ): Promise<IonAPIResponse<'DELETE', Path, T>> {
    return this.#fetchJSON('DELETE', path, options);
  }

  /** Fetches the current profile of the person who owns the tokens. */
  async profile(): Promise<IonProfile> {
    const { endpoints } = this.#client;
    const request = { method: 'GET', url: new URL(endpoints.profile) };
    const response = await this.#send(request);
    requireAPISuccess(response, nameOf(request), this.#secrets());
    return toIonProfile(decodeText(response.body), endpoints);
  }

  /**
   * Fetches a person's picture. Ion serves it only with a token, so a page cannot link to it: serve
   * it from your app.
   *
   * @param idOrUsername - The person in the picture. Default: the person who owns the tokens.
   * @param options - Settings.
   * @param options.year - The school year of the picture. Default: the picture that the person prefers.
   */
  async picture(
    idOrUsername?: string | number,
    { year }: { year?: IonPictureYear | undefined } = {},
  ): Promise<IonPicture> {
    const { endpoints } = this.#client;
    const path = picturePath(idOrUsername ?? (await this.profile()).id, year);
    // Ion itself calls the type image/jpg, so it responds with 406 to a request for image/jpeg.
    const request = { method: 'GET', url: toAPIURL(path, {}, endpoints), accept: 'image/*' };
    let response = await this.#send(request);
    if (response.status === 403) {
      // This 403 does not say whether the token was the reason. The response to a profile request does, so
      // requesting the profile refreshes the tokens if they no longer work.
      await this.profile();
      response = await this.#send(request);
    }
    requireAPISuccess(response, nameOf(request), this.#secrets());
    const contentType = pictureType(response.body);
    if (contentType === undefined) {
      throw bodyError(response, nameOf(request), 'no picture');
    }
    return { data: response.body, contentType };
  }

  /**
   * Iterates over the items of one of Ion's paged lists, and requests each page when it is needed.
   *
   * ```ts
   * const api = strategy.api(tokens);
   * for await (const { title } of api.pages('/announcements')) {
   *   console.log(title);
   * }
   * ```
   *
   * @throws {@link IonResponseError} (`ERR_ION_RESPONSE`) if the response is not a page of a list, if it
   *   links back to an earlier page, or after 1,000 pages.
   */
  async *pages<T = never, const Path extends string = string>(
    path: Path,
    options?: IonAPIOptions<'GET', Path>,
  ): AsyncGenerator<IonAPIItem<Path, T>, void, undefined> {
    if (options !== undefined) checkOptions(options);
    // The links that were already followed. Holds digests instead of the links themselves, because a
    // misbehaving server could send a thousand long links.
    const seen = new Set<string>();
    let url: URL | undefined = toAPIURL(path, options?.query ?? {}, this.#client.endpoints);
    while (url) {
      seen.add(digest(url));
      const request = { method: 'GET', url };
      const response = await this.#send(request);
      const label = nameOf(request);
      const page = readAPIResponse(response, label, this.#secrets());
      if (!isPage(page)) {
        const got = 'something that is not a page of a list';
        const advice = 'call get if this path has no pages; otherwise check that baseURL is Ion';
        throw bodyError(response, label, got, advice);
      }
      // Cast because the items are what Ion promises, or what the caller says they are.
      yield* page.results as IonAPIItem<Path, T>[];
      url = page.next === null ? undefined : toAPIURL(page.next, {}, this.#client.endpoints);
      if (url && seen.has(digest(url))) {
        throw bodyError(response, label, 'a link back to an earlier page');
      }
      if (url && seen.size >= MAX_PAGES) {
        throw bodyError(response, label, `a link to a page after the first ${MAX_PAGES}`);
      }
    }
  }

  async #fetchJSON<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    checkOptions(options);
    const url = toAPIURL(path, options.query ?? {}, this.#client.endpoints);
    const request = { method, url, body: encodeBody(options) };
    const response = await this.#send(request);
    // Cast because the response is what Ion promises, or what the caller says it is.
    return readAPIResponse(response, nameOf(request), this.#secrets()) as T;
  }

  #send(request: APIRequest): Promise<IonHttpResponse> {
    const { method, url, body, accept = 'application/json' } = request;
    return this.#tokens.use(
      ({ accessToken }) =>
        exchange(
          {
            label: nameOf(request),
            method,
            url,
            headers: {
              accept,
              authorization: `Bearer ${accessToken}`,
              ...(body ? { 'content-type': body.type } : {}),
            },
            ...(body ? { body: body.text } : {}),
            repeatable: IDEMPOTENT.includes(method),
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

// Names the request in error messages, without its query, which might hold private data.
function nameOf({ method, url }: Pick<APIRequest, 'method' | 'url'>): string {
  return `${method} ${url.pathname.slice(0, 100)}`;
}

function digest(url: URL): string {
  return createHash('sha256').update(url.href).digest('base64');
}

function isPage(page: unknown): page is { results: unknown[]; next: string | null } {
  if (!isRecord(page)) return false;
  const { results, next } = page;
  return Array.isArray(results) && (next === null || typeof next === 'string');
}

function picturePath(person: string | number, year: IonPictureYear | undefined): string {
  const isInteger = typeof person !== 'number' || Number.isSafeInteger(person);
  if (!isInteger || !/^[A-Za-z0-9]+$/.test(String(person))) {
    throw new IonOptionError(
      'idOrUsername',
      'IonAPI: idOrUsername must be the id of a profile, or a username, which has letters and digits only',
    );
  }
  if (year !== undefined && !YEARS.includes(year)) {
    throw new IonOptionError('year', `IonAPI: year must be one of ${YEARS.join(', ')}`);
  }
  return `/profile/${person}/picture${year === undefined ? '' : `/${year}`}`;
}

// Determines the type from the first bytes, because Ion labels even PNG files `image/jpeg`.
function pictureType(data: Buffer): string | undefined {
  const start = data.toString('latin1', 0, 12);
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (/^GIF8[79]a/.test(start)) return 'image/gif';
  return /^RIFF[^]{4}WEBP/.test(start) ? 'image/webp' : undefined;
}
