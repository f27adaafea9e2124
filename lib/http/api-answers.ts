// What the answers of Ion's API mean: JSON, refusals, and answers that are neither.

import { IonAPIError, IonResponseError, isErrorOfIon } from '../errors.js';
import type { Incoming } from './exchange.js';
import { quotable } from './redact.js';
import { notJSON, objectIn, parsed, unexpected } from './responses.js';

const DEAD_TOKEN = 'Authentication credentials were not provided.';
const NO_FIELDS = ['detail', 'details', 'non_field_errors'];
const MOST_REASONS = 10;

/** Whether Ion refused the token: expired, revoked and unknown ones alike are a 403 with these words. */
export function isTokenRefused(incoming: Incoming): boolean {
  return incoming.status === 403 && objectIn(incoming)?.['detail'] === DEAD_TOKEN;
}

/**
 * The JSON in an answer; undefined where it has no body.
 *
 * @param what - How an error calls the request.
 * @param secrets - What no error may repeat.
 * @throws {@link IonAPIError} where Ion refused.
 * @throws {@link IonResponseError} where the answer is no JSON, or a redirect.
 */
export function jsonIn(incoming: Incoming, what: string, secrets: readonly string[]): unknown {
  throwUnlessSuccess(incoming, what, secrets);
  if (incoming.body.length === 0) return undefined;
  const json = parsed(incoming);
  if (json === undefined) throw notJSON(what, incoming.status);
  return json;
}

/** Throws, as {@link jsonIn} does, unless the status is a success. */
export function throwUnlessSuccess(
  incoming: Incoming,
  what: string,
  secrets: readonly string[],
): void {
  const { status } = incoming;
  if (status >= 200 && status <= 299) return;
  if (!isErrorOfIon(status)) throw unexpected(what, status);
  const detail = detailIn(incoming, secrets);
  const said = detail === undefined ? '' : ` (${detail})`;
  const message = `Ion answered ${status} to ${what}${said}: ${adviceFor(status)}`;
  throw new IonAPIError(message, status, detail);
}

/** The error for a success with a body that it should not have. */
export function notWhatWasAsked(incoming: Incoming, what: string, got: string): IonResponseError {
  const { status } = incoming;
  const message = `Ion answered ${status} to ${what} with ${got}: check that this is a path of Ion's API, and that baseURL is Ion`;
  return new IonResponseError('ERR_ION_RESPONSE', message, status);
}

// {"detail": "…"} of REST framework, {"details": ["…"]} of Ion's own, and {"<field>": ["…"]}.
function detailIn(incoming: Incoming, secrets: readonly string[]): string | undefined {
  const reasons = Object.entries(objectIn(incoming) ?? {}).flatMap(([key, value]) => {
    const field = NO_FIELDS.includes(key) ? '' : (quotable(key, secrets) ?? '');
    return (Array.isArray(value) ? value : [value])
      .map((reason) => quotable(reason, secrets))
      .filter((reason) => reason !== undefined)
      .map((reason) => (field === '' ? reason : `${field}: ${reason}`));
  });
  const detail = reasons.slice(0, MOST_REASONS).join('; ');
  return detail === '' ? undefined : detail;
}

function adviceFor(status: number): string {
  switch (status) {
    case 400:
      return 'correct what was sent, it was not carried out';
    case 401:
      return 'it refuses requests with an Origin header; check what a proxy adds';
    case 403:
      return 'this person may not do that on Ion, and another token will not help';
    case 404:
      return 'check the path; Ion says so too of what this person may not see';
    case 405:
      return 'this path does not take this method';
    case 429:
      return 'too many requests, try again later';
    case 502:
    case 503:
    case 504:
      return 'it is down for maintenance, try again later';
    default:
      return status >= 500 ? 'something broke there, try again' : 'check what was asked for';
  }
}
