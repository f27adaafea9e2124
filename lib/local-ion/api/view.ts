// The code that all API views share: their interface, and functions for permissions, fields, errors, and URLs.

import { formEncode } from '../server/form-encoding.js';
import type { AccessToken } from '../oauth/issued-tokens.js';
import { isRestricted } from '../data/directory.js';
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

/** The fields of a request body, by name. */
export type Fields = ReadonlyMap<string, unknown>;

/** The response to a refused request. Functions return it in place of their usual result. */
export class Refusal {
  constructor(readonly result: Result) {}
}

/** Reads the fields of a form or JSON body, as Django REST framework does. */
export function readFields({ body, form, headers }: LocalRequest): Fields | Refusal {
  const type = headers['content-type'] ?? '';
  if (body.length === 0) return new Map();
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    // If a field appears twice, the last value counts. An empty field counts as missing.
    return new Map([...new Map(form)].filter(([, value]) => value !== ''));
  }
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return refuse(415, { detail: `Unsupported media type "${type}" in request.` });
  }
  return parseJSONFields(body.toString());
}

function parseJSONFields(text: string): Fields | Refusal {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refuse(400, { detail: 'JSON parse error - the body is not JSON.' });
  }
  if (data === null) return nonFieldError('No data provided');
  if (typeof data !== 'object' || Array.isArray(data)) {
    return nonFieldError(`Invalid data. Expected a dictionary, but got ${pythonTypeOf(data)}.`);
  }
  return new Map(Object.entries(data));
}

/**
 * Finds the object whose id is in a field. Returns undefined if the field is missing. If there is no object
 * with that id, also returns undefined, and adds an error to `errors`.
 */
export function readObject<Model extends { readonly id: number }>(
  fields: Fields,
  name: string,
  models: readonly Model[],
  errors: Record<string, readonly string[]>,
): Model | undefined {
  if (!fields.has(name)) return undefined;
  const given = fields.get(name);
  const id = typeof given === 'string' && /^\s*[+-]?\d+\s*$/.test(given) ? Number(given) : given;
  const found = models.find((model) => typeof id === 'number' && model.id === Math.trunc(id));
  if (!found) errors[name] = [describeBadID(id)];
  return found;
}

/** The words that REST framework reads as true or false, ignoring case. */
const TRUE = ['t', 'y', 'yes', 'true', 'on', '1'];
const FALSE = ['f', 'n', 'no', 'false', 'off', '0'];

/** Reads a boolean field. A missing field is false. A value that is not a boolean adds an error to `errors`. */
export function readBoolean(
  fields: Fields,
  name: string,
  errors: Record<string, readonly string[]>,
): boolean {
  const given = fields.get(name);
  if (!fields.has(name)) return false;
  const isWord = ['string', 'number', 'boolean'].includes(typeof given);
  const word = isWord ? String(given).toLowerCase() : '';
  if (!TRUE.includes(word) && !FALSE.includes(word)) {
    errors[name] = [given === null ? 'This field may not be null.' : 'Must be a valid boolean.'];
  }
  return TRUE.includes(word);
}

function describeBadID(id: unknown): string {
  if (id === null || id === '') return 'This field may not be null.';
  return typeof id === 'number'
    ? `Invalid pk "${id}" - object does not exist.`
    : `Incorrect type. Expected pk value, received ${pythonTypeOf(id)}.`;
}

/** Creates the refusal for a problem that does not come from any one field. */
export function nonFieldError(problem: string): Refusal {
  return refuse(400, { non_field_errors: [problem] });
}

function refuse(status: number, data: unknown): Refusal {
  return new Refusal({ status, data });
}

function pythonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  const names: Readonly<Record<string, string>> = {
    string: 'str',
    boolean: 'bool',
    number: Number.isInteger(value) ? 'int' : 'float',
  };
  return names[typeof value] ?? 'dict';
}
