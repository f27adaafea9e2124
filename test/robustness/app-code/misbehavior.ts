// The ways in which a function of an app can go wrong.

/** The strategy's timeout in these tests. */
export const TIMEOUT_MS = 1_000;

/** What an app may throw, reject with, or call back with. */
const THINGS: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  "'route'": () => 'route',
  'an Error': () => new Error('the app failed'),
  'a revoked Proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'an object whose getters throw': () => withThrowingGetters({}),
  'an Error whose getters throw': () => withThrowingGetters(new Error('the app failed')),
  'an Error whose toString throws': () =>
    Object.assign(new Error('the app failed'), {
      toString() {
        throw undefined as unknown as Error;
      },
    }),
};

function withThrowingGetters(object: object): object {
  for (const name of ['name', 'message', 'stack', 'code', 'status', 'cause', 'toString', 'then']) {
    Object.defineProperty(object, name, {
      get() {
        throw undefined as unknown as Error;
      },
    });
  }
  return object;
}

const THROWS = Object.keys(THINGS).map((thing) => `throws ${thing}`);
const REJECTS = Object.keys(THINGS).map((thing) => `rejects with ${thing}`);
// For Passport, a falsy error means that there is no error.
const CALLS_BACK = Object.keys(THINGS)
  .filter((thing) => thing !== 'undefined' && thing !== 'null')
  .map((thing) => `calls back with ${thing}`);

/** For a function that returns its result. */
export const RETURNING: readonly string[] = [...THROWS, ...REJECTS, 'rejects late', 'never ends'];

/** For a function that calls back. */
export const CALLING_BACK: readonly string[] = [
  ...RETURNING,
  ...CALLS_BACK,
  'calls back twice',
  'calls back late',
];

/** For a function that responds to the browser itself. */
export const RESPONDING: readonly string[] = [...THROWS, ...REJECTS];
export const THROWING: readonly string[] = THROWS;

/** The callback that a function of the app is given. */
export type Done = (error: unknown, ...results: unknown[]) => void;

/** Goes wrong in this way; `done` is the function's callback, if it has one. */
export function misbehave(way: string, done: Done = () => undefined): unknown {
  const thing = (): unknown =>
    THINGS[way.replace(/^(throws|rejects with|calls back with) /, '')]?.();
  if (way.startsWith('throws ')) throw thing();
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app may do so
  if (way.startsWith('rejects with ')) return Promise.reject(thing());
  if (way.startsWith('calls back with ')) {
    done(thing());
    return undefined;
  }
  switch (way) {
    case 'rejects late':
      return new Promise((_resolve, reject) => {
        setTimeout(reject, 3 * TIMEOUT_MS, undefined);
      });
    case 'never ends':
      return new Promise(() => undefined);
    case 'calls back twice':
      done(new Error('the app failed'));
      done(null, { id: '3' }, { id: '3' });
      return undefined;
    case 'calls back late':
      setTimeout(done, 3 * TIMEOUT_MS, null, { id: '3' }, { id: '3' });
      return undefined;
    default:
      throw new Error(`There is no way called ${way}`);
  }
}
