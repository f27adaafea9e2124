// Tests the strategy and its tokens with the real django-oauth-toolkit.

import { IonStrategy } from 'passport-ion';
import type { IonAPI, IonStrategyOptions, IonTokens, VerifySignIn } from 'passport-ion';

import { Ion, Person } from '../local-ion/contract/support/provider-client.js';
import { DAY } from '../local-ion/contract/support/provider.js';
import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';
import type { Page } from '../support/user-agent.js';
import { startDjangoProvider } from './django-provider.js';
import type { DjangoProvider } from './django-provider.js';

// For a loopback redirect URI that was registered without a port, Ion accepts any port.
const redirectURIs = ['http://127.0.0.1/complete/ion/', 'http://127.0.0.1/complete/ion'];
const registered = {
  name: 'The app',
  clientID: 'the-app'.padEnd(40, 'x'),
  clientSecret: 'the-app-secret'.padEnd(128, 'x'),
  redirectURIs,
};
const withoutSecret = { name: 'Public', clientID: 'public-app'.padEnd(40, 'x'), redirectURIs };

let site: DjangoProvider;
let app: RunningApp | undefined;

beforeEach(async () => {
  site = await startDjangoProvider({ applications: [registered, withoutSecret] });
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  await site.stop();
});

async function start(
  strategy: Partial<IonStrategyOptions> = {},
  verify?: VerifySignIn,
): Promise<RunningApp> {
  app = await startApp({
    strategy: { ...usualOptions(), ...strategy },
    ...(verify ? { verify } : {}),
  });
  return app;
}

function usualOptions(): IonStrategyOptions {
  const { clientID, clientSecret } = registered;
  return { clientID, clientSecret, baseURL: site.baseURL, callbackURL: '/complete/ion/' };
}

/** Goes through a complete sign-in, and returns the page of the app that it ends on. */
async function signIn(
  { url }: RunningApp,
  as = '2028znunez',
  choice: 'Authorize' | 'Cancel' = 'Authorize',
): Promise<Page> {
  const person = new Person(site, as);
  const { location = '' } = await person.browser.get(`${url}/login`);
  const request = Object.fromEntries(new URL(location).searchParams);
  const back = await person.authorize(request, choice);
  return person.browser.get(back.location ?? '');
}

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
    const { clientID } = withoutSecret;
    const { baseURL } = site;
    app = await startApp({ strategy: { clientID, baseURL, callbackURL: '/complete/ion/' } });
    expect((await signIn(app)).status).toBe(200);
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

describe('tokens of django-oauth-toolkit', () => {
  /** Signs a person in, and returns the tokens. */
  async function tokensOf(as = '2028znunez'): Promise<{ app: RunningApp; tokens: IonTokens }> {
    const kept: IonTokens[] = [];
    const running = await start({}, ({ profile, tokens }) => {
      kept.push(tokens);
      return { id: profile.id };
    });
    await signIn(running, as);
    const [tokens] = kept;
    if (!tokens) throw new Error(`There was no sign-in: ${String(running.errors)}`);
    return { app: running, tokens };
  }

  /** Returns a token store that records what is saved in it. */
  function storeOf(tokens: IonTokens): {
    load: () => Promise<IonTokens>;
    save: (fresh: IonTokens) => Promise<void>;
    saved: IonTokens[];
  } {
    const saved: IonTokens[] = [];
    return {
      saved,
      load: () => Promise.resolve(saved.at(-1) ?? tokens),
      save: (fresh) => {
        saved.push(fresh);
        return Promise.resolve();
      },
    };
  }

  it('are refreshed, and the old pair is dead', async () => {
    const { app, tokens } = await tokensOf();
    const fresh = await app.strategy.refresh(tokens);
    expect(fresh).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
    const ion = new Ion(site);
    expect((await ion.api(tokens.accessToken)).status).toBe(403);
    expect((await ion.api(fresh.accessToken)).status).toBe(200);
    await expect(app.strategy.refresh(tokens)).rejects.toMatchObject({
      name: 'IonTokenError',
      code: 'invalid_grant',
      status: 401,
    });
    expect((await ion.api(fresh.accessToken)).status).toBe(200);
  });

  it('are both revoked by one call, and may be revoked again', async () => {
    const { app, tokens } = await tokensOf();
    await app.strategy.revoke(tokens);
    expect((await new Ion(site).api(tokens.accessToken)).status).toBe(403);
    await expect(app.strategy.refresh(tokens)).rejects.toMatchObject({ code: 'invalid_grant' });
    await app.strategy.revoke(tokens);
  });

  it('are refreshed once for a hundred requests that find them dead', async () => {
    const { app, tokens } = await tokensOf();
    await site.advance(DAY);
    const store = storeOf(tokens);
    const api = app.strategy.api(store);
    const profiles = await Promise.all(Array.from({ length: 100 }, () => api.profile()));
    expect(profiles.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, () => '3'));
    expect(store.saved).toHaveLength(1);
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('are refreshed before the request once they have expired', async () => {
    const { app, tokens } = await tokensOf();
    const store = storeOf({ ...tokens, expiresAt: Date.now() - 1 });
    expect((await app.strategy.api(store).profile()).id).toBe('3');
    expect(store.saved).toHaveLength(1);
    expect(await site.countRefreshTokens()).toBe(2);
    expect((await new Ion(site).api(tokens.accessToken)).status).toBe(403);
  });

  it('may be refreshed by four processes at the same moment, and by no process later', async () => {
    const { app, tokens } = await tokensOf();
    // A strategy sends a single request for all simultaneous calls, so each process has its own strategy here.
    const strategies = [1, 2, 3, 4].map(
      () => new IonStrategy(usualOptions(), ({ profile }) => ({ id: profile.id })),
    );
    const refresh = (): Promise<IonTokens> => app.strategy.refresh(tokens);
    const [one, ...others] = await site.overlapping(
      strategies.map((strategy) => () => strategy.refresh(tokens)),
    );
    if (!one) throw new Error('Nobody got tokens');
    for (const other of others) {
      expect([other.accessToken, other.refreshToken]).toEqual([one.accessToken, one.refreshToken]);
    }
    await expect(refresh()).rejects.toMatchObject({ code: 'invalid_grant' });
    const next = await app.strategy.refresh(one);
    await expect(app.strategy.refresh(one)).rejects.toMatchObject({ code: 'invalid_grant' });
    expect((await app.strategy.api(next).profile()).id).toBe('3');
  });

  it('are looked for in the store if a refresh comes too late', async () => {
    const { app, tokens } = await tokensOf();
    const refreshed = await app.strategy.refresh(tokens);
    const seen: IonTokens[] = [];
    const late = app.strategy.api({
      // Acts as if another process saved its new tokens only after this process has tried to refresh.
      load: () => {
        const stored = seen.length < 2 ? tokens : refreshed;
        seen.push(stored);
        return stored;
      },
      save: () => {
        throw new Error('There is nothing to save');
      },
    });
    expect((await late.profile()).id).toBe('3');
    expect(seen.map((each) => each === refreshed)).toEqual([false, false, true]);
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('survive a lock of the account, and can still be refreshed', async () => {
    const { app, tokens } = await tokensOf();
    await site.lock('2028znunez', true);
    const store = storeOf(tokens);
    const api = app.strategy.api(store);
    expect((await api.profile()).id).toBe('3');
    await site.advance(DAY);
    expect((await api.profile()).id).toBe('3');
    expect(store.saved).toHaveLength(1);
    await expect(signIn(app)).rejects.toThrow();
  });

  it('are those of the other process if it came first', async () => {
    const { app, tokens } = await tokensOf();
    const store = storeOf(tokens);
    const mine = app.strategy.api(store);
    await mine.profile();
    await store.save(await app.strategy.refresh(tokens));
    expect((await mine.profile()).id).toBe('3');
    expect(await site.countRefreshTokens()).toBe(2);
  });

  it('still work, without a scope, after only the access token was revoked', async () => {
    const { app, tokens } = await tokensOf();
    const { accessToken, tokenType, scope } = tokens;
    await app.strategy.revoke({ accessToken, tokenType, scope });
    const store = storeOf(tokens);
    expect((await app.strategy.api(store).profile()).id).toBe('3');
    expect(store.saved).toMatchObject([{ scope: [] }]);
  });

  it('end in an error that says to sign in again, if all are revoked', async () => {
    const { app, tokens } = await tokensOf();
    await app.strategy.revoke(tokens);
    await expect(app.strategy.api(tokens).profile()).rejects.toMatchObject({
      name: 'IonSignInRequiredError',
    });
  });
});

describe('the API of the Django site', () => {
  async function apiOf(as?: string): Promise<IonAPI> {
    const kept: IonTokens[] = [];
    const running = await start({}, ({ profile, tokens }) => {
      kept.push(tokens);
      return { id: profile.id };
    });
    await signIn(running, as);
    const [tokens] = kept;
    if (!tokens) throw new Error(`There was no sign-in: ${String(running.errors)}`);
    return running.strategy.api(tokens);
  }

  it('gives the schedule, announcements page by page, the profile and a picture', async () => {
    const api = await apiOf();
    expect(await api.get('/schedule')).toMatchObject({ results: [{ date: '2026-11-24' }] });
    const titles: unknown[] = [];
    for await (const { title } of api.pages<{ title: string }>('/announcements'))
      titles.push(title);
    expect(titles).toHaveLength(53);
    expect(titles.slice(0, 2)).toEqual(['Lunch', 'Ünïcödé']);
    const dates: unknown[] = [];
    for await (const { date } of api.pages<{ date: string }>('/schedule')) dates.push(date);
    expect(dates).toHaveLength(14);
    expect((await api.profile()).displayName).toBe('Zoë Núñez-Łukasik');
    const picture = await api.picture();
    expect(picture.contentType).toBe('image/jpeg');
    // If a person has no photo, Ion sends a PNG labeled as JPEG, so the library looks at the bytes.
    expect((await api.picture('nonames')).contentType).toBe('image/png');
  });

  it.each([
    ['2028znunez', '/profile/nobody', { ionStatus: 404 }],
    ['2020aalum', '/announcements', { ionStatus: 403 }],
    ['2028znunez', '/schedule/tomorrow', { ionStatus: 400 }],
  ])('refuses %s %s, and the token stays good', async (as, path, error) => {
    const api = await apiOf(as);
    await expect(api.get(path)).rejects.toMatchObject({ name: 'IonAPIError', ...error });
    expect((await api.profile()).username).toBe(as);
    expect(await site.countRefreshTokens()).toBe(1);
  });
});
