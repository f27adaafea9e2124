import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { deprecate, inspect } from 'node:util';

import { IonStrategy } from 'passport-ion';
import type { IonStrategyOptions } from 'passport-ion';

import { ION_URL, endpointsOf } from '../../lib/endpoints.js';
import { IonAppError, IonOptionError } from '../../lib/errors.js';
import { RAW_FIELDS, toIonProfile } from '../../lib/profile.js';
import type { IonProfile } from '../../lib/profile.js';
import { verifyFrom } from '../../lib/sign-in/verify.js';
import type { IonRequest } from '../../lib/express-request.js';
import type { GrantedSignIn, VerifyResult } from '../../lib/sign-in/verify.js';

/** A profile response from Ion that fills every field of the profile. */
const RAW = JSON.stringify({
  id: 3,
  ion_username: '2027jdoe',
  title: 'mx',
  display_name: 'Jane Doe',
  first_name: 'Jane',
  last_name: 'Doe',
  nickname: 'JD',
  tj_email: '2027jdoe@tjhsst.edu',
  student_id: 1,
  user_type: 'student',
  picture: 'https://ion.tjhsst.edu/api/profile/3/picture',
  administrator: null,
  is_eighth_admin: false,
  is_teacher: false,
  is_student: true,
});

const user = { id: '3' };
const params = { access_token: 'A1', expires_in: 36000, scope: 'read write', token_type: 'Bearer' };

// The casts are safe because both values are passed on to verify without being read.
const granted: GrantedSignIn = {
  req: new IncomingMessage(new Socket()) as IonRequest,
  accessToken: 'A1',
  refreshToken: 'R1',
  params,
  profile: { provider: 'ion', id: '3' } as IonProfile,
};
const { req, profile } = granted;

function run(
  verify: unknown,
  { passReqToCallback = false, timeout = 1_000, signIn = granted } = {},
): Promise<VerifyResult> {
  return verifyFrom(verify, passReqToCallback, timeout)(signIn);
}

function errorOf(result: Promise<unknown>): Promise<unknown> {
  return result.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error,
  );
}

type Done = (error?: unknown, user?: unknown, info?: unknown) => void;

describe('verify in the short form', () => {
  it('gets the profile, the tokens and the request', async () => {
    const given: unknown[] = [];
    await run((argument: unknown, ...others: unknown[]) => {
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
    'gets the same argument with passReqToCallback %s',
    async (passReqToCallback) => {
      const result = await run(({ req: given }: { req: unknown }) => ({ id: given === req }), {
        passReqToCallback,
      });
      expect(result).toEqual([{ id: true }]);
    },
  );

  it.each([
    ['a user', user],
    ['false', false],
    ['null', null],
  ])('can return %s, or a promise of it', async (_name, returned) => {
    expect(await run((_signIn: unknown) => returned)).toEqual([returned]);
    expect(await run((_signIn: unknown) => Promise.resolve(returned))).toEqual([returned]);
  });

  it('can throw or reject, with an error or with anything else', async () => {
    const error = new Error('the database is down');
    const throwing = (thing: unknown) => (_signIn: unknown) => {
      throw thing;
    };
    const rejecting = (thing: unknown) => async (_signIn: unknown) => {
      await Promise.resolve();
      throw thing;
    };
    for (const failing of [throwing, rejecting]) {
      expect(await errorOf(run(failing(error)))).toBe(error);
      for (const thing of [undefined, null, 'route', false, '']) {
        const wrapped = await errorOf(run(failing(thing)));
        expect(wrapped).toBeInstanceOf(IonAppError);
        expect(wrapped).toMatchObject({ cause: thing });
      }
    }
  });

  it('fails after the timeout', async () => {
    const error = await errorOf(
      run((_signIn: unknown) => new Promise(() => undefined), { timeout: 10 }),
    );
    expect(error).toMatchObject({
      code: 'ERR_ION_APP',
      status: 500,
      message: 'verify did not finish within 10 ms: make sure that every path through it ends',
    });
  });

  it('gets no refresh token if Ion gave none', async () => {
    const signIn = { ...granted, refreshToken: undefined };
    const verify = ({ tokens }: { tokens: object }): object => ({ has: 'refreshToken' in tokens });
    expect(await run(verify, { signIn })).toEqual([{ has: false }]);
  });

  it.each([
    ['returns undefined', (_signIn: unknown) => undefined],
    ['returns a promise of undefined', (_signIn: unknown) => Promise.resolve()],
  ])('fails if it %s, and the error says how to return or refuse', async (_name, verify) => {
    const error = await errorOf(run(verify));
    expect(error).toBeInstanceOf(IonAppError);
    expect(String(error)).toContain('`return { id: profile.id }`');
    expect(String(error)).toContain('?? null`');
  });

  const fields = [...Object.keys(toIonProfile(RAW, endpointsOf(ION_URL))), ...RAW_FIELDS];

  it.each(fields)(
    'fails if it reads %s from its argument, and the error says how to',
    async (field) => {
      const error = await errorOf(
        run((profile: Record<string, unknown>) => ({ id: profile[field] })),
      );
      expect(error).toBeInstanceOf(IonAppError);
      expect((error as Error).message).toBe(
        `verify read ${field} from its argument, which is not the profile but holds it: write ({ profile }) => … in place of (profile) => …`,
      );
    },
  );

  it('gets an argument that shows only the profile, the tokens and the request', async () => {
    let signIn: object = {};
    await run((argument: object) => {
      signIn = argument;
      return user;
    });
    expect(Object.keys(signIn)).toEqual(['profile', 'tokens', 'req']);
    expect(Object.keys({ ...signIn })).toEqual(['profile', 'tokens', 'req']);
    expect(inspect(signIn)).not.toContain('isStudent');
  });
});

describe("verify in Passport's form", () => {
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
    'with %i parameters and passReqToCallback %s gets what passport-oauth2 gives',
    async (_length, passReqToCallback, expected, form) => {
      const record = jest.fn();
      expect(await run(form(record), { passReqToCallback })).toEqual([user]);
      expect(record.mock.calls).toEqual([expected]);
      // verify must get the same `params` object. toEqual would accept a copy, too.
      expect((record.mock.calls[0] as unknown[]).filter((given) => given === params)).toHaveLength(
        expected.includes(params) ? 1 : 0,
      );
    },
  );

  const verifying =
    (act: (done: Done) => unknown) =>
    (_a: unknown, _b: unknown, _c: unknown, done: Done): unknown =>
      act(done);

  it('can refuse the sign-in and say why', async () => {
    const refusing = verifying((done) => {
      done(null, false, { message: 'not on the list' });
    });
    expect(await run(refusing)).toEqual([false, { message: 'not on the list' }]);
    expect(
      await run(
        verifying((done) => {
          done();
        }),
      ),
    ).toEqual([]);
  });

  it('can be async, and call done before or after it awaits', async () => {
    const after = verifying(async (done) => {
      await Promise.resolve();
      done(null, user, { at: 'after' });
    });
    expect(await run(after)).toEqual([user, { at: 'after' }]);
    const before = verifying(async (done) => {
      done(null, user);
      await Promise.resolve();
      throw new Error('too late to matter');
    });
    expect(await run(before)).toEqual([user]);
  });

  it('can fail in any way', async () => {
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
    for (const way of ways) expect(await errorOf(run(verifying(way)))).toBe(error);
  });

  it.each([undefined, null, 'route', 'router', 0])(
    'fails with an error even if it rejects with %p',
    async (thing) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app might do this
      const error = await errorOf(run(verifying(() => Promise.reject(thing))));
      expect(error).toBeInstanceOf(IonAppError);
      expect((error as IonAppError).cause).toBe(thing);
    },
  );

  it('can call done twice: only the first call counts', async () => {
    const twice = verifying((done) => {
      done(null, user);
      done(null, { id: 'other' });
      done(new Error('late'));
    });
    expect(await run(twice)).toEqual([user]);
  });

  it('fails after the timeout if it never calls done, even if its promise settles', async () => {
    for (const ending of [undefined, Promise.resolve(user)]) {
      const error = await errorOf(
        run(
          verifying(() => ending),
          { timeout: 10 },
        ),
      );
      expect(error).toBeInstanceOf(IonAppError);
    }
  });
});

describe('verifyFrom, with something that is not a function', () => {
  const options: IonStrategyOptions = {
    clientID: 'AbC',
    clientSecret: 'Geheim',
    callbackURL: '/complete/ion/',
  };

  function refusalOf(verify: unknown): IonOptionError {
    try {
      // Cast to pass an invalid value, as a JavaScript app could.
      new IonStrategy(options, verify as () => false);
    } catch (error) {
      if (error instanceof IonOptionError) return error;
      throw error;
    }
    throw new Error('It was not refused');
  }

  it.each([undefined, null, 'x', {}, { verify: () => user }])(
    'throws IonOptionError: %p',
    (verify) => {
      const error = refusalOf(verify);
      expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'verify' });
      expect(error.message).toBe(
        'IonStrategy: verify must be a function, the second argument; write ({ profile, tokens, req }) => user, or (accessToken, refreshToken, profile, done) => …, or (accessToken, refreshToken, params, profile, done) => …',
      );
    },
  );
});

describe.each([
  [false, [0, 2, 3, 6, 7]],
  [true, [0, 2, 3, 4, 7]],
])(
  'verify with any other number of parameters, with passReqToCallback %s',
  (passReqToCallback, lengths) => {
    const expected = passReqToCallback ? [req, 'A1', 'R1', profile] : ['A1', 'R1', profile];

    /** Makes a function with this number of parameters. */
    function ofLength(length: number, verify: (...all: unknown[]) => unknown): unknown {
      return Object.defineProperty((...all: unknown[]) => verify(...all), 'length', {
        value: length,
      });
    }

    it.each(lengths)("(%i) is called in Passport's usual form", async (length) => {
      const record = jest.fn();
      const verify = ofLength(length, (...all) => {
        record(...all.slice(0, -1));
        (all.at(-1) as Done)(null, user, { message: 'hello' });
      });
      expect(await run(verify, { passReqToCallback })).toEqual([user, { message: 'hello' }]);
      expect(record.mock.calls).toEqual([expected]);
    });

    it.each(lengths)('(%i) fails right away if it returns a user instead', async (length) => {
      for (const returned of [user, Promise.resolve(user), false, null]) {
        // With such a long timeout, a test that waited for it would fail.
        const verify = ofLength(length, () => returned);
        const error = await errorOf(run(verify, { passReqToCallback, timeout: 60_000 }));
        expect(error).toBeInstanceOf(IonAppError);
        expect((error as Error).message).toBe(
          `verify returned a value without calling done. It was called in Passport's form, since it has ${length} parameters (default values and ...rest do not count). To return the user, write it with exactly one parameter: ({ profile }) => user`,
        );
      }
    });
  },
);

describe('verify whose length is 0', () => {
  const forms: [string, unknown][] = [
    [
      "NestJS's callback",
      async (...all: unknown[]) => {
        await Promise.resolve();
        (all.at(-1) as Done)(null, user);
      },
    ],
    [
      'a mock of jest',
      jest.fn((_accessToken: unknown, _refreshToken: unknown, _profile: unknown, done: Done) => {
        done(null, user);
      }),
    ],
    [
      'a deprecated function',
      deprecate((_accessToken: unknown, _refreshToken: unknown, _profile: unknown, done: Done) => {
        done(null, user);
      }, 'use another'),
    ],
    [
      'a function that returns something after it called done',
      (...all: unknown[]) => {
        (all.at(-1) as Done)(null, user);
        return 'something';
      },
    ],
  ];

  it.each(forms)('works: %s', async (_name, verify) => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
    expect(await run(verify)).toEqual([user]);
    warned.mockRestore();
  });
});
