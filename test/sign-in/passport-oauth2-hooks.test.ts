// Tests the methods that an app may override, as with any strategy based on passport-oauth2:
// getOAuthAccessToken and userProfile.

import { IonStrategy } from 'passport-ion';
import type { IonStrategyOptions } from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import type { Page } from '../support/browser.js';

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
