// Tests complete sign-ins over real sockets, with the local Ion.

import express4 from 'express4';
import express5 from 'express';

import { startLocalIon } from 'passport-ion/local-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

describe('IonStrategy, beginning a sign-in', () => {
  it('sends what Ion requires, a state and a PKCE challenge, and nothing else', async () => {
    const { url } = await site.start();
    const request = await site.begin(new Browser());
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
    const { searchParams } = await site.begin(new Browser());
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
      expect((await new Browser().get(`${url}/login`)).status).toBe(500);
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
      const browser = new Browser();
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
    const browser = new Browser();
    const request = await site.begin(browser, '/login?returnTo=/lunch');
    expect(request.href).not.toContain('lunch');
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(JSON.parse(page.text)).toMatchObject({ info: { state: { returnTo: '/lunch' } } });
  });

  it('works under a mount path, of an app or of a router', async () => {
    const { url } = await site.start({ express, mount: '/2027jdoe/auth' });
    const browser = new Browser();
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
    const request = await site.begin(new Browser(), '/auth/login');
    expect(request.searchParams.get('redirect_uri')).toBe(`${url}/auth/complete/ion/`);
  });

  it('believes only a proxy that the app trusts', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'user.tjhsst.edu' };
    await site.start({
      express,
      before: (made) => made.set('trust proxy', 'loopback'),
    });
    const trusted = await site.begin(new Browser(forwarded));
    expect(trusted.searchParams.get('redirect_uri')).toBe('https://user.tjhsst.edu/complete/ion/');
    const wary = await site.start({ express });
    const refused = await site.begin(new Browser(forwarded));
    expect(refused.searchParams.get('redirect_uri')).toBe(`${wary.url}/complete/ion/`);
    await site.start({ express, strategy: site.strategyOptions({ proxy: true }) });
    const believed = await site.begin(new Browser(forwarded));
    expect(believed.searchParams.get('redirect_uri')).toBe('https://user.tjhsst.edu/complete/ion/');
  });
});

describe('IonStrategy, with a local Ion at an IPv6 address', () => {
  it('signs people in', async () => {
    const six = await startLocalIon({ host: '::1' });
    const { clientID, clientSecret, baseURL } = six;
    await site.start({
      strategy: site.strategyOptions({ clientID, clientSecret, baseURL }),
    });
    const browser = new Browser();
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
    const browser = new Browser();
    const request = await site.begin(browser);
    const page = await browser.get(await open.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
    await open.stop();
  });
});
