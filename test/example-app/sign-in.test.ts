// Tests signing in to the example app with the local Ion, over real sockets.

import { people, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import type { AppOptions } from '../../example-app/src/app.js';
import { memoryStores } from '../../example-app/src/memory/stores.js';
import { Browser } from '../support/browser.js';
import { startExampleApp } from './app-in-this-process.js';
import { pressSignIn, signIn } from './steps.js';
import { buttonOf, headingOf } from './page-content.js';
import type { RunningApp } from './app-in-this-process.js';

let ion: LocalIon;
let app: RunningApp;
let browser: Browser;

beforeAll(async () => {
  const bobby = { ion_username: 'bobby', first_name: '<b>Bobby</b>', last_name: '"Tables" & co' };
  ion = await startLocalIon({ people: [...people, bobby] });
});
afterAll(() => ion.stop());
beforeEach(() => {
  browser = new Browser();
});
afterEach(() => app.stop());

async function start(options: Partial<AppOptions> = {}): Promise<void> {
  app = await startExampleApp(ion, options);
}

describe('a sign-in', () => {
  it.each(['/complete/ion/', '/complete/ion'])(
    'comes back to %s and shows who it is',
    async (path) => {
      await start({ callbackURL: path });
      const home = await browser.get(`${app.url}/`);
      expect(home.status).toBe(200);
      expect(buttonOf(home)).toBe('/login/ion');
      expect(home.text).not.toContain('Sign out');

      const callback = await ion.approve(await pressSignIn(browser, app), { as: '2028znunez' });
      expect(new URL(callback).pathname).toBe(path);
      const response = await browser.get(callback);
      expect(response.status).toBe(302);
      expect(response.location).toBe(`${app.url}/`);

      const page = await browser.get(`${app.url}/`);
      expect(headingOf(page)).toBe('You are signed in');
      expect(page.text).toContain('<dd>Zoë Núñez-Łukasik</dd>');
      expect(page.text).toContain('<dd>2028znunez</dd>');
      expect(page.text).toContain('<dd>2028</dd>');
      expect(page.text).toContain('src="/picture"');
      expect(page.text).toContain('Sign out');
      expect(app.log).toEqual([]);
    },
  );

  it('leaves no code and no token on any page, in any header, or in any cookie', async () => {
    const stores = memoryStores('a-secret-of-thirty-two-characters');
    await start({ stores });
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    const responses = [
      await browser.get(callback),
      await browser.get(`${app.url}/`),
      await browser.get(`${app.url}/today`),
      await browser.get(`${app.url}/nothing`),
    ];
    const id = people.find(({ ion_username }) => ion_username === '2027jdoe')?.id;
    const tokens = await stores.tokens.load(String(id));
    const secrets = [
      new URL(callback).searchParams.get('code'),
      tokens?.accessToken,
      tokens?.refreshToken,
    ];
    const received = responses.map(({ text, headers }) => `${text}\n${[...headers].join('\n')}`);
    for (const secret of secrets) {
      expect(secret).toMatch(/^\w{30}$/);
      expect(received.join('\n')).not.toContain(secret);
    }
  });

  it.each([
    ['cbravo', ['Carmen Bravo', 'cbravo', 'Counselor']],
    ['jteacher', ['José O&#39;Teach', 'jteacher', 'Teacher']],
    ['nonames', ['nonames', 'nonames', 'Student']],
    ['2024sali', ['Samira Ali', '2024sali', 'Alum', '2024']],
    ['bobby', ['&lt;b&gt;Bobby&lt;/b&gt; &quot;Tables&quot; &amp; co', 'bobby', 'Student']],
  ])('shows who %s is, with the name as text', async (as, facts) => {
    await start();
    const page = await signIn(browser, app, ion, as);
    expect([...page.text.matchAll(/<dd>(.*)<\/dd>/g)].map(([, fact]) => fact)).toEqual(facts);
  });

  it('starts a new session', async () => {
    await start();
    await signIn(browser, app, ion, '2027jdoe');
    const before = browser.cookiesFor(app.url).get('ion-example.session');
    await signIn(browser, app, ion, '2027jdoe');
    const after = browser.cookiesFor(app.url).get('ion-example.session');
    expect(before).toMatch(/^s%3A/);
    expect(after).toMatch(/^s%3A/);
    expect(after).not.toBe(before);
  });

  it.each([
    ['a day without a visit', 25, 1],
    ['thirty days, however often they visit', 23, 32],
  ])('lasts at most %s', async (_howLong, hoursBetween, visits) => {
    await start();
    await signIn(browser, app, ion, '2027jdoe');
    const begin = Date.now();
    const now = jest.spyOn(Date, 'now');
    const daysSignedIn = [];
    for (let visit = 1; visit <= visits; visit += 1) {
      const hours = visit * hoursBetween;
      now.mockReturnValue(begin + hours * 60 * 60 * 1000);
      const { text } = await browser.get(`${app.url}/`);
      if (text.includes('Jane Doe')) daysSignedIn.push(hours / 24);
    }
    const last = daysSignedIn.at(-1) ?? 0;
    expect(last).toBeLessThan(30);
    expect(daysSignedIn).toHaveLength(visits - 1);
  });

  it('creates no session while the person is at Ion, no matter how many visitors begin one', async () => {
    const stores = memoryStores('a-secret-of-thirty-two-characters');
    const create = jest.spyOn(stores.sessions, 'set');
    await start({ stores });
    for (let visitors = 0; visitors < 20; visitors += 1) {
      const visitor = new Browser();
      const callback = await ion.deny(await pressSignIn(visitor, app), { as: '2027jdoe' });
      await visitor.get(callback);
      await visitor.get(`${app.url}/`);
      expect(visitor.cookiesFor(app.url).get('ion-example.session')).toBeUndefined();
    }
    expect(create).not.toHaveBeenCalled();
    await signIn(browser, app, ion, '2027jdoe');
    expect(create).toHaveBeenCalled();
  });

  it('succeeds in two tabs at the same time, in either order', async () => {
    await start();
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const person = new Browser();
      const requests = [
        await pressSignIn(person, app, '?returnTo=/today'),
        await pressSignIn(person, app, '?returnTo=/'),
      ];
      for (const tab of order) {
        const callback = await ion.approve(requests[tab] ?? '', { as: '2027jdoe' });
        const { location } = await person.get(callback);
        expect(location).toBe(`${app.url}${['/today', '/'][tab]}`);
      }
    }
  });

  it('by someone else in the same browser replaces the previous one', async () => {
    await start();
    await signIn(browser, app, ion, '2027jdoe');
    const page = await signIn(browser, app, ion, '2028znunez');
    expect(page.text).toContain('Zoë');
    expect(page.text).not.toContain('Jane');
  });
});

describe('a page that needs a sign-in', () => {
  it('sends the person to Ion, and is where they end up', async () => {
    await start();
    const { status, location } = await browser.get(`${app.url}/today?x=1&y=2`);
    expect(status).toBe(302);
    expect(location).toBe(`${app.url}/login/ion?returnTo=%2Ftoday%3Fx%3D1%26y%3D2`);
    const page = await signIn(browser, app, ion, '2027jdoe', new URL(location ?? '').search);
    expect(page.url).toBe(`${app.url}/today?x=1&y=2`);
    expect(headingOf(page)).toBe('Today');
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
    '/.//evil.example',
  ])('is not %s, no matter who made the link', async (returnTo) => {
    await start();
    const query = `?returnTo=${encodeURIComponent(returnTo)}`;
    const callback = await ion.approve(await pressSignIn(browser, app, query), { as: '2027jdoe' });
    const { headers } = await browser.get(callback);
    expect(headers.get('location')).toMatch(/^\/(%09\/evil\.example)?$/);
  });

  it('is the home page if the link names several', async () => {
    await start();
    const page = await signIn(browser, app, ion, '2027jdoe', '?returnTo=/today&returnTo=/x');
    expect(page.url).toBe(`${app.url}/`);
  });
});

describe('a sign-in that fails', () => {
  it('because the person declined, has a page that leads to where they were going', async () => {
    await start();
    const callback = await ion.deny(await pressSignIn(browser, app, '?returnTo=/today'), {
      as: '2027jdoe',
    });
    const page = await browser.get(callback);
    expect(page.status).toBe(401);
    expect(headingOf(page)).toBe('You are not signed in');
    expect(page.text).toContain('If you pressed Cancel, that is why.');
    expect(buttonOf(page)).toBe('/login/ion?returnTo=%2Ftoday');
    expect((await browser.get(`${app.url}/`)).text).not.toContain('Sign out');
  });

  it('because it began in another browser, has a page', async () => {
    await start();
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    const page = await new Browser().get(callback);
    expect(page.status).toBe(403);
    expect(headingOf(page)).toBe('This sign-in is over');
    expect(buttonOf(page)).toBe('/login/ion?returnTo=%2F');
  });

  it('because it is already finished, leads a signed-in person to their page', async () => {
    await start();
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    await browser.get(callback);
    const page = await browser.get(callback);
    expect(page.status).toBe(302);
    expect(page.location).toBe(`${app.url}/`);
    expect((await browser.get(`${app.url}/`)).text).toContain('Jane Doe');
  });

  it.each(['code=a&code=b&state=s', 'code[x]=1&state=s', 'code=a%00b&state=s', 'state=s'])(
    'because the callback contains %s, has a page',
    async (query) => {
      await start();
      const page = await browser.get(`${app.url}/complete/ion/?${query}`);
      expect(page.status).toBe(400);
      expect(headingOf(page)).toBe('This is not a response from Ion');
    },
  );

  it('because Ion refuses the app, logs the reason but does not show it to the visitor', async () => {
    const { clientID, baseURL } = ion;
    await start({ ion: { clientID, clientSecret: 'the-wrong-secret', baseURL } });
    const callback = await ion.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    const page = await browser.get(callback);
    expect(page.status).toBe(500);
    expect(headingOf(page)).toBe('No one can sign in right now');
    expect(page.text).not.toMatch(/invalid_client|secret/i);
    expect(app.log).toEqual([
      expect.stringMatching(
        /^GET \/complete\/ion\/ 500 invalid_client Ion refused .*clientSecret/,
      ) as string,
    ]);
    expect(app.log.join()).not.toContain('the-wrong-secret');
    expect(app.log.join()).not.toContain(new URL(callback).searchParams.get('code'));
  });

  it.each([
    ['token', { status: 503, body: '<h1>Maintenance</h1>' }, 503],
    ['token', { status: 500, body: '<h1>Server Error</h1>' }, 502],
    ['token', { drop: 'mid-body' }, 502],
    ['profile', { status: 503, body: '<h1>Maintenance</h1>' }, 503],
    ['profile', { status: 200, body: 'null' }, 502],
  ] as const)(
    "because Ion's %s endpoint does %j, has a page",
    async (endpoint, failure, status) => {
      await start();
      const request = await pressSignIn(browser, app, '?returnTo=/today');
      const callback = await ion.approve(request, { as: '2027jdoe' });
      ion.failNext(endpoint, failure);
      const page = await browser.get(callback);
      expect(page.status).toBe(status);
      expect(headingOf(page)).toBe('Ion is not responding');
      expect(buttonOf(page)).toBe('/login/ion?returnTo=%2Ftoday');
      expect((await signIn(browser, app, ion, '2027jdoe')).text).toContain('Jane Doe');
    },
  );

  it('because Ion cannot be reached, has a page', async () => {
    const other = await startLocalIon();
    app = await startExampleApp(other);
    const callback = await other.approve(await pressSignIn(browser, app), { as: '2027jdoe' });
    await other.stop();
    const page = await browser.get(callback);
    expect(page.status).toBe(502);
    expect(headingOf(page)).toBe('Ion is not responding');
  });
});
