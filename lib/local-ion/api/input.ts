// What a request to the API brings along: a form or JSON, read as Django REST framework reads it.

import type { Result } from './view.js';
import type { LocalRequest } from '../server/response.js';

/** The fields that came, by name. */
export type Fields = ReadonlyMap<string, unknown>;

/** Why the request is not carried out. */
export class Refused {
  constructor(readonly result: Result) {}
}

/** The fields in the body. */
export function fieldsIn({ body, form, headers }: LocalRequest): Fields | Refused {
  const type = headers['content-type'] ?? '';
  if (body.length === 0) return new Map();
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type)) {
    // The last of several counts, and an empty one is as good as none.
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
 * The object that the field names by its id. A field that is not there is undefined, one that names
 * nothing is an error in `errors`.
 */
export function objectIn<Model extends { readonly id: number }>(
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

function problemWith(id: unknown): string {
  if (id === null || id === '') return 'This field may not be null.';
  return typeof id === 'number'
    ? `Invalid pk "${id}" - object does not exist.`
    : `Incorrect type. Expected pk value, received ${pythonTypeOf(id)}.`;
}

/** An error that belongs to no one field. */
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
