// Tests what the library does for each way in which an app's own function can return, throw, or call back.

import { runInNewContext } from 'node:vm';

import { IonAppError } from '../lib/errors.js';
import { awaitCallback, callBack } from '../lib/call-app-code.js';
import { timersLeftBy } from './support/timers-left.js';

type Done = (error?: unknown, ...results: unknown[]) => void;

function outcome(call: (done: Done) => unknown, timeout = 1_000): Promise<unknown> {
  return awaitCallback('verify', timeout, call).catch((error: unknown) => ({ error }));
}

async function errorOf(call: (done: Done) => unknown, timeout = 1_000): Promise<unknown> {
  const ended = await outcome(call, timeout);
  if (typeof ended === 'object' && ended !== null && 'error' in ended) return ended.error;
  throw new Error('it succeeded');
}

const NO_ERRORS: [string, unknown][] = [
  ['undefined', undefined],
  ["'route'", 'route'],
  ["'router'", 'router'],
  ['null', null],
  ['false', false],
  ['0', 0],
  ['an empty string', ''],
  ['an object', { message: 'x' }],
  ['a symbol', Symbol('x')],
];

function fail(): never {
  throw new Error('it must not be read');
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function withMember(name: string, member: PropertyDescriptor): object {
  return Object.defineProperty(new Error('the app failed'), name, member);
}

describe('awaitCallback, with a function that calls done', () => {
  it('returns the results, if it calls right away', async () => {
    expect(
      await outcome((done) => {
        done(null, 1, 'two');
      }),
    ).toEqual([1, 'two']);
  });

  it('returns the results, if it calls later', async () => {
    expect(await outcome((done) => setImmediate(done, null, 1))).toEqual([1]);
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['false', false],
    ['0', 0],
    ['an empty string', ''],
  ])('treats a first argument of %s as no error, as Passport does', async (_name, none) => {
    expect(
      await outcome((done) => {
        done(none, 1);
      }),
    ).toEqual([1]);
  });

  it('returns no results, if done gets no arguments', async () => {
    expect(
      await outcome((done) => {
        done();
      }),
    ).toEqual([]);
  });

  it('throws the error that done got', async () => {
    const error = new Error('the database is down');
    expect(
      await errorOf((done) => {
        done(error, 1);
      }),
    ).toBe(error);
  });

  it('throws IonAppError if done got an error that is not an Error, and keeps it as the cause', async () => {
    for (const thing of ['route', { message: 'x' }, 5, true, Symbol('x')]) {
      const error = await errorOf((done) => {
        done(thing);
      });
      expect(error).toBeInstanceOf(IonAppError);
      expect(error).toMatchObject({ code: 'ERR_ION_APP', status: 500, cause: thing });
    }
  });

  it('ignores everything after the first call', async () => {
    const twice = outcome((done) => {
      done(null, 1);
      done(null, 2);
      done(new Error('late'));
      throw new Error('later');
    });
    expect(await twice).toEqual([1]);
    const first = new Error('first');
    const failed = errorOf((done) => {
      done(first);
      done(null, 1);
      return Promise.reject(new Error('late'));
    });
    expect(await failed).toBe(first);
  });
});

describe('awaitCallback, with a function that throws or rejects', () => {
  it('throws the same error', async () => {
    const error = new TypeError('x is not a function');
    expect(
      await errorOf(() => {
        throw error;
      }),
    ).toBe(error);
    expect(await errorOf(() => Promise.reject(error))).toBe(error);
  });

  it.each(NO_ERRORS)(
    'throws IonAppError, which Express takes for an error, in place of %s',
    async (_name, thing) => {
      const thrown = await errorOf(() => {
        throw thing;
      });
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app might do this
      const rejected = await errorOf(() => Promise.reject(thing));
      for (const error of [thrown, rejected]) {
        expect(error).toBeInstanceOf(IonAppError);
        expect((error as IonAppError).message).toBe(
          'verify failed with something that is not an Error: see the cause',
        );
        expect((error as IonAppError).cause).toBe(thing);
      }
    },
  );

  it.each([
    ['a revoked Proxy', revokedProxy()],
    ['an error whose message throws', withMember('message', { get: fail })],
    ['an error whose toString throws', withMember('toString', { value: fail })],
    ['an error whose name is a symbol', withMember('name', { value: Symbol('x') })],
  ])('throws an IonAppError that can be read in place of %s', async (_name, thing) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app might do this
    const error = await errorOf(() => Promise.reject(thing));
    expect(error).toBeInstanceOf(IonAppError);
    expect(String(error)).toBe('IonAppError: verify failed with something that cannot be read');
    expect(error).not.toHaveProperty('cause');
  });

  it('throws the same error if it comes from another realm', async () => {
    const error: unknown = runInNewContext('new Error("from elsewhere")');
    expect(error).not.toBeInstanceOf(Error);
    expect(await errorOf(() => Promise.reject(error as Error))).toBe(error);
  });

  it('throws the same error if it was made by hand from Error.prototype', async () => {
    const error: unknown = Object.create(Error.prototype, { message: { value: 'old' } });
    expect(await errorOf(() => Promise.reject(error as Error))).toBe(error);
  });
});

describe('awaitCallback, with a function that returns without calling done', () => {
  it.each([
    ['a promise that does not call back', Promise.resolve(1)],
    ['a value', 1],
    ['null', null],
    ['an object whose then is not a function', { then: 5 }],
  ])('waits until the timeout, if it returns %s', async (_name, returned) => {
    const error = await errorOf(() => returned, 20);
    expect(error).toBeInstanceOf(IonAppError);
    expect((error as IonAppError).message).toBe(
      'verify did not finish within 20 ms: make sure that every path through it ends',
    );
  });

  it('returns the results, if it returns a promise and then calls done', async () => {
    const called = outcome(async (done) => {
      await Promise.resolve();
      done(null, 1);
    });
    expect(await called).toEqual([1]);
  });

  it("throws what another library's promise rejects with", async () => {
    const error = new Error('from elsewhere');
    const thenable = {
      then(_resolved: unknown, rejected: (reason: Error) => void): void {
        rejected(error);
      },
    };
    expect(await errorOf(() => thenable)).toBe(error);
  });

  it('throws what reading `then` of the result throws', async () => {
    const error = new Error('no');
    const thenable = {
      get then(): unknown {
        throw error;
      },
    };
    expect(await errorOf(() => thenable)).toBe(error);
  });
});

describe('awaitCallback, after the timeout', () => {
  it('ignores calls of done', async () => {
    let late: Done = () => undefined;
    const error = await errorOf((done) => {
      late = done;
      return undefined;
    }, 10);
    expect(error).toMatchObject({ code: 'ERR_ION_APP' });
    expect(() => {
      late(null, 1);
      late(new Error('late'));
    }).not.toThrow();
  });

  it('leaves no rejection unhandled', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    let reject: (error: Error) => void = () => undefined;
    const error = await errorOf(
      () =>
        new Promise((_resolve, rejecting) => {
          reject = rejecting;
        }),
      10,
    );
    reject(new Error('late'));
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(error).toMatchObject({ code: 'ERR_ION_APP' });
    expect(unhandled).not.toHaveBeenCalled();
  });
});

it('leaves no timer behind', async () => {
  const left = await timersLeftBy(async () => {
    await outcome((done) => {
      done(null, 1);
    }, 60_000);
    await errorOf(() => Promise.reject(new Error('x')), 60_000);
    await errorOf((done) => {
      done(new Error('x'));
    }, 60_000);
  });
  expect(left).toEqual([]);
});

describe('callBack, with a callback that fails', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      (): never => {
        throw new TypeError('the callback failed');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('the callback failed'))],
  ])('calls it a second time, with the error, if it %s', async (_how, fail) => {
    const calls: unknown[][] = [];
    await new Promise<void>((resolve) => {
      callBack(
        'The callback',
        (...all: unknown[]) => {
          calls.push(all);
          if (calls.length === 1) return fail();
          resolve();
          return undefined;
        },
        null,
        'a result',
      );
    });
    expect(calls).toEqual([[null, 'a result'], [new TypeError('the callback failed')]]);
  });

  it('gives it an IonAppError in place of an error that cannot be read', () => {
    const calls: unknown[] = [];
    const callback = (error: unknown): void => {
      calls.push(error);
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- an app might throw anything
      if (calls.length === 1) throw revokedProxy();
    };
    callBack('The callback', callback, null);
    expect(calls).toEqual([null, expect.any(IonAppError)]);
  });

  it('does not call it a third time, and leaves no rejection unhandled', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const throwing = jest.fn(() => {
      throw new Error('again');
    });
    const rejecting = jest.fn(() => Promise.reject(new Error('again')));
    callBack('The callback', throwing, null);
    callBack('The callback', rejecting, null);
    // Wait for a timer, because Node reports a rejection after the microtasks, and before the next timer.
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', unhandled);
    expect(throwing).toHaveBeenCalledTimes(2);
    expect(rejecting).toHaveBeenCalledTimes(2);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
