// Checks the options for a request to Ion's API, and encodes the query and the body.

import { URLSearchParams } from 'node:url';

import { IonOptionError } from '../errors.js';
import { isRecord } from '../json.js';

/** One value in a query or a form. `undefined` and `null` are not sent. */
export type IonParameterValue = string | number | boolean | null | undefined;

/** The parameters in a query or a form, by name. An array sends its name once for each of its values. */
export type IonParameters = Readonly<
  Record<string, IonParameterValue | readonly IonParameterValue[]>
>;

/** Options for a request to Ion's API. */
export interface IonRequestOptions {
  /** The query, added after any query that the path already has. */
  query?: IonParameters | undefined;
}

/** Options for a request to Ion's API that can have a body. Give `json`, `form`, or neither. */
export interface IonBodyOptions extends IonRequestOptions {
  /** The body, to be sent as JSON. */
  json?: unknown;
  /** The body, to be sent as a form. */
  form?: IonParameters | undefined;
}

/** Options for a request to any path. */
export interface RequestOptions {
  query?: object | undefined;
  json?: unknown;
  form?: object | undefined;
}

/** A request body, encoded for sending. */
export interface Body {
  readonly type: string;
  readonly text: string;
}

const OPTIONS = ['query', 'json', 'form'];
const OPTIONS_HINT = 'write { json: … } around a body, { query: … } around a query';

/**
 * Throws unless `options` is an object with only known options. A JavaScript app could pass the body or the
 * query itself by mistake; without this check, none of it would be sent.
 *
 * @throws {@link IonOptionError} for an unknown option, or for anything other than an object.
 */
export function checkOptions(options: unknown): void {
  if (!isRecord(options)) {
    throw new IonOptionError('options', `IonAPI: the options must be an object; ${OPTIONS_HINT}`);
  }
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown === undefined) return;
  throw new IonOptionError(unknown, `IonAPI: there is no option ${unknown}; ${OPTIONS_HINT}`);
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
