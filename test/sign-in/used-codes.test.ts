import { UsedCodes } from '../../lib/sign-in/used-codes.js';
import { useFakeTimers } from '../support/fake-timers.js';
import { timersLeftBy } from '../support/timers-left.js';

const MINUTE = 60_000;

beforeEach(() => {
  useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Exchanges that count how often they are made. */
function counting(): {
  exchanges: UsedCodes<string>;
  made: string[];
  once: (handle: string, code?: string) => Promise<string> | undefined;
} {
  const exchanges = new UsedCodes<string>();
  const made: string[] = [];
  const once = (handle: string, code = 'code'): Promise<string> | undefined =>
    exchanges.once(handle, code, () => {
      made.push(`${handle} ${code}`);
      return Promise.resolve(`tokens of ${handle}`);
    });
  return { exchanges, made, once };
}

describe('a code', () => {
  it('is exchanged once, and every callback that brings it has the outcome', async () => {
    const { made, once } = counting();
    expect(await Promise.all([once('a'), once('a'), once('a')])).toEqual(
      Array(3).fill('tokens of a'),
    );
    expect(await once('a')).toBe('tokens of a');
    expect(made).toEqual(['a code']);
  });

  it('is exchanged apart from those of other logins, the same though it may be', async () => {
    const { made, once } = counting();
    await Promise.all([once('a'), once('b'), once('__proto__'), once('constructor')]);
    expect(made).toEqual(['a code', 'b code', '__proto__ code', 'constructor code']);
  });

  it('is not exchanged where its login had another', async () => {
    const { made, once } = counting();
    await once('a', 'first');
    expect(once('a', 'second')).toBeUndefined();
    expect(await once('a', 'first')).toBe('tokens of a');
    expect(made).toEqual(['a first']);
  });

  it('is not exchanged again after a failure, which all of its callbacks share', async () => {
    const exchanges = new UsedCodes<string>();
    const exchange = jest.fn(() => Promise.reject(new Error('Ion is down')));
    const [first, second] = [
      exchanges.once('a', 'c', exchange),
      exchanges.once('a', 'c', exchange),
    ];
    await expect(first).rejects.toThrow('Ion is down');
    await expect(second).rejects.toThrow('Ion is down');
    await expect(exchanges.once('a', 'c', exchange)).rejects.toThrow('Ion is down');
    expect(exchange).toHaveBeenCalledTimes(1);
  });

  it('leaves no unhandled rejection behind', async () => {
    jest.useRealTimers();
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const exchanges = new UsedCodes<string>();
    await exchanges.once('a', 'c', () => Promise.reject(new Error('x')))?.catch(() => 'handled');
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('whose exchange cannot even begin leaves its login as it was', async () => {
    const exchanges = new UsedCodes<string>();
    expect(() =>
      exchanges.once('a', 'c', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(await exchanges.once('a', 'c', () => Promise.resolve('tokens'))).toBe('tokens');
  });
});

describe('the outcome', () => {
  it('is dropped a while after it came, since it holds tokens, and the code stays used', async () => {
    const { made, once } = counting();
    await once('a');
    jest.advanceTimersByTime(4_999);
    expect(await once('a')).toBe('tokens of a');
    jest.advanceTimersByTime(1);
    expect(once('a')).toBeUndefined();
    expect(made).toEqual(['a code']);
  });

  it('of each login is dropped in its turn', async () => {
    const { once } = counting();
    await once('a');
    jest.advanceTimersByTime(3_000);
    await once('b');
    await once('c');
    jest.advanceTimersByTime(2_000);
    expect(once('a')).toBeUndefined();
    expect(await once('b')).toBe('tokens of b');
    jest.advanceTimersByTime(3_000);
    expect([once('b'), once('c')]).toEqual([undefined, undefined]);
    await once('d');
    jest.advanceTimersByTime(5_000);
    expect(once('d')).toBeUndefined();
  });

  it('of many logins is dropped by one timer', async () => {
    const { once } = counting();
    for (let login = 0; login < 100; login += 1) await once(`login ${login}`);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('is kept as long as it is awaited', async () => {
    const exchanges = new UsedCodes<string>();
    let settle: (tokens: string) => void = () => undefined;
    const slow = (): Promise<string> =>
      new Promise((resolve) => {
        settle = resolve;
      });
    const first = exchanges.once('a', 'c', slow);
    jest.advanceTimersByTime(9 * MINUTE);
    const second = exchanges.once('a', 'c', slow);
    settle('tokens');
    expect(await Promise.all([first, second])).toEqual(['tokens', 'tokens']);
  });

  it('does not keep the process alive', async () => {
    jest.useRealTimers();
    expect(await timersLeftBy(() => counting().once('a') ?? Promise.resolve())).toEqual([]);
  });
});

describe('a code that nothing ties to a browser', () => {
  it('is exchanged once, and its outcome is shared with nobody', async () => {
    const { exchanges, made } = counting();
    const exchange = (): Promise<string> => {
      made.push('exchange');
      return Promise.resolve('tokens');
    };
    expect(await exchanges.once(undefined, 'a', exchange)).toBe('tokens');
    expect(exchanges.once(undefined, 'a', exchange)).toBeUndefined();
    expect(await exchanges.once(undefined, 'b', exchange)).toBe('tokens');
    expect(made).toHaveLength(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('outcomes', () => {
  it('are shared for the newest 100 sign-ins only, since they hold tokens', async () => {
    const { once } = counting();
    for (let signIn = 0; signIn <= 100; signIn += 1) await once(`sign-in ${signIn}`);
    expect(once('sign-in 0')).toBeUndefined();
    expect(await once('sign-in 1')).toBe('tokens of sign-in 1');
  });
});

describe('a used code', () => {
  it('is remembered as long as a login may be in flight, and then forgotten', async () => {
    const { made, once } = counting();
    await once('a');
    jest.advanceTimersByTime(10 * MINUTE - 1);
    expect(once('a')).toBeUndefined();
    await once('b');
    expect(once('a')).toBeUndefined();
    jest.advanceTimersByTime(1);
    await once('c');
    await once('a');
    expect(made).toEqual(['a code', 'b code', 'c code', 'a code']);
  });

  it('is forgotten where 10,000 have come since, the oldest first', async () => {
    const { made, once } = counting();
    for (let login = 1; login <= 10_000; login += 1) await once(`login ${login}`);
    expect(made).toHaveLength(10_000);
    await once('one more');
    await once('login 2');
    expect(made).toHaveLength(10_001);
    await once('login 1');
    expect(made).toHaveLength(10_002);
    expect(made.at(-1)).toBe('login 1 code');
  });
});
