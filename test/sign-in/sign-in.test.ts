// Tests complete sign-ins over real sockets, with the local Ion.

import express4 from 'express4';
import express5 from 'express';

import { startLocalIon } from 'passport-ion/local-ion';

import { IonStrategy } from 'passport-ion';
import type {
  IonStrategyOptions,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
} from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { UserAgent } from '../support/user-agent.js';

const site = useAppAtLocalIon();

describe('IonStrategy, beginning a sign-in', () => {
  it('sends what Ion requires, a state and a PKCE challenge, and nothing else', async () => {
    const { url } = await site.start();
    const request = await site.begin(new UserAgent());
    expect(`${request.origin}${request.pathname}`).toBe(`${site.ion.baseURL}/oauth/authorize/`);
    expect(Object.fromEntries(request.searchParams)).toEqual({
      response_type: 'code',
      client_id: site.ion.clientID,
      redirect_uri: `${url}/complete/ion/`,
      scope: 'read',
      state: expect.stringMatching(/^[\w-]{32}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  it('takes scope, callbackURL, prompt and approvalPrompt from passport.authenticate', async () => {
    const callbackURL = 'https://elsewhere.example/complete/ion/';
    await site.start({
      authenticate: {
        scope: ['read', 'write'],
        callbackURL,
        prompt: 'login',
        approvalPrompt: 'auto',
      },
    });
    const { searchParams } = await site.begin(new UserAgent());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      scope: 'read write',
      redirect_uri: callbackURL,
      prompt: 'login',
      approval_prompt: 'auto',
    });
  });

  it.each([
    ['scope', { scope: 'read,write' }],
    ['callbackURL', { callbackURL: 'no path' }],
    ['prompt', { prompt: 'none' as 'login' }],
    ['approvalPrompt', { approvalPrompt: 'force' as 'auto' }],
  ])(
    'throws IonOptionError if %s of passport.authenticate cannot work',
    async (option, authenticate) => {
      const { url, errors } = await site.start({ authenticate });
      expect((await new UserAgent().get(`${url}/login`)).status).toBe(500);
      expect(errors).toMatchObject([{ code: 'ERR_ION_OPTION', option }]);
    },
  );
});

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('IonStrategy, on %s', (_name, express) => {
  it.each(['/complete/ion/', '/complete/ion'])(
    'signs in at the callback %s',
    async (callbackURL) => {
      const { url } = await site.start({
        express,
        strategy: site.strategyOptions({ callbackURL }),
      });
      const browser = new UserAgent();
      const request = await site.begin(browser);
      const callback = await site.ion.approve(request, { as: '2028znunez' });
      expect(new URL(callback).pathname).toBe(callbackURL);
      const page = await browser.get(callback);
      expect(page.status).toBe(200);
      expect(JSON.parse(page.text)).toMatchObject({ user: { name: 'Zoë Núñez-Łukasik' } });
      const whoami = await browser.get(`${url}/whoami`);
      expect(JSON.parse(whoami.text)).toMatchObject({ name: 'Zoë Núñez-Łukasik' });
    },
  );

  it("returns the app's state", async () => {
    await site.start({ express });
    const browser = new UserAgent();
    const request = await site.begin(browser, '/login?returnTo=/lunch');
    expect(request.href).not.toContain('lunch');
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(JSON.parse(page.text)).toMatchObject({ info: { state: { returnTo: '/lunch' } } });
  });

  it('works under a mount path, of an app or of a router', async () => {
    const { url } = await site.start({ express, mount: '/2027jdoe/auth' });
    const browser = new UserAgent();
    const request = await site.begin(browser, '/2027jdoe/auth/login');
    expect(request.searchParams.get('redirect_uri')).toBe(`${url}/2027jdoe/auth/complete/ion/`);
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
  });

  it('does not add the mount path to a callbackURL that begins with it', async () => {
    const callbackURL = '/auth/complete/ion/';
    const { url } = await site.start({
      express,
      mount: '/auth',
      strategy: site.strategyOptions({ callbackURL }),
    });
    const request = await site.begin(new UserAgent(), '/auth/login');
    expect(request.searchParams.get('redirect_uri')).toBe(`${url}/auth/complete/ion/`);
  });

  it('believes only a proxy that the app trusts', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'user.tjhsst.edu' };
    await site.start({
      express,
      before: (made) => made.set('trust proxy', 'loopback'),
    });
    const trusted = await site.begin(new UserAgent(forwarded));
    expect(trusted.searchParams.get('redirect_uri')).toBe('https://user.tjhsst.edu/complete/ion/');
    const wary = await site.start({ express });
    const refused = await site.begin(new UserAgent(forwarded));
    expect(refused.searchParams.get('redirect_uri')).toBe(`${wary.url}/complete/ion/`);
    await site.start({ express, strategy: site.strategyOptions({ proxy: true }) });
    const believed = await site.begin(new UserAgent(forwarded));
    expect(believed.searchParams.get('redirect_uri')).toBe('https://user.tjhsst.edu/complete/ion/');
  });
});

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
    const browser = new UserAgent();
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

  it('gets no profile if the app skips it', async () => {
    const strategy = site.strategyOptions({ skipUserProfile: true });
    const page = await site.startAndSignIn({
      strategy,
      verify: ({ profile }) => ({ id: typeof profile }),
    });
    expect(JSON.parse(page.text)).toMatchObject({ user: { id: 'undefined' } });
  });
});

describe('IonStrategy, with a local Ion at an IPv6 address', () => {
  it('signs people in', async () => {
    const six = await startLocalIon({ host: '::1' });
    const { clientID, clientSecret, baseURL } = six;
    await site.start({
      strategy: site.strategyOptions({ clientID, clientSecret, baseURL }),
    });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    const page = await browser.get(await six.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
    await six.stop();
  });
});

describe('IonStrategy, for a public client', () => {
  it('signs people in with only PKCE', async () => {
    const redirectURIs = ['http://127.0.0.1/complete/ion/'];
    const open = await startLocalIon({ applications: [{ clientID: 'public', redirectURIs }] });
    await site.start({
      strategy: { clientID: 'public', baseURL: open.baseURL, callbackURL: '/complete/ion/' },
    });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    const page = await browser.get(await open.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
    await open.stop();
  });
});

describe('IonStrategy, with the wrong client secret', () => {
  it('throws an error that says so and does not show the secret', async () => {
    await site.start({
      strategy: site.strategyOptions({ clientSecret: 'wrong-secret' }),
    });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(500);
    expect(JSON.parse(page.text)).toMatchObject({
      name: 'IonTokenError',
      code: 'invalid_client',
      message: expect.stringContaining('clientSecret') as string,
    });
    expect(page.text).not.toContain('wrong-secret');
  });
});

describe('IonStrategy, for an application that is not registered for OpenID Connect', () => {
  it.each([
    ['of the strategy', { scope: ['read', 'openid'] }, {}],
    ['of passport.authenticate', {}, { scope: 'openid' }],
  ])('throws ERR_ION_OPENID if the scope %s has openid', async (_whose, strategy, authenticate) => {
    await site.start({ strategy: site.strategyOptions(strategy), authenticate });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(500);
    expect(JSON.parse(page.text)).toMatchObject({
      name: 'IonResponseError',
      code: 'ERR_ION_OPENID',
      message: expect.stringContaining('leave openid out of scope') as string,
    });
  });

  it('does not blame openid for another kind of 500', async () => {
    await site.start();
    const browser = new UserAgent();
    const request = await site.begin(browser);
    const callback = await site.ion.approve(request, { as: '2027jdoe' });
    site.ion.failNext('token', { status: 500, body: '<h1>Server Error (500)</h1>' });
    expect(JSON.parse((await browser.get(callback)).text)).toMatchObject({
      code: 'ERR_ION_RESPONSE',
    });
  });
});

describe('IonStrategy, after a sign-in', () => {
  it('refreshes and revokes the tokens', async () => {
    const kept: Parameters<IonStrategy['refresh']>[0][] = [];
    const { strategy } = await site.start({
      verify: ({ profile, tokens }) => {
        kept.push(tokens);
        return { id: profile.id };
      },
    });
    const browser = new UserAgent();
    const request = await site.begin(browser);
    await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    const [old] = kept;
    if (!old) throw new Error('verify was not called');
    const fresh = await strategy.refresh(old);
    expect(fresh).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
    expect(fresh.accessToken).not.toBe(old.accessToken);
    expect(fresh.refreshToken).not.toBe(old.refreshToken);
    await expect(strategy.refresh(old)).rejects.toMatchObject({
      code: 'invalid_grant',
      status: 401,
    });
    await strategy.revoke(fresh);
    await expect(strategy.refresh(fresh)).rejects.toMatchObject({ code: 'invalid_grant' });
  });
});

describe('IonStrategy, with a callback', () => {
  it('by HEAD, leaves the code unused', async () => {
    const { url } = await site.start();
    const browser = new UserAgent();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2028znunez' });
    const cookie = [...browser.cookiesFor(url)].map((pair) => pair.join('=')).join('; ');
    const head = await fetch(callback, { method: 'HEAD', headers: { cookie }, redirect: 'manual' });
    expect(head.status).toBe(400);
    expect((await browser.get(`${url}/whoami`)).text).toBe('null');
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('whose error is not a plain word, fails and does not repeat it', async () => {
    const { url } = await site.start();
    const browser = new UserAgent();
    const state = (await site.begin(browser)).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: '<script>', state }).toString();
    const page = await browser.get(`${url}/complete/ion/?${query}`);
    expect(JSON.parse(page.text)).toMatchObject({ name: 'IonAuthorizationError' });
    expect(page.text).not.toContain('script');
  });

  it('that has only a state, refuses it, so that a proxy that drops the code makes no loop', async () => {
    const { url } = await site.start();
    const page = await new UserAgent().get(`${url}/complete/ion/?state=abc`);
    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  it.each(['state=abc', 'code=invite', 'error=1', 'code=a&code=b'])(
    'at another path, begins a sign-in: /login?%s',
    async (search) => {
      const { url } = await site.start();
      const request = await site.begin(new UserAgent(), `/login?${search}`);
      expect(request.searchParams.get('redirect_uri')).toBe(`${url}/complete/ion/`);
      expect(request.searchParams.get('state')).toMatch(/^[\w-]{32}$/);
    },
  );
});
