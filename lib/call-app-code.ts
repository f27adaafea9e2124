// Calls the app's own code, in such a way that nothing it does hangs the sign-in or crashes the process.

import { clearTimeout, setTimeout } from 'node:timers';
import { types } from 'node:util';

import { IonAppError } from './errors.js';

/**
 * Calls a function of the app that returns its result, or a promise of it.
 *
 * @param name - What an error calls the function.
 * @param timeout - How long the function may take, in milliseconds.
 * @throws Always an Error: what the function threw, or an {@link IonAppError} if that was not an Error or
 *   the function did not finish in time.
 */
export async function awaitResult<Result>(
  name: string,
  timeout: number,
  call: () => Result | PromiseLike<Result>,
): Promise<Result> {
  let returned: Promise<Result>;
  try {
    const result = call();
    if (!isPromiseLike(result)) return result;
    returned = Promise.resolve(result);
  } catch (error) {
    throw asError(name, error);
  }
  const [result] = await awaitCallback<[Result]>(name, timeout, (done) =>
    returned.then((awaited) => {
      done(null, awaited);
    }),
  );
  // The cast: it called back with exactly one result.
  return result as Result;
}

/**
 * Calls a function of the app that hands its results to a callback. Only the first call of the callback
 * counts. The function may also be async: if its promise rejects, that is the error.
 *
 * @param name - What an error calls the function.
 * @param timeout - How long the function may take, in milliseconds.
 * @throws As {@link awaitResult}.
 */
export function awaitCallback<Results extends unknown[]>(
  name: string,
  timeout: number,
  call: (done: (error?: unknown, ...results: Results) => void) => unknown,
): Promise<Partial<Results>> {
  return new Promise((resolve, reject) => {
    // The cast: the compiler does not see that `end` changes it.
    let isOver = false as boolean;
    let timer: NodeJS.Timeout | undefined = undefined;
    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
    };
    const fail = (error: unknown): void => {
      end();
      reject(asError(name, error));
    };
    const done = (error?: unknown, ...results: Results): void => {
      if (error) {
        fail(error);
        return;
      }
      end();
      resolve(results);
    };
    try {
      const returned = call(done);
      if (isPromiseLike(returned)) Promise.resolve(returned).catch(fail);
    } catch (error) {
      fail(error);
    }
    // Most of the app's functions have called back by now, and need no timer.
    if (isOver) return;
    timer = setTimeout(() => {
      reject(
        new IonAppError(
          `${name} did not finish within ${timeout} ms: make sure that every path through it ends`,
        ),
      );
    }, timeout);
  });
}

/**
 * Calls a callback that the app may have given. If that throws, or is async and rejects, it is called a second
 * time, with the error, as Passport does it: most callbacks begin with `if (error) return done(error)`. What a
 * second failure leaves undone, the deadline of the function that waits for it ends.
 *
 * @param name - What an error calls the callback.
 */
export function callBack(
  name: string,
  callback: (...parameters: never[]) => unknown,
  ...parameters: unknown[]
): void {
  // The cast: node-oauth and Passport declare their callbacks differently.
  const call = callback as (...all: unknown[]) => unknown;
  const callAgain = (thrown: unknown): void => {
    catchFailure(
      () => call(asError(name, thrown)),
      () => undefined,
    );
  };
  catchFailure(() => call(...parameters), callAgain);
}

function catchFailure(call: () => unknown, failed: (thrown: unknown) => void): void {
  try {
    const returned = call();
    if (isPromiseLike(returned)) Promise.resolve(returned).catch(failed);
  } catch (thrown) {
    failed(thrown);
  }
}

// Promises of other libraries count as well, as they do for `await`.
function isPromiseLike<Result>(value: Result | PromiseLike<Result>): value is PromiseLike<Result> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}

/**
 * `error`, as an Error that is safe to hand on. Express takes `next(undefined)` and `next('route')` for
 * "go on", which would let a request through although its sign-in has failed; and reading a revoked
 * Proxy, or a getter that throws, would break whatever reports the error.
 *
 * @param name - What the new error calls the function that failed.
 */
export function asError(name: string, error: unknown): Error {
  if (!isReadable(error)) {
    return new IonAppError(`${name} failed with something that cannot be read`);
  }
  if (types.isNativeError(error) || error instanceof Error) return error;
  return new IonAppError(`${name} failed with something that is not an Error: see the cause`, {
    cause: error,
  });
}

/** What Express and the usual loggers read of an error. */
const READ_BY_OTHERS = [
  'name',
  'message',
  'stack',
  'code',
  'cause',
  'status',
  'statusCode',
  'headers',
  'expose',
  'toString',
];

function isReadable(value: unknown): boolean {
  if (types.isProxy(value)) return false;
  if (typeof value !== 'object' || value === null) return true;
  try {
    const hasProxy = READ_BY_OTHERS.some((name) => types.isProxy(Reflect.get(value, name)));
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- to see whether its toString throws
    String(value);
    return !hasProxy;
  } catch {
    return false;
  }
}
