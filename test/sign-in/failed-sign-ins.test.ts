// Tests sign-ins that fail because the callback is refused or because Ion sends an error.

import { expressSession } from '../support/app.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

/** The lines of Ion's log, one for each request that it received. */
let log: string[];
const site = useAppAtLocalIon({ log: (line) => log.push(line) });

beforeEach(() => {
  log = [];
});

describe('IonStrategy, with a callback for a sign-in that is not in flight in this session', () => {
  const refused = async (browser: Browser, callback: string): Promise<void> => {
    log = [];
    expect((await browser.get(callback)).status).toBe(403);
    expect(log).toEqual([]);
  };

  it('fails with 403 if it was used, and sends nothing to Ion', async () => {
    await site.start();
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    await browser.get(callback);
    await refused(browser, callback);
  });

  it('fails with 403 if it began in another browser', async () => {
    await site.start();
    const attacker = new Browser();
    const callback = await site.ion.approve(await site.begin(attacker), { as: '2027jdoe' });
    await refused(new Browser(), callback);
  });

  it.each(['', '&state=unknown', '&state=__proto__'])(
    'fails with 403 for the state %j',
    async (state) => {
      await site.start();
      const browser = new Browser();
      await site.begin(browser);
      await refused(browser, `${site.app.url}/complete/ion/?code=abc${state}`);
    },
  );

  it('fails with 403 if it began more than ten minutes ago', async () => {
    await site.start();
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 10 * 60 * 1000 + 1);
    await refused(browser, callback);
  });

  it('fails with 403 for a forged error too', async () => {
    await site.start();
    const browser = new Browser();
    const request = await site.begin(browser);
    await refused(browser, `${site.app.url}/complete/ion/?error=server_error&state=forged`);
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
  });
});

describe('IonStrategy, with an error from Ion', () => {
  it('fails with 401 if the person declined', async () => {
    await site.start({ authenticate: { failWithError: true } });
    const browser = new Browser();
    const page = await browser.get(
      await site.ion.deny(await site.begin(browser), { as: '2027jdoe' }),
    );
    expect(page.status).toBe(401);
    expect(site.app.errors).toMatchObject([{ name: 'AuthenticationError' }]);
  });

  it('follows failureRedirect with a message that says why', async () => {
    const sessions = expressSession();
    await site.start({
      authenticate: { failureRedirect: '/sorry', failureMessage: true },
      before: (made) => {
        made.get('/sorry', sessions, (req, res) => {
          res.json((req.session as { messages?: string[] }).messages ?? null);
        });
      },
      session: sessions,
    });
    const browser = new Browser();
    const page = await browser.get(
      await site.ion.deny(await site.begin(browser), { as: '2027jdoe' }),
    );
    expect(page).toMatchObject({ status: 302, location: `${site.app.url}/sorry` });
    const sorry = await browser.get(page.location ?? '');
    expect(JSON.parse(sorry.text)).toEqual([
      'Ion did not sign you in: you declined, or the page at Ion could not run its script. Try again.',
    ]);
  });

  it("throws IonAuthorizationError with Ion's code for any other error", async () => {
    await site.start({ authenticate: { scope: 'nonsense' } });
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2027jdoe' });
    expect(new URL(callback).searchParams.get('error')).toBe('invalid_scope');
    const page = await browser.get(callback);
    expect(page.status).toBe(500);
    expect(site.app.errors).toMatchObject([
      { name: 'IonAuthorizationError', code: 'invalid_scope' },
    ]);
  });
});

describe('IonStrategy, with a callback that Ion cannot have sent', () => {
  const malformed = [
    'code=a&code=b&state=S',
    'code[x]=1&state=S',
    'code[]=1&state=S',
    'code%5Bx%5D=1&state=S',
    'code=a%00b&state=S',
    'code=a%0d%0ab&state=S',
    'code=&state=S',
    'code=%ff&state=S',
    `code=${'a'.repeat(2000)}&state=S`,
    'code=a&state=S&state=S',
    'code=a&state[x]=S',
    'code=a&error=access_denied&state=S',
    'error=a&error=b&state=S',
    'error=a&error_description=a%00&state=S',
    'state=S',
    'state=',
  ];

  describe.each(['extended', 'simple', false] as const)('with query parser %j', (parser) => {
    it.each(malformed)('fails with 400: %s', async (query) => {
      await site.start({ before: (made) => made.set('query parser', parser) });
      const browser = new Browser();
      const state = (await site.begin(browser)).searchParams.get('state') ?? '';
      log = [];
      const filled = query.replaceAll('=S', `=${state}`);
      expect((await browser.get(`${site.app.url}/complete/ion/?${filled}`)).status).toBe(400);
      expect(log).toEqual([]);
    });

    it('signs in from a good callback', async () => {
      await site.start({ before: (made) => made.set('query parser', parser) });
      const browser = new Browser();
      const page = await browser.get(
        await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }),
      );
      expect(page.status).toBe(200);
    });
  });

  it('begins a sign-in if the callback has none of the parameters', async () => {
    await site.start();
    const page = await new Browser().get(`${site.app.url}/complete/ion/?utm_source=mail`);
    expect(page.status).toBe(302);
    expect(page.location).toContain('/oauth/authorize/?');
  });
});

describe('the callback of passport.authenticate, if a sign-in fails,', () => {
  interface Failure {
    readonly user: unknown;
    readonly info: { readonly code?: string; readonly message?: string };
    readonly status: number | undefined;
  }

  /** What Passport passed to the app's callback: one entry for each call. */
  let calls: Failure[];

  async function startAndCollect(): Promise<void> {
    calls = [];
    await site.start({
      onSignIn: (error, user, info, status) => {
        if (error) throw error as Error;
        // Cast because Passport's types do not say which info and status a strategy fails with.
        calls.push({ user, info: info as Failure['info'], status: status as Failure['status'] });
      },
    });
  }
  beforeEach(startAndCollect);

  /**
   * Sends the browser to the callback URL, and waits until Passport calls the app's callback. The browser
   * gets no response.
   */
  async function failureAt(browser: Browser, url: string): Promise<Failure | undefined> {
    void browser.get(url).catch(() => undefined);
    while (calls.length === 0) await new Promise(setImmediate);
    return calls[0];
  }

  it('gets ERR_ION_STATE and 403 for a callback without a sign-in in this browser', async () => {
    const url = `${site.app.url}/complete/ion/?code=a-code&state=unknown`;
    expect(await failureAt(new Browser(), url)).toMatchObject({
      user: false,
      status: 403,
      info: { code: 'ERR_ION_STATE', message: expect.stringContaining('start') as string },
    });
  });

  it('gets a message about sessions in another process if the cookie came back', async () => {
    const browser = new Browser();
    const callback = new URL(await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }));
    const cookie = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('=')).join('; ');
    await startAndCollect(); // with a new MemoryStore
    const url = site.app.url + callback.pathname + callback.search;
    const failure = await failureAt(new Browser({ cookie }), url);
    expect(failure?.info).toMatchObject({ code: 'ERR_ION_STATE', reason: 'unknown' });
    expect(failure?.info.message).toContain('CookieStateStore');
  });

  it('gets ERR_ION_CALLBACK and 400 for a callback that Ion cannot have sent', async () => {
    const url = `${site.app.url}/complete/ion/?state=only`;
    expect(await failureAt(new Browser(), url)).toMatchObject({
      user: false,
      status: 400,
      info: { code: 'ERR_ION_CALLBACK', message: expect.any(String) as string },
    });
  });

  // The strategy leaves the status out, so Passport responds with 401.
  it('gets access_denied and no status for a sign-in that was not approved at Ion', async () => {
    const browser = new Browser();
    const { location = '' } = await browser.get(`${site.app.url}/login`);
    const back = await site.ion.deny(location, { as: '2027jdoe' });
    expect(await failureAt(browser, back)).toMatchObject({
      user: false,
      status: undefined,
      info: { code: 'access_denied', message: expect.any(String) as string },
    });
  });
});

describe('IonStrategy, with the wrong client secret', () => {
  it('throws an error that says so and does not show the secret', async () => {
    await site.start({
      strategy: site.strategyOptions({ clientSecret: 'wrong-secret' }),
    });
    const browser = new Browser();
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
    const browser = new Browser();
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
    const browser = new Browser();
    const request = await site.begin(browser);
    const callback = await site.ion.approve(request, { as: '2027jdoe' });
    site.ion.failNext('token', { status: 500, body: '<h1>Server Error (500)</h1>' });
    expect(JSON.parse((await browser.get(callback)).text)).toMatchObject({
      code: 'ERR_ION_RESPONSE',
    });
  });
});
