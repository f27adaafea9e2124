// What an app may replace in a strategy of passport-oauth2: getOAuthAccessToken, userProfile and skipUserProfile.

import { IonStrategy } from 'passport-ion';
import type { IonStrategyOptions } from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import type { Page } from '../support/user-agent.js';

const site = useAppAtLocalIon();

type Done = (error: unknown, accessToken: unknown) => void;

describe('IonStrategy, with a replaced getOAuthAccessToken', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['an object', { access_token: 'ACCESS' }],
  ])('signs no one in if it calls back with %s as the access token', async (_what, token) => {
    const page = await site.startAndSignIn({
      strategy: site.strategyOptions({ skipUserProfile: true }),
      makeStrategy: (options) => {
        const strategy = new IonStrategy(options, () => ({ id: '1' }));
        const getOAuthAccessToken = (_code: unknown, _params: unknown, done: Done): void => {
          done(null, token);
        };
        Object.assign(strategy._oauth2, { getOAuthAccessToken });
        return strategy;
      },
    });
    expect(page.status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { code: 'ERR_ION_APP', message: 'getOAuthAccessToken called back without an access token' },
    ]);
  });
});

describe('IonStrategy: the skipUserProfile option', () => {
  type Skip = NonNullable<IonStrategyOptions['skipUserProfile']>;
  const late = (_accessToken: string, done: (error: unknown, skip?: boolean) => void): void => {
    setTimeout(done, 500, null, true).unref();
  };

  const signInWith = (skipUserProfile: Skip): Promise<Page> =>
    site.startAndSignIn({
      strategy: site.strategyOptions({ skipUserProfile, timeout: 200 }),
      verify: ({ profile }) => ({ id: typeof profile }),
    });

  it.each<[string, Skip, type: string]>([
    ['() => true', () => true, 'undefined'],
    ['() => false', () => false, 'object'],
    [
      '(accessToken, done) => done(null, true)',
      (_accessToken, done) => {
        done(null, true);
      },
      'undefined',
    ],
    [
      '(accessToken, done) => done(null, false)',
      (_accessToken, done) => {
        done(null, false);
      },
      'object',
    ],
    [
      '(accessToken, done), which gets the access token',
      (accessToken, done) => {
        done(null, /^\w{30}$/.test(accessToken));
      },
      'undefined',
    ],
  ])('decides whether there is a profile: %s', async (_form, skip, type) => {
    const page = await signInWith(skip);
    expect(JSON.parse(page.text)).toMatchObject({ user: { id: type } });
  });

  it.each<[string, Skip]>([
    [
      '() => throw',
      () => {
        throw new Error('no database');
      },
    ],
    [
      '(accessToken, done) => throw',
      (_accessToken, _done) => {
        throw new Error('no database');
      },
    ],
    [
      '(accessToken, done) => done(error)',
      (_accessToken, done) => {
        done(new Error('no database'));
      },
    ],
  ])('passes its error on: %s', async (_form, skip) => {
    expect((await signInWith(skip)).status).toBe(500);
    expect(site.app.errors).toEqual([new Error('no database')]);
  });

  it('throws ERR_ION_APP if it calls back after the timeout', async () => {
    expect((await signInWith(late)).status).toBe(500);
    expect(site.app.errors).toMatchObject([
      {
        code: 'ERR_ION_APP',
        message: expect.stringContaining('skipUserProfile did not finish within 200 ms') as string,
      },
    ]);
  });
});

describe('IonStrategy: an overridden userProfile', () => {
  class OwnProfile extends IonStrategy {
    constructor(
      options: IonStrategyOptions,
      readonly own: (done: (error?: unknown, profile?: never) => void) => unknown,
    ) {
      super(options, ({ profile }) => ({ id: (profile as { id: string }).id }));
    }
    override userProfile(
      _accessToken: string,
      done: (error?: unknown, profile?: never) => void,
    ): void {
      // Cast because an override may be async.
      return this.own(done) as undefined;
    }
  }

  const signInWith = (own: OwnProfile['own']): Promise<Page> =>
    site.startAndSignIn({ makeStrategy: (options) => new OwnProfile(options, own) });

  it.each<[string, OwnProfile['own']]>([
    [
      'calls back',
      (done) => {
        done(null, { id: 'own' } as never);
      },
    ],
    ['returns it', () => ({ id: 'own' })],
    ['is async', () => Promise.resolve({ id: 'own' })],
  ])('gives verify its own profile if it %s', async (_how, own) => {
    expect(JSON.parse((await signInWith(own)).text)).toMatchObject({ user: { id: 'own' } });
  });

  it('throws ERR_ION_APP if it returns none', async () => {
    const page = await signInWith((done) => {
      done(null);
    });
    expect(page.status).toBe(500);
    expect(site.app.errors).toMatchObject([
      {
        code: 'ERR_ION_APP',
        message: 'userProfile returned no profile, so nobody can be signed in',
      },
    ]);
  });
});
