// A fault of Ion's or of the network, and what has to come of it.

import type { Scheme } from './connection.js';
import type { Answer, Leg, Reception } from './faulty-ion.js';

/** What the browser gets: the right thing, or an error. */
export type Outcome =
  /** `shown` stands for what the API call gives, where it is not the usual. */
  | { readonly kind: 'well'; readonly shown?: unknown }
  | { readonly kind: 'error'; readonly status: number; readonly code: string };

/** What Ion does with a request, or with the connection, or what the resolver does. */
export type Behaviour =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'reception'; readonly reception: Reception }
  | { readonly kind: 'lookup'; readonly how: 'fails' | 'hangs' };

/** A row of the matrix. */
export interface Fault {
  readonly name: string;
  /** One, or several that are tried one after the other and must all come to the same. */
  readonly behaviours: readonly Behaviour[];
  readonly outcomes: Readonly<Partial<Record<Leg, Outcome>>>;
  /** How many requests Ion gets of this kind: `'again'` is one more for each kept connection. */
  readonly requests: 0 | 1 | 'again';
  /** Where it can happen: by default anywhere. */
  readonly scheme?: Scheme | undefined;
  /** Whether it takes long. */
  readonly heavy: boolean;
}

type Outcomes = Outcome | Readonly<Partial<Record<Leg, Outcome>>>;

interface Details {
  readonly requests?: Fault['requests'];
  readonly heavy?: boolean;
}

export const well: Outcome = { kind: 'well' };

/** The answer of the API is whatever JSON it was. */
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

/** An answer with a status that is no success. */
export function refused(status: number): Record<Leg, Outcome> {
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

/** The class of the error with this code. */
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

/** Ion does this with the request. */
export function answering(
  name: string,
  answer: Answer | readonly Answer[],
  outcomes: Outcomes,
  { requests = 1, heavy = false }: Details = {},
): Fault {
  const answers = typeof answer === 'function' ? [answer] : answer;
  const behaviours = answers.map((each) => ({ kind: 'answer' as const, answer: each }));
  return { name, behaviours, outcomes: byLeg(outcomes), requests, heavy };
}

/** Ion does this with the connection. */
export function receiving(
  name: string,
  reception: Reception,
  outcome: Outcome,
  scheme?: Scheme,
): Fault {
  const behaviours = [{ kind: 'reception' as const, reception }];
  return { name, behaviours, outcomes: byLeg(outcome), requests: 0, heavy: false, scheme };
}

/** The resolver does this. */
export function lookup(name: string, how: 'fails' | 'hangs', outcome: Outcome): Fault {
  const behaviours = [{ kind: 'lookup' as const, how }];
  return { name, behaviours, outcomes: byLeg(outcome), requests: 0, heavy: false };
}

/** The same in each kind of request. */
export function everywhere(outcome: Outcome): Record<Leg, Outcome> {
  return { token: outcome, profile: outcome, refresh: outcome, api: outcome };
}

function byLeg(outcomes: Outcomes): Readonly<Partial<Record<Leg, Outcome>>> {
  if (!('kind' in outcomes)) return outcomes;
  return everywhere(outcomes);
}
