// What a request to Ion's API may hold besides its path: a query, and a body.

import { IonOptionError } from '../errors.js';

/** One value of a query or a form. `undefined` and `null` are not sent. */
export type IonParameterValue = string | number | boolean | null | undefined;

/** What a query or a form holds, by name; several values as an array. */
export type IonParameters = Readonly<
  Record<string, IonParameterValue | readonly IonParameterValue[]>
>;

/** What a request to Ion's API may hold besides its path. */
export interface IonRequestOptions {
  /** Added to the path, and to a query that it has. */
  query?: IonParameters | undefined;
}

/** What a request with a body may hold besides its path: `json` or `form`, or neither. */
export interface IonBodyOptions extends IonRequestOptions {
  /** A body, sent as JSON. */
  json?: unknown;
  /** A body, sent as a form. */
  form?: IonParameters | undefined;
}

const OPTIONS = ['query', 'json', 'form'];

/** A body as it is sent. */
export interface Body {
  readonly type: string;
  readonly text: string;
}

/** The parameters as they are sent. */
export function encoded(parameters: IonParameters): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, given] of Object.entries(parameters)) {
    const values: readonly IonParameterValue[] = Array.isArray(given) ? given : [given];
    for (const value of values) {
      if (value !== undefined && value !== null) search.append(name, String(value));
    }
  }
  return search;
}

/**
 * The body of a request, where it has one.
 *
 * @throws {@link IonOptionError} for two bodies at once, one that is no data, or an unknown option.
 */
export function bodyOf(options: IonBodyOptions): Body | undefined {
  // Without types, a body given bare would be left out in silence.
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    const message = `IonAPI: there is no option ${unknown}; write { json: … } around a body, { query: … } around a query`;
    throw new IonOptionError(unknown, message);
  }
  const { json, form } = options;
  if (json !== undefined && form !== undefined) {
    throw new IonOptionError('form', 'IonAPI: a request has one body; give json or form, not both');
  }
  if (form) return { type: 'application/x-www-form-urlencoded', text: encoded(form).toString() };
  return json === undefined ? undefined : { type: 'application/json', text: textOfJSON(json) };
}

function textOfJSON(json: unknown): string {
  try {
    const text: unknown = JSON.stringify(json);
    if (typeof text === 'string') return text;
  } catch {
    // A cycle or a bigint; the message would quote keys.
  }
  throw new IonOptionError('json', 'IonAPI: json cannot be written as JSON; give plain data');
}
