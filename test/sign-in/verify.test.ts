import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { IonStrategy } from 'passport-ion';
import type { IonStrategyOptions } from 'passport-ion';

import { IonOptionError, IonAppError } from '../../lib/errors.js';
import type { IonProfile } from '../../lib/profile.js';
import { verifyFrom } from '../../lib/sign-in/verify.js';
import type { IonRequest } from '../../lib/options.js';
import type { GrantedSignIn, VerifyResult } from '../../lib/sign-in/verify.js';

const user = { id: '3' };
const params = { access_token: 'A1', expires_in: 36000, scope: 'read write', token_type: 'Bearer' };

// The casts: verify passes both on, and looks into neither.
const login: GrantedSignIn = {
  req: new IncomingMessage(new Socket()) as IonRequest,
  accessToken: 'A1',
  refreshToken: 'R1',
  params,
  profile: { provider: 'ion', id: '3' } as IonProfile,
};
const { req, profile } = login;

function judge(
  verify: unknown,
  { passReqToCallback = false, timeout = 1_000, granted = login } = {},
): Promise<VerifyResult> {
  return verifyFrom(verify, passReqToCallback, timeout)(granted);
}

function failure(judged: Promise<unknown>): Promise<unknown> {
  return judged.then(
    () => {
      throw new Error('It was to fail');
    },
    (error: unknown) => error,
  );
}

type Done = (error?: unknown, user?: unknown, info?: unknown) => void;

describe('verify, the short way', () => {
  it('is given the profile, the tokens and the request', async () => {
    const given: unknown[] = [];
    await judge((argument: unknown, ...others: unknown[]) => {
      given.push(argument, ...others);
      return user;
    });
    expect(given).toEqual([
      {
        profile,
        req,
        tokens: {
          accessToken: 'A1',
          refreshToken: 'R1',
          tokenType: 'Bearer',
          scope: ['read', 'write'],
          expiresAt: expect.any(Number) as number,
        },
      },
    ]);
  });

  it.each([true, false])(
    'is the same whether passReqToCallback is %s',
    async (passReqToCallback) => {
      const verdict = await judge(({ req: given }: { req: unknown }) => ({ id: given === req }), {
        passReqToCallback,
      });
      expect(verdict).toEqual([{ id: true }]);
    },
  );

  it.each([
    ['a user', user],
    ['false', false],
    ['null', null],
    ['nothing', undefined],
  ])('may return %s, or a promise of it', async (_name, returned) => {
    expect(await judge((_login: unknown) => returned)).toEqual([returned]);
    expect(await judge((_login: unknown) => Promise.resolve(returned))).toEqual([returned]);
  });

  it('may throw or reject, with an error or with anything', async () => {
    const error = new Error('the database is down');
    const throwing = (thing: unknown) => (_login: unknown) => {
      throw thing;
    };
    const rejecting = (thing: unknown) => async (_login: unknown) => {
      await Promise.resolve();
      throw thing;
    };
    for (const failing of [throwing, rejecting]) {
      expect(await failure(judge(failing(error)))).toBe(error);
      for (const thing of [undefined, null, 'route', false, '']) {
        const wrapped = await failure(judge(failing(thing)));
        expect(wrapped).toBeInstanceOf(IonAppError);
        expect(wrapped).toMatchObject({ cause: thing });
      }
    }
  });

  it('may not take for ever', async () => {
    const error = await failure(
      judge((_login: unknown) => new Promise(() => undefined), { timeout: 10 }),
    );
    expect(error).toMatchObject({
      code: 'ERR_ION_APP',
      status: 500,
      message: 'verify gave no answer within 10 ms: make sure that every path through it ends',
    });
  });

  it('is given no refresh token where Ion gave none', async () => {
    const granted = { ...login, refreshToken: undefined };
    const verify = ({ tokens }: { tokens: object }): object => ({ has: 'refreshToken' in tokens });
    expect(await judge(verify, { granted })).toEqual([{ has: false }]);
  });
});

describe("verify, Passport's way,", () => {
  const forms: [number, boolean, unknown[], (record: (...given: unknown[]) => void) => unknown][] =
    [
      [
        4,
        false,
        ['A1', 'R1', profile],
        (record) => (a: unknown, b: unknown, c: unknown, done: Done) => {
          record(a, b, c);
          done(null, user);
        },
      ],
      [
        5,
        false,
        ['A1', 'R1', params, profile],
        (record) => (a: unknown, b: unknown, c: unknown, d: unknown, done: Done) => {
          record(a, b, c, d);
          done(null, user);
        },
      ],
      [
        5,
        true,
        [req, 'A1', 'R1', profile],
        (record) => (a: unknown, b: unknown, c: unknown, d: unknown, done: Done) => {
          record(a, b, c, d);
          done(null, user);
        },
      ],
      [
        6,
        true,
        [req, 'A1', 'R1', params, profile],
        (record) => (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, done: Done) => {
          record(a, b, c, d, e);
          done(null, user);
        },
      ],
    ];

  it.each(forms)(
    'with %i parameters, and passReqToCallback %s, is given what passport-oauth2 gives',
    async (_length, passReqToCallback, expected, form) => {
      const record = jest.fn();
      expect(await judge(form(record), { passReqToCallback })).toEqual([user]);
      expect(record.mock.calls).toEqual([expected]);
      // The very params, whose arrival is known.
      expect((record.mock.calls[0] as unknown[]).filter((given) => given === params)).toHaveLength(
        expected.includes(params) ? 1 : 0,
      );
    },
  );

  const verifying =
    (act: (done: Done) => unknown) =>
    (_a: unknown, _b: unknown, _c: unknown, done: Done): unknown =>
      act(done);

  it('may refuse, and say why', async () => {
    const refusing = verifying((done) => {
      done(null, false, { message: 'not on the list' });
    });
    expect(await judge(refusing)).toEqual([false, { message: 'not on the list' }]);
    expect(
      await judge(
        verifying((done) => {
          done();
        }),
      ),
    ).toEqual([]);
  });

  it('may be async, and call done before or after it waits', async () => {
    const after = verifying(async (done) => {
      await Promise.resolve();
      done(null, user, { at: 'after' });
    });
    expect(await judge(after)).toEqual([user, { at: 'after' }]);
    const before = verifying(async (done) => {
      done(null, user);
      await Promise.resolve();
      throw new Error('too late to matter');
    });
    expect(await judge(before)).toEqual([user]);
  });

  it('may fail in any way', async () => {
    const error = new Error('the database is down');
    const ways: ((done: Done) => unknown)[] = [
      (done) => {
        done(error);
      },
      () => {
        throw error;
      },
      () => Promise.reject(error),
      async (done) => {
        await Promise.resolve();
        done(error);
      },
    ];
    for (const way of ways) expect(await failure(judge(verifying(way)))).toBe(error);
  });

  it.each([undefined, null, 'route', 'router', 0])(
    'may reject with %p, which ends in an error all the same',
    async (thing) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app may
      const error = await failure(judge(verifying(() => Promise.reject(thing))));
      expect(error).toBeInstanceOf(IonAppError);
      expect((error as IonAppError).cause).toBe(thing);
    },
  );

  it('counts the first done', async () => {
    const twice = verifying((done) => {
      done(null, user);
      done(null, { id: 'other' });
      done(new Error('late'));
    });
    expect(await judge(twice)).toEqual([user]);
  });

  it('may not wait for ever with done, though its promise ends', async () => {
    for (const ending of [undefined, Promise.resolve(user)]) {
      const error = await failure(
        judge(
          verifying(() => ending),
          { timeout: 10 },
        ),
      );
      expect(error).toBeInstanceOf(IonAppError);
    }
  });
});

describe('verify is refused', () => {
  const options: IonStrategyOptions = {
    clientID: 'AbC',
    clientSecret: 'Geheim',
    callbackURL: '/complete/ion/',
  };

  function refusalOf(verify: unknown, passReqToCallback = false): IonOptionError {
    try {
      // The cast: code in JavaScript gives what the types do not allow.
      new IonStrategy({ ...options, passReqToCallback }, verify as () => false);
    } catch (error) {
      if (error instanceof IonOptionError) return error;
      throw error;
    }
    throw new Error('It was to be refused');
  }

  it.each([undefined, null, 'x', {}, { verify: () => user }])(
    'where it is no function: %p',
    (verify) => {
      const error = refusalOf(verify);
      expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'verify' });
      expect(error.message).toBe(
        'IonStrategy: verify must be a function, the second argument; write ({ profile, tokens, req }) => user, or (accessToken, refreshToken, profile, done) => …, or (accessToken, refreshToken, params, profile, done) => …',
      );
    },
  );

  it.each([0, 2, 3, 6, 7])('where it has %i parameters', (length) => {
    const error = refusalOf(Object.defineProperty(() => user, 'length', { value: length }));
    expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'verify' });
    expect(error.message).toContain(`verify has ${length} parameters`);
    expect(error.message).toContain('({ profile, tokens, req }) => user');
    expect(error.message).toContain('(accessToken, refreshToken, profile, done) => …');
  });

  it.each([0, 2, 3, 4, 7])('where it has %i parameters, with passReqToCallback', (length) => {
    const error = refusalOf(
      Object.defineProperty(() => user, 'length', { value: length }),
      true,
    );
    expect(error.message).toContain(`verify has ${length} parameters`);
    expect(error.message).toContain('(req, accessToken, refreshToken, profile, done) => …');
  });

  it('where its parameters cannot be counted, saying why', () => {
    expect(refusalOf((..._all: unknown[]) => user).message).toContain(
      'verify has 0 parameters (default values and ...rest do not count)',
    );
  });
});
