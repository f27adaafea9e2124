// Defines and checks the options for a request to Ion's API.

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
