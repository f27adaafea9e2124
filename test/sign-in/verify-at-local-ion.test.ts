// Tests verify, in each of its forms, in sign-ins at the local Ion.

import { IonStrategy } from 'passport-ion';
import type {
  IonStrategyOptions,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
} from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

describe('IonStrategy: verify', () => {
  it('gets profile, tokens and request in the short form', async () => {
    const page = await site.startAndSignIn({
      verify: ({ profile, tokens, req }) => {
        expect(profile).toMatchObject({ username: 'jteacher', userType: 'teacher', grade: null });
        expect(tokens).toEqual({
          accessToken: expect.stringMatching(/^\w{30}$/) as string,
          refreshToken: expect.stringMatching(/^\w{30}$/) as string,
          tokenType: 'Bearer',
          scope: ['read'],
          expiresAt: expect.any(Number) as number,
        });
        expect(req.originalUrl).toContain('/complete/ion/?');
        return { id: profile.id };
      },
    });
    expect(page.status).toBe(200);
  });

  it('can be async, and refuse the sign-in', async () => {
    const page = await site.startAndSignIn({ verify: (_signIn) => Promise.resolve(false) });
    expect(page.status).toBe(401);
  });

  it("gets the app's state back to the callback if it refuses too", async () => {
    const infos: unknown[] = [];
    await site.start({
      verify: ({ profile }) => (profile.isStudent ? false : { id: profile.id }),
      onSignIn: (_error, user, info) => {
        infos.push([user, info]);
        throw new Error('seen');
      },
    });
    const browser = new Browser();
    const request = await site.begin(browser, '/login?returnTo=/lunch');
    await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(infos).toEqual([[false, { state: { returnTo: '/lunch' } }]]);
  });

  it("passes what it throws to Express's error handling", async () => {
    const page = await site.startAndSignIn({
      verify: (_signIn) => Promise.reject(new Error('no database')),
    });
    expect(page.status).toBe(500);
    expect(site.app.errors).toEqual([new Error('no database')]);
  });

  const plain: VerifyFunction = (accessToken, refreshToken, profile, done) => {
    expect([accessToken, refreshToken]).toEqual([
      expect.stringMatching(/^\w{30}$/),
      expect.stringMatching(/^\w{30}$/),
    ]);
    done(null, { id: profile.id });
  };
  const withParams: VerifyFunctionWithParams = (_access, _refresh, params, profile, done) => {
    expect(params).toMatchObject({ expires_in: 36000, scope: 'read', token_type: 'Bearer' });
    done(null, { id: profile.id });
  };
  const withRequest: VerifyFunctionWithRequest = (req, _access, _refresh, profile, done) => {
    expect(req.path).toBe('/complete/ion/');
    done(null, { id: profile.id });
  };
  const withBoth: VerifyFunctionWithRequestAndParams = (req, _a, _r, params, profile, done) => {
    expect([req.path, params['expires_in']]).toEqual(['/complete/ion/', 36000]);
    done(null, { id: profile.id });
  };

  it.each<[string, (options: IonStrategyOptions) => IonStrategy]>([
    ['accessToken, refreshToken, profile, done', (options) => new IonStrategy(options, plain)],
    [
      'accessToken, refreshToken, params, profile, done',
      (options) => new IonStrategy(options, withParams),
    ],
    [
      'req, accessToken, refreshToken, profile, done',
      (options) => new IonStrategy({ ...options, passReqToCallback: true }, withRequest),
    ],
    [
      'req, accessToken, refreshToken, params, profile, done',
      (options) => new IonStrategy({ ...options, passReqToCallback: true }, withBoth),
    ],
  ])("takes %s in Passport's form", async (_form, makeStrategy) => {
    const page = await site.startAndSignIn({ makeStrategy });
    expect(site.app.errors).toEqual([]);
    expect(page.status).toBe(200);
  });
});
