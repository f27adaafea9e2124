// The code that all API views share: their interface, and functions for permissions, errors, and URLs.

import { formEncode } from '../server/form-encoding.js';
import type { AccessToken } from '../oauth/issued-tokens.js';
import { isRestricted } from '../data/person-rules.js';
import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';

/** The sender of a request: a person, an application (with a client_credentials token), or someone unknown. */
export interface Requester {
  readonly person: DirectoryEntry | undefined;
  /**
   * The access token, if it belongs to an application. Also set if a person's token came outside a `Bearer`
   * header, such as in the query, because Ion then gives the person an application's permissions, too. For a
   * person's token in a `Bearer` header, only `person` is set.
   */
  readonly token: AccessToken | undefined;
}

/** A view's response before it is rendered. The default status is 200. */
export interface Result {
  readonly status?: number;
  readonly data: unknown;
}

/** A function that handles the requests to an API path with a certain method, such as GET. */
export type Handler = (ion: IonState, request: LocalRequest, requester: Requester) => Result;

/** The description, permissions, and handlers of one API path. */
export interface View {
  /** The name that the response to an OPTIONS request shows. */
  readonly name: string;
  readonly description: string;
  /** The supported methods, in the order in which the Allow header lists them. */
  readonly methods: readonly string[];
  readonly isPicture?: boolean;
  /** Whether the requester may use the view with this method. */
  permits(requester: Requester, method: string): boolean;
  readonly get: Handler;
  readonly post?: Handler;
}

/** The methods of a read-only view. */
export const READ_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether the requester is a person who may see other people's data. */
export function isUnrestricted({ person }: Requester): boolean {
  return person !== undefined && !isRestricted(person);
}

/**
 * Whether the requester is an unrestricted person or an application. Quirk of Ion: a person who sends their
 * token in the query counts as an application, so restricted people can see more that way than with the header.
 */
export function isUnrestrictedOrApplication(requester: Requester): boolean {
  return isUnrestricted(requester) || requester.token !== undefined;
}

/** REST framework's error for a sender who is known but lacks permission. */
export const NOT_PERMITTED: Result = {
  status: 403,
  data: { detail: 'You do not have permission to perform this action.' },
};

/** Ion's own error for an object that does not exist. */
export const NO_SUCH_OBJECT: Result = {
  status: 404,
  data: { details: ['Object does not exist (in database).'] },
};

/** Returns REST framework's error for an object that does not exist. `model` is the class in Ion's source. */
export function noMatch(model: string): Result {
  return { status: 404, data: { detail: `No ${model} matches the given query.` } };
}

/** Ion's error for an unexpected exception in a view. */
export const UNKNOWN_ERROR: Result = {
  status: 500,
  data: { details: ['Unknown error occurred.'] },
};

/** Returns the URL of an API path. Like Ion, it repeats the request's `format` parameter. */
export function urlAt({ origin, query }: LocalRequest, path: string): string {
  const format = lastValue(query, 'format');
  return `${origin}/api${path}${format === undefined ? '' : `?format=${formEncode(format)}`}`;
}

/** The response to a refused request. Functions return it in place of their usual result. */
export class Refusal {
  constructor(readonly result: Result) {}
}
