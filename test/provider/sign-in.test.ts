// Tests sign-ins with the real django-oauth-toolkit.

import type { VerifySignIn } from 'passport-ion';

import { site, signIn, start, startWithoutSecret } from './app-at-django.js';

describe('a sign-in with django-oauth-toolkit', () => {
  it.each(['/complete/ion/', '/complete/ion'])('comes back to %s', async (callbackURL) => {
    const page = await signIn(await start({ callbackURL }));
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toMatchObject({ user: { name: 'Zoë Núñez-Łukasik' } });
  });

  it('gives verify the profile and the tokens', async () => {
    const verify: VerifySignIn = ({ profile, tokens }) => {
      expect(profile).toMatchObject({
        provider: 'ion',
        id: '3',
        username: '2028znunez',
        emails: [{ value: '2028znunez@tjhsst.edu' }],
        photos: [{ value: `${site.baseURL}/api/profile/3/picture` }],
        grade: { number: 11, name: 'junior' },
        counselor: { id: '1', username: 'cbravo', displayName: 'Carmen Bravo' },
      });
      expect(tokens).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
      return { id: profile.id };
    };
    const running = await start({}, verify);
    expect((await signIn(running)).status).toBe(200);
    expect(running.errors).toEqual([]);
  });

  it.each(['nonames', 'jteacher', '2020aalum', '2031incoming', '2029admin', '2030fresh'])(
    'takes the profile of %s',
    async (as) => {
      const page = await signIn(await start(), as);
      expect(page.status).toBe(200);
    },
  );

  it('needs no secret for a public client', async () => {
    expect((await signIn(await startWithoutSecret())).status).toBe(200);
  });

  it('fails if the person declines', async () => {
    const running = await start();
    expect((await signIn(running, '2027jdoe', 'Cancel')).status).toBe(401);
    expect(running.errors).toEqual([]);
  });

  it.each([
    ['a wrong secret', { clientSecret: 'wrong-secret' }, 'IonTokenError', 'invalid_client'],
    ['an unknown scope', { scope: 'lunch' }, 'IonAuthorizationError', 'invalid_scope'],
    ['openid, without OpenID Connect', { scope: 'openid' }, 'IonResponseError', 'ERR_ION_OPENID'],
  ])('with %s is an error that says so', async (_what, options, name, code) => {
    const running = await start(options);
    const page = await signIn(running);
    expect(running.errors).toMatchObject([{ name, code }]);
    expect(page.text).not.toContain('wrong-secret');
  });
});
