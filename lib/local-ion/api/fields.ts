// Reads the fields of a request body as Django REST framework does, and creates its errors for values that
// are not valid.

import type { LocalRequest } from '../server/request.js';
import { Refusal } from './view.js';

/** The fields of a request body, by name. */
export type Fields = ReadonlyMap<string, unknown>;

/**
 * Reads the fields of a form or JSON body. Returns a refusal if the body has another type or cannot be
 * parsed.
 */
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
