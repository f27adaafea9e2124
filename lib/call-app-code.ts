// Calls the app's own code so that nothing it does can hang the sign-in or crash the process.

import { clearTimeout, setTimeout } from 'node:timers';
import { types } from 'node:util';

import { IonAppError } from './errors.js';

/**
 * Calls one of the app's functions that returns its result, or a promise for it.
 *
 * @param name - What error messages call the function.
 * @param timeout - How long the function may take, in milliseconds.
 * @throws Always an Error: the one that the function threw, or an {@link IonAppError} if it threw something
 *   else or did not finish in time.
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
  // Cast because `done` was called with exactly one result.
  return result as Result;
}

/**
 * Calls one of the app's functions that passes its results to a callback. Only the first call to the
 * callback counts. The function may also be async; if its promise rejects, the call fails with that error.
 *
 * @param name - What error messages call the function.
 * @param timeout - How long the function may take, in milliseconds.
 * @throws Like {@link awaitResult}.
 */
export function awaitCallback<Results extends unknown[]>(
  name: string,
  timeout: number,
  call: (done: (error?: unknown, ...results: Results) => void) => unknown,
): Promise<Partial<Results>> {
  return new Promise((resolve, reject) => {
    // Cast because TypeScript doesn't see that `end` changes `isOver`.
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
    // Most functions have already called back by now, and need no timer.
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
 * Calls a callback that might be the app's own. If it throws, or is async and rejects, calls it again with
 * the error, as Passport does: most callbacks begin with `if (error) return done(error)`. If the second
 * call fails too, the function that waits for the callback fails at its deadline.
 *
 * @param name - What error messages call the callback.
 */
export function callBack(
  name: string,
  callback: (...parameters: never[]) => unknown,
  ...parameters: unknown[]
): void {
  // Cast because node-oauth and Passport declare their callbacks differently.
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

// Promises from other libraries count too, as they do for `await`.
function isPromiseLike<Result>(value: Result | PromiseLike<Result>): value is PromiseLike<Result> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}

/**
 * Returns `error` as an Error that is safe to pass on. Express reads `next(undefined)` and `next('route')`
 * as "continue", which would let a request through even though its sign-in failed. And a revoked Proxy, or
 * a getter that throws, would break any code that reports the error. All of these are replaced with an
 * {@link IonAppError}.
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

/** The properties of an error that Express and common loggers read. */
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
