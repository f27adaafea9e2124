// Defines the ways in which an app's function can go wrong.

export const TIMEOUT_MS = 1_000;

/** The values that an app might throw, reject with, or call back with. */
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
// Leave out falsy errors, because to Passport, they mean that there was no error.
const CALLS_BACK = Object.keys(THINGS)
  .filter((thing) => thing !== 'undefined' && thing !== 'null')
  .map((thing) => `calls back with ${thing}`);

/** The ways in which a function that returns its result can go wrong. */
export const RETURNING: readonly string[] = [...THROWS, ...REJECTS, 'rejects late', 'never ends'];

/** The ways in which a function that takes a callback can go wrong. */
export const CALLING_BACK: readonly string[] = [
  ...RETURNING,
  ...CALLS_BACK,
  'calls back twice',
  'calls back late',
];

/** The ways in which a function that responds to the browser itself can go wrong. */
export const RESPONDING: readonly string[] = [...THROWS, ...REJECTS];
export const THROWING: readonly string[] = THROWS;

/** The callback that an app's function gets. */
export type Done = (error: unknown, ...results: unknown[]) => void;

/** Goes wrong in this way; `done` is the function's callback, if it has one. */
export function misbehave(way: string, done: Done = () => undefined): unknown {
  const thing = (): unknown =>
    THINGS[way.replace(/^(throws|rejects with|calls back with) /, '')]?.();
  if (way.startsWith('throws ')) throw thing();
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app might do this
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
