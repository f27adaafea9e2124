// Tests the option skipUserProfile in each of its forms.

import type { IonStrategyOptions } from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import type { Page } from '../support/browser.js';

const site = useAppAtLocalIon();

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
    ['true', true, 'undefined'],
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
