// The requests of an IonAPI, made with tokens that stay fresh.

import {
  isTokenRefused,
  jsonIn,
  notWhatWasAsked,
  throwUnlessSuccess,
} from '../http/api-answers.js';
import { apiURL } from './request.js';
import type { Endpoints } from '../endpoints.js';
import { FreshTokens } from './token-source.js';
import type { TokenStore } from './token-source.js';
import { exchange, textOf } from '../http/exchange.js';
import type { Incoming, Transport } from '../http/exchange.js';
import { picturePath, pictureType } from './pictures.js';
import type { IonPicture, IonPictureYear } from './pictures.js';
import { toIonProfile } from '../profile.js';
import type { IonProfile } from '../profile.js';
import type { Refreshes } from './refreshes.js';
import { bodyOf } from './request-bodies.js';
import type { Body, IonBodyOptions, IonRequestOptions } from './request-bodies.js';
import type { IonTokens } from '../tokens.js';

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

/** What {@link IonAPI} says of each: that is what it does. */
export class APIRequests {
  readonly #client: IonAPIClient;
  readonly #tokens: FreshTokens;

  constructor(client: IonAPIClient, source: IonTokens | TokenStore) {
    this.#client = client;
    this.#tokens = new FreshTokens(source, client.refreshes, () => client.transport().timeout);
  }

  /** The tokens in use, if any. */
  get tokens(): IonTokens | undefined {
    return this.#tokens.current;
  }

  /** The JSON that comes back, or undefined. */
  async json<T>(method: string, path: string, options: IonBodyOptions): Promise<T> {
    const url = apiURL(path, options.query ?? {}, this.#client.endpoints);
    const question = { method, url, body: bodyOf(options) };
    const incoming = await this.#ask(question);
    // The cast: what a path answers is the caller's word.
    return jsonIn(incoming, nameOf(question), this.#secrets()) as T;
  }

  /** The profile of whom the tokens belong to. */
  async profile(): Promise<IonProfile> {
    const { endpoints } = this.#client;
    const question = { method: 'GET', url: new URL(endpoints.profile) };
    const incoming = await this.#ask(question);
    throwUnlessSuccess(incoming, nameOf(question), this.#secrets());
    return toIonProfile(textOf(incoming.body), endpoints);
  }

  /** A person's picture. */
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

  /** The items of a paged list. */
  async *pages<T>(path: string, options: IonRequestOptions): AsyncGenerator<T, void, undefined> {
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
