// A function of the app's that calls back, as a promise that settles whatever the function does.

import { types } from 'node:util';

import { IonAppError } from './errors.js';

/**
 * Calls `call` with a callback and waits for it: the first call counts. Where it throws, rejects,
 * or does not call back within `timeout` milliseconds, the promise rejects.
 *
 * @param name - How an error calls the function.
 */
export function promised<Results extends unknown[]>(
  name: string,
  timeout: number,
  call: (done: (error?: unknown, ...results: Results) => void) => unknown,
): Promise<Partial<Results>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new IonAppError(
          `${name} gave no answer within ${timeout} ms: make sure that every path through it ends`,
        ),
      );
    }, timeout);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(asError(name, error));
    };
    try {
      const returned = call((error, ...results) => {
        if (error) {
          fail(error);
          return;
        }
        clearTimeout(timer);
        resolve(results);
      });
      if (isThenable(returned)) returned.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  });
}

/**
 * `error`, as an Error. Express takes `next(undefined)` and `next('route')` for "go on", which would let
 * a request through whose login has failed.
 *
 * @param name - How an error calls what failed.
 */
export function asError(name: string, error: unknown): Error {
  if (types.isNativeError(error) || error instanceof Error) return error;
  return new IonAppError(`${name} failed with something that is no Error: see the cause`, {
    cause: error,
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
