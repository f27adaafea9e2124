// What a view of the API is, and what most of them share: who may ask, and the URLs that they give.

import { formEncode } from '../server/form-encoding.js';
import type { AccessToken } from '../oauth/tokens.js';
import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../data/state.js';
import { valueOf } from '../server/response.js';
import type { LocalRequest } from '../server/response.js';
import { isRestricted } from './profile.js';

/** Who asks: a person, an application by itself, or nobody who is known. */
export interface Asker {
  readonly person: DirectoryEntry | undefined;
  /**
   * The token, where REST framework itself found it: one that belongs to nobody, or that came
   * otherwise than after `Bearer`. Of all others, it sees the person alone.
   */
  readonly token: AccessToken | undefined;
}

/** Data to be rendered, with a status where it is not 200. */
export interface Result {
  readonly status?: number;
  readonly data: unknown;
}

/** Carries a request out. */
export type Handler = (ion: IonState, request: LocalRequest, asker: Asker) => Result;

/** One resource of the API. */
export interface View {
  /** As Django REST framework names it to who asks by OPTIONS. */
  readonly name: string;
  readonly description: string;
  /** In the order of the Allow header. */
  readonly methods: readonly string[];
  readonly isPicture?: boolean;
  /** Whether the asker may use this method. */
  permits(asker: Asker, method: string): boolean;
  readonly get: Handler;
  readonly post?: Handler;
}

/** The methods of what can be read only. */
export const READ: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Somebody who may see more than themself. */
export function isUnrestricted({ person }: Asker): boolean {
  return person !== undefined && !isRestricted(person);
}

/**
 * As {@link isUnrestricted}, or an application by itself. Trap of Ion's: it takes for one whoever gives
 * the token in the query, and then lets people see what they may not see by the header.
 */
export function isUnrestrictedOrApplication(asker: Asker): boolean {
  return isUnrestricted(asker) || asker.token !== undefined;
}

/** REST framework's words for who is known and may not do this. */
export const NOT_PERMITTED: Result = {
  status: 403,
  data: { detail: 'You do not have permission to perform this action.' },
};

/** Ion's own words for what is in no table. */
export const NO_SUCH_OBJECT: Result = {
  status: 404,
  data: { details: ['Object does not exist (in database).'] },
};

/** REST framework's words for the same; `model` is what Ion's source calls it. */
export function noMatch(model: string): Result {
  return { status: 404, data: { detail: `No ${model} matches the given query.` } };
}

/** Our URL of a path of the API, with the format that was asked for carried along. */
export function urlAt({ origin, query }: LocalRequest, path: string): string {
  const format = valueOf(query, 'format');
  return `${origin}/api${path}${format === undefined ? '' : `?format=${formEncode(format)}`}`;
}
