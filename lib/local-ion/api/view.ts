// What a view of the API is, and what views share: who may use them, the fields of a request, their URLs.

import { formEncode } from '../server/form-encoding.js';
import type { AccessToken } from '../oauth/tokens.js';
import { isRestricted } from '../data/directory.js';
import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../data/state.js';
import { lastValue } from '../server/response.js';
import type { LocalRequest } from '../server/response.js';

/** Who makes the request: a person, an application (by client_credentials), or neither. */
export interface Asker {
  readonly person: DirectoryEntry | undefined;
  /**
   * Set only for a token that REST framework found itself: one of an application, or one not sent
   * after `Bearer`. For other tokens, Ion's middleware sets the person before REST framework looks.
   */
  readonly token: AccessToken | undefined;
}

/** What to render. The status is 200 unless given. */
export interface Result {
  readonly status?: number;
  readonly data: unknown;
}

/** Carries out a request. */
export type Handler = (ion: IonState, request: LocalRequest, asker: Asker) => Result;

/** One resource of the API. */
export interface View {
  /** The name that Django REST framework gives in its answer to OPTIONS. */
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

/** The methods of a view that can only be read. */
export const READ: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether it is a person who may see more than themselves. */
export function isUnrestricted({ person }: Asker): boolean {
  return person !== undefined && !isRestricted(person);
}

/**
 * Whether it is an unrestricted person or an application. Quirk of Ion: whoever sends the token in the
 * query counts as an application, so a restricted person sees more that way than by the header.
 */
export function isUnrestrictedOrApplication(asker: Asker): boolean {
  return isUnrestricted(asker) || asker.token !== undefined;
}

/** REST framework's refusal of a request whose sender is known. */
export const NOT_PERMITTED: Result = {
  status: 403,
  data: { detail: 'You do not have permission to perform this action.' },
};

/** Ion's own message for an object that its database does not have. */
export const NO_SUCH_OBJECT: Result = {
  status: 404,
  data: { details: ['Object does not exist (in database).'] },
};

/** REST framework's message for the same; `model` is the class in Ion's source. */
export function noMatch(model: string): Result {
  return { status: 404, data: { detail: `No ${model} matches the given query.` } };
}

/** Ion's message for an exception that nothing in it handles. */
export const UNKNOWN_ERROR: Result = {
  status: 500,
  data: { details: ['Unknown error occurred.'] },
};

/** The URL of a path of the API; like Ion, it keeps the `format` of the request. */
export function urlAt({ origin, query }: LocalRequest, path: string): string {
  const format = lastValue(query, 'format');
  return `${origin}/api${path}${format === undefined ? '' : `?format=${formEncode(format)}`}`;
}

/** The fields of a request body, by name. */
export type Fields = ReadonlyMap<string, unknown>;

/** A request that is refused, with the response. */
export class Refused {
  constructor(readonly result: Result) {}
}

/** Reads the fields in the body, as Django REST framework reads a form or JSON. */
export function readFields({ body, form, headers }: LocalRequest): Fields | Refused {
  const type = headers['content-type'] ?? '';
  if (body.length === 0) return new Map();
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    // The last value counts, and an empty field counts as absent.
    return new Map([...new Map(form)].filter(([, value]) => value !== ''));
  }
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return refused(415, { detail: `Unsupported media type "${type}" in request.` });
  }
  return fieldsInJSON(body.toString());
}

function fieldsInJSON(text: string): Fields | Refused {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refused(400, { detail: 'JSON parse error - the body is not JSON.' });
  }
  if (data === null) return nonFieldError('No data provided');
  if (typeof data !== 'object' || Array.isArray(data)) {
    return nonFieldError(`Invalid data. Expected a dictionary, but got ${pythonTypeOf(data)}.`);
  }
  return new Map(Object.entries(data));
}

/**
 * The object whose id the field holds; undefined if the field is absent. A field that names no object
 * adds an error to `errors`.
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
  if (!found) errors[name] = [problemWith(id)];
  return found;
}

/** What REST framework takes for true, and for false, in any of three cases of letters. */
const TRUE = ['t', 'y', 'yes', 'true', 'on', '1'];
const FALSE = ['f', 'n', 'no', 'false', 'off', '0'];

/** The field as a boolean; false if it is absent. A value that is not one adds an error to `errors`. */
export function readBoolean(
  fields: Fields,
  name: string,
  errors: Record<string, readonly string[]>,
): boolean {
  const given = fields.get(name);
  if (!fields.has(name)) return false;
  const text = ['string', 'number', 'boolean'].includes(typeof given) ? String(given) : '';
  const word = /^([a-z]*|[A-Z]?[a-z]*|[A-Z]*|\d)$/.test(text) ? text.toLowerCase() : '';
  if (!TRUE.includes(word) && !FALSE.includes(word)) {
    errors[name] = [given === null ? 'This field may not be null.' : 'Must be a valid boolean.'];
  }
  return TRUE.includes(word);
}

function problemWith(id: unknown): string {
  if (id === null || id === '') return 'This field may not be null.';
  return typeof id === 'number'
    ? `Invalid pk "${id}" - object does not exist.`
    : `Incorrect type. Expected pk value, received ${pythonTypeOf(id)}.`;
}

/** A refusal that is not about one field. */
export function nonFieldError(problem: string): Refused {
  return refused(400, { non_field_errors: [problem] });
}

function refused(status: number, data: unknown): Refused {
  return new Refused({ status, data });
}

function pythonTypeOf(value: unknown): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  const names: Readonly<Record<string, string>> = {
    string: 'str',
    boolean: 'bool',
    number: Number.isInteger(value) ? 'int' : 'float',
  };
  return names[typeof value] ?? 'dict';
}
