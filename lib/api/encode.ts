// Encodes the query and the body of a request to Ion's API.

import { URLSearchParams } from 'node:url';

import { IonOptionError } from '../errors.js';
import type { RequestOptions } from './request-options.js';

/** A request body, encoded for sending. */
export interface Body {
  readonly type: string;
  readonly text: string;
}

/**
 * Encodes the body of a request. Returns undefined if there is none.
 *
 * @throws {@link IonOptionError} if both `json` and `form` are given, or if `json` cannot be written as
 *   JSON.
 */
export function encodeBody({ json, form }: RequestOptions): Body | undefined {
  if (json !== undefined && form !== undefined) {
    throw new IonOptionError('form', 'IonAPI: a request has one body; give json or form, not both');
  }
  if (form) {
    return { type: 'application/x-www-form-urlencoded', text: encodeParameters(form).toString() };
  }
  return json === undefined ? undefined : { type: 'application/json', text: toJSON(json) };
}

function toJSON(json: unknown): string {
  try {
    const text: unknown = JSON.stringify(json);
    if (typeof text === 'string') return text;
  } catch {
    // The data has a cycle or a bigint. This error is not passed on, because its message quotes keys from
    // the data.
  }
  throw new IonOptionError('json', 'IonAPI: json cannot be written as JSON; give plain data');
}

/** Encodes the parameters in a query or a form. */
export function encodeParameters(parameters: object): URLSearchParams {
  const search = new URLSearchParams();
  const entries: [string, unknown][] = Object.entries(parameters);
  for (const [name, given] of entries) {
    const values: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const value of values) {
      if (value !== undefined && value !== null) search.append(name, stringify(name, value));
    }
  }
  return search;
}

function stringify(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  // Ion would not understand a Date or an object that is turned into text.
  throw new IonOptionError(
    name,
    `IonAPI: ${name} must be a string, a number or a boolean; for a day, see schoolDay`,
  );
}
