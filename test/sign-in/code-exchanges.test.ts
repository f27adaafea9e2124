import { CodeExchanges } from '../../lib/sign-in/code-exchanges.js';
import { useFakeTimers } from '../support/fake-timers.js';
import { timersLeftBy } from '../support/timers-left.js';

const MINUTE = 60_000;

beforeEach(() => {
  useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Makes a CodeExchanges, and a list of the code exchanges that it has made. */
function newCodeExchanges(): {
  exchanges: CodeExchanges<string>;
  made: string[];
  once: (handle: string, code?: string) => Promise<string> | undefined;
} {
  const exchanges = new CodeExchanges<string>();
  const made: string[] = [];
  const once = (handle: string, code = 'code'): Promise<string> | undefined =>
    exchanges.once(handle, code, () => {
      made.push(`${handle} ${code}`);
      return Promise.resolve(`tokens of ${handle}`);
    });
  return { exchanges, made, once };
}

describe('CodeExchanges.once', () => {
  it('exchanges a code once, and gives every callback with it the outcome', async () => {
    const { made, once } = newCodeExchanges();
    expect(await Promise.all([once('a'), once('a'), once('a')])).toEqual(
      Array(3).fill('tokens of a'),
    );
    expect(await once('a')).toBe('tokens of a');
    expect(made).toEqual(['a code']);
  });

  it('exchanges the codes of different sign-ins separately, even if they are the same', async () => {
    const { made, once } = newCodeExchanges();
    await Promise.all([once('a'), once('b'), once('__proto__'), once('constructor')]);
    expect(made).toEqual(['a code', 'b code', '__proto__ code', 'constructor code']);
  });

  it('does not exchange a second code for one sign-in', async () => {
    const { made, once } = newCodeExchanges();
    await once('a', 'first');
    expect(once('a', 'second')).toBeUndefined();
    expect(await once('a', 'first')).toBe('tokens of a');
    expect(made).toEqual(['a first']);
  });

  it('does not exchange a code again after a failure, which all of its callbacks share', async () => {
    const exchanges = new CodeExchanges<string>();
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
    const exchanges = new CodeExchanges<string>();
    await exchanges.once('a', 'c', () => Promise.reject(new Error('x')))?.catch(() => 'handled');
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('does not count an exchange that throws before it begins', async () => {
    const exchanges = new CodeExchanges<string>();
    expect(() =>
      exchanges.once('a', 'c', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(await exchanges.once('a', 'c', () => Promise.resolve('tokens'))).toBe('tokens');
  });
});

describe('CodeExchanges.once: the outcome', () => {
  it('is dropped after a while, since it holds tokens, and the code stays used', async () => {
    const { made, once } = newCodeExchanges();
    await once('a');
    jest.advanceTimersByTime(4_999);
    expect(await once('a')).toBe('tokens of a');
    jest.advanceTimersByTime(1);
    expect(once('a')).toBeUndefined();
    expect(made).toEqual(['a code']);
  });

  it.each([
    ['back by an hour', -60 * MINUTE],
    ['back by more than a timer can wait', -40 * 24 * 60 * MINUTE],
    ['forward by an hour', 60 * MINUTE],
  ])('is dropped as usual if the clock is set %s', async (_how, change) => {
    const { made, once } = newCodeExchanges();
    await once('a');
    jest.advanceTimersByTime(3_000);
    await once('b');
    jest.setSystemTime(Date.now() + change);
    jest.advanceTimersByTime(1_999);
    expect(await once('a')).toBe('tokens of a');
    jest.advanceTimersByTime(1);
    expect(once('a')).toBeUndefined();
    expect(await once('b')).toBe('tokens of b');
    jest.advanceTimersByTime(3_000);
    expect(once('b')).toBeUndefined();
    expect(made).toEqual(['a code', 'b code']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('of each sign-in is dropped at its own time', async () => {
    const { once } = newCodeExchanges();
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

  it('of many sign-ins is dropped by one timer', async () => {
    const { once } = newCodeExchanges();
    for (let signIn = 0; signIn < 100; signIn += 1) await once(`sign-in ${signIn}`);
    expect(jest.getTimerCount()).toBe(1);
  });

  it('is kept until it has settled', async () => {
    const exchanges = new CodeExchanges<string>();
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
    expect(await timersLeftBy(() => newCodeExchanges().once('a') ?? Promise.resolve())).toEqual([]);
  });
});

describe('CodeExchanges.once, without a handle, when nothing ties the code to a browser', () => {
  it('exchanges the code once, and does not share the outcome', async () => {
    const { exchanges, made } = newCodeExchanges();
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

describe('CodeExchanges.once, with many sign-ins', () => {
  it('shares the outcomes of only the newest 100, since they hold tokens', async () => {
    const { once } = newCodeExchanges();
    for (let signIn = 0; signIn <= 100; signIn += 1) await once(`sign-in ${signIn}`);
    expect(once('sign-in 0')).toBeUndefined();
    expect(await once('sign-in 1')).toBe('tokens of sign-in 1');
  });
});

describe('CodeExchanges.once, with a used code', () => {
  it('remembers it as long as a sign-in can be in flight, and then forgets it', async () => {
    const { made, once } = newCodeExchanges();
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

  it('forgets the oldest code after 10,000 others', async () => {
    const { made, once } = newCodeExchanges();
    for (let signIn = 1; signIn <= 10_000; signIn += 1) await once(`sign-in ${signIn}`);
    expect(made).toHaveLength(10_000);
    await once('one more');
    await once('sign-in 2');
    expect(made).toHaveLength(10_001);
    await once('sign-in 1');
    expect(made).toHaveLength(10_002);
    expect(made.at(-1)).toBe('sign-in 1 code');
  });
});
