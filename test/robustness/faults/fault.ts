// Describes a fault of Ion or the network, and how the app must handle it.

import type { Scheme } from './faulty-ion-connection.js';
import type { ResponseWriter, RequestKind, Reception } from './faulty-ion.js';

/** What the browser must get: the page that it gets if nothing goes wrong, or an error. */
export type Outcome =
  /** `shown` is what the API call must return, if it differs from the correct response. */
  | { readonly kind: 'well'; readonly shown?: unknown }
  | { readonly kind: 'error'; readonly status: number; readonly code: string };

/** What goes wrong: Ion's response, the connection, or the DNS lookup. */
export type Behavior =
  | { readonly kind: 'response'; readonly respond: ResponseWriter }
  | { readonly kind: 'reception'; readonly reception: Reception }
  | { readonly kind: 'lookup'; readonly how: 'fails' | 'hangs' };

/** A row of the matrix of faults and kinds of request. */
export interface Fault {
  readonly name: string;
  /** Variants of the fault, tried one after another. They must all have the same outcome. */
  readonly behaviors: readonly Behavior[];
  readonly outcomes: Readonly<Partial<Record<RequestKind, Outcome>>>;
  /**
   * How many requests of this kind Ion must get. `'again'` means that the app sends the request again each
   * time it fails on a reused connection.
   */
  readonly requests: 0 | 1 | 'again';
  /** The scheme over which the fault can happen. Undefined if it can happen over both. */
  readonly scheme?: Scheme | undefined;
  /** Whether this fault takes a long time to test. */
  readonly heavy: boolean;
}

type Outcomes = Outcome | Readonly<Partial<Record<RequestKind, Outcome>>>;

interface Details {
  readonly requests?: Fault['requests'];
  readonly heavy?: boolean;
}

export const well: Outcome = { kind: 'well' };

/** Makes the outcome for an API call that returns this value. */
export function shows(shown: unknown): Outcome {
  return { kind: 'well', shown };
}

export function error(status: number, code: string): Outcome {
  return { kind: 'error', status, code };
}

export const timeout = error(504, 'ERR_ION_TIMEOUT');
export const unreachable = error(502, 'ERR_ION_UNREACHABLE');
export const tooLarge = error(502, 'ERR_ION_RESPONSE_TOO_LARGE');
export const unusable = error(502, 'ERR_ION_RESPONSE');
export const notJSON = error(502, 'ERR_ION_NOT_JSON');
export const nobody = error(502, 'ERR_ION_PROFILE');

/** Returns the outcome for each kind of request if Ion responds with this error status. */
export function refused(status: number): Record<RequestKind, Outcome> {
  const isUnavailable = [429, 502, 503, 504].includes(status);
  const other = error(isUnavailable ? 503 : 502, codeFor(status));
  const profile = [401, 403].includes(status) ? error(502, 'ERR_ION_FORBIDDEN') : other;
  const refusal = error(isUnavailable ? 503 : status >= 500 ? 502 : 500, 'ERR_ION_API');
  const api = status >= 400 ? refusal : other;
  return { token: other, profile, refresh: other, api };
}

function codeFor(status: number): string {
  if ([429, 502, 503, 504].includes(status)) return 'ERR_ION_UNAVAILABLE';
  return status >= 300 && status <= 399 ? 'ERR_ION_REDIRECT' : 'ERR_ION_RESPONSE';
}

/** Returns the name of the error class that has this code. */
export function nameFor(code: string): string {
  switch (code) {
    case 'ERR_ION_TIMEOUT':
    case 'ERR_ION_UNREACHABLE':
      return 'IonConnectionError';
    case 'ERR_ION_UNAVAILABLE':
    case 'ERR_ION_REDIRECT':
    case 'ERR_ION_FORBIDDEN':
    case 'ERR_ION_NOT_JSON':
    case 'ERR_ION_PROFILE':
    case 'ERR_ION_RESPONSE_TOO_LARGE':
    case 'ERR_ION_RESPONSE':
      return 'IonResponseError';
    case 'ERR_ION_API':
      return 'IonAPIError';
    default:
      return 'IonTokenError';
  }
}

/** Makes a fault in Ion's response. */
export function responding(
  name: string,
  respond: ResponseWriter | readonly ResponseWriter[],
  outcomes: Outcomes,
  { requests = 1, heavy = false }: Details = {},
): Fault {
  const writers = typeof respond === 'function' ? [respond] : respond;
  const behaviors = writers.map((each) => ({ kind: 'response' as const, respond: each }));
  return { name, behaviors, outcomes: byRequestKind(outcomes), requests, heavy };
}

/** Makes a fault at the start of the connection. */
export function receiving(
  name: string,
  reception: Reception,
  outcome: Outcome,
  scheme?: Scheme,
): Fault {
  const behaviors = [{ kind: 'reception' as const, reception }];
  return { name, behaviors, outcomes: byRequestKind(outcome), requests: 0, heavy: false, scheme };
}

/** Makes a fault in the DNS lookup. */
export function lookup(name: string, how: 'fails' | 'hangs', outcome: Outcome): Fault {
  const behaviors = [{ kind: 'lookup' as const, how }];
  return { name, behaviors, outcomes: byRequestKind(outcome), requests: 0, heavy: false };
}

/** Returns this outcome for every kind of request. */
export function everywhere(outcome: Outcome): Record<RequestKind, Outcome> {
  return { token: outcome, profile: outcome, refresh: outcome, api: outcome };
}

function byRequestKind(outcomes: Outcomes): Readonly<Partial<Record<RequestKind, Outcome>>> {
  if (!('kind' in outcomes)) return outcomes;
  return everywhere(outcomes);
}
