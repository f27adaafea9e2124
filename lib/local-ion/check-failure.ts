// Checks the failures that tests pass to failNext, so that a mistake in a test doesn't look like Ion's failure.

import { validateHeaderName, validateHeaderValue } from 'node:http';

import { wrongOption } from './errors.js';
import type { Failure } from './failures.js';

const KEYS: Readonly<Record<keyof Failure, true>> = {
  status: true,
  headers: true,
  body: true,
  delay: true,
  drop: true,
};

// Node's timers do not support a longer delay.
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Checks a failure. If a part of it is wrong, throws a LocalIonError that names this part. */
export function checkFailure(failure: unknown): asserts failure is Failure {
  if (typeof failure !== 'object' || failure === null || Object.keys(failure).length === 0) {
    const must = `must be an object with one or more of ${Object.keys(KEYS).join(', ')}`;
    throw wrongOption('the failure', must, failure);
  }
  const unknown = Object.keys(failure).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(
      `failure.${unknown}`,
      `is unknown; the keys are ${Object.keys(KEYS).join(', ')}`,
    );
  }
  // The cast is safe because every value is checked below.
  const { status, headers, body, delay, drop } = failure as Record<keyof Failure, unknown>;
  if (status !== undefined && !isWholeNumber(status, 200, 599)) {
    throw wrongOption('failure.status', 'must be a whole number from 200 to 599', status);
  }
  if (delay !== undefined && !isWholeNumber(delay, 0, MAX_DELAY_MS)) {
    throw wrongOption('failure.delay', 'must be a whole number of milliseconds', delay);
  }
  if (drop !== undefined && drop !== 'before-response' && drop !== 'mid-body') {
    throw wrongOption('failure.drop', "must be 'before-response' or 'mid-body'", drop);
  }
  if (drop === 'before-response' && [status, headers, body].some((part) => part !== undefined)) {
    throw wrongOption(
      'failure.drop',
      "'before-response' sends no response, so status, headers and body cannot be given",
    );
  }
  if (body !== undefined && !canBeJSON(body)) {
    throw wrongOption(
      'failure.body',
      'must be a string, a Buffer, or data that JSON can represent',
      body,
    );
  }
  if (headers !== undefined) checkHeaders(headers);
}

function canBeJSON(value: unknown): boolean {
  try {
    // Cast because JSON.stringify returns undefined for a function or symbol, although its type says string.
    return (JSON.stringify(value) as string | undefined) !== undefined;
  } catch {
    return false;
  }
}

function isWholeNumber(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
}

function checkHeaders(headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) {
    throw wrongOption('failure.headers', 'must be an object', headers);
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      // The cast is safe because validateHeaderValue checks the value itself.
      validateHeaderValue(name, value as string);
    } catch (cause) {
      const hint = `has a name or value that HTTP does not allow, at ${JSON.stringify(name)}`;
      throw Object.assign(wrongOption('failure.headers', hint), { cause });
    }
  }
}
