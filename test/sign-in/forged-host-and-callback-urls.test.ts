// Anyone can send a request with a Host of their choice. That Host must not decide where Ion sends another
// person's code.

import http = require('node:http');
import { once } from 'node:events';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import type { IonStrategyOptions } from 'passport-ion';

import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';

const LIVE_URL = 'https://lunch.example/complete/ion/';
const STAGING_URL = 'https://staging.lunch.example/complete/ion/';
const LOCAL_URL = 'http://localhost:3000/complete/ion/';

const environment = process.env['NODE_ENV'];
let ion: LocalIon;
let app: RunningApp;
const linesOfIon: string[] = [];

beforeAll(async () => {
  // Like many apps, this one has a single registration at Ion for production, staging, and development.
  const redirectURIs = [LIVE_URL, STAGING_URL, LOCAL_URL];
  ion = await startLocalIon({
    applications: [{ clientID: 'lunch', clientSecret: 'a-secret', redirectURIs }],
    log: (line) => linesOfIon.push(line),
  });
});
afterAll(() => ion.stop());
afterEach(async () => {
  process.env['NODE_ENV'] = environment ?? 'test';
  linesOfIon.splice(0);
  await app.stop();
});

/** Starts the app as it runs in production: behind a proxy on the same machine, which the app trusts. */
async function startBehindProxy(
  callbackURL: IonStrategyOptions['callbackURL'],
  nodeEnv = 'production',
): Promise<void> {
  process.env['NODE_ENV'] = nodeEnv;
  app = await startApp({
    strategy: { clientID: 'lunch', clientSecret: 'a-secret', baseURL: ion.baseURL, callbackURL },
    before: (made) => made.set('trust proxy', 'loopback'),
  });
}

interface ReceivedResponse {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** A browser, or a program that acts like one and can send any Host. */
class Client {
  #cookie = '';

  async get(path: string, headers: http.OutgoingHttpHeaders): Promise<ReceivedResponse> {
    const { hostname, port } = new URL(app.url);
    const cookie = this.#cookie === '' ? {} : { cookie: this.#cookie };
    const options = { hostname, port, path, agent: false, headers: { ...headers, ...cookie } };
    const request = http.get(options);
    // The cast is safe because the `response` event has one argument, an IncomingMessage.
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
    this.#cookie = response.headers['set-cookie']?.[0]?.split(';')[0] ?? this.#cookie;
    return { status: response.statusCode, location: response.headers.location, body };
  }

  /** Returns the user that the app sees in this browser, as its JSON from /whoami. */
  async user(): Promise<unknown> {
    return JSON.parse((await this.get('/whoami', LIVE)).body);
  }
}

/** The headers that the proxy sends for a browser that opened https://lunch.example. */
const LIVE = { host: 'lunch.example', 'x-forwarded-proto': 'https' };
/** The headers from someone who can reach the app's own port, without the proxy. */
const CHOSEN = { host: 'localhost:3000' };

/** Returns the path and query of a URL. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Expects that nothing was sent to Ion, and that the browser was not redirected there either. */
function expectRefused(response: ReceivedResponse, message: RegExp): void {
  expect(response).toMatchObject({ status: 421, location: undefined });
  expect(JSON.parse(response.body)).toMatchObject({
    code: 'ERR_ION_ORIGIN',
    message: expect.stringMatching(message) as string,
  });
  expect(linesOfIon).toEqual([]);
}

describe('IonStrategy.authenticate, when a sign-in begins with Host: localhost:3000', () => {
  it('signs the attacker in as the victim if callbackURL is a path, in development', async () => {
    await startBehindProxy('/complete/ion/', 'development');
    const attacker = new Client();
    const begun = await attacker.get('/login', CHOSEN);
    // The victim follows the attacker's link, and the code goes to whatever listens on their localhost:3000.
    const stolen = await ion.approve(begun.location ?? '', { as: '2028znunez' });
    expect(stolen).toMatch(/^http:\/\/localhost:3000\/complete\/ion\/\?/);
    await attacker.get(pathOf(stolen), CHOSEN);
    expect(await attacker.user()).toMatchObject({ name: 'Zoë Núñez-Łukasik' });
  });

  it('refuses it if callbackURL is a path, in production', async () => {
    await startBehindProxy('/complete/ion/');
    expectRefused(await new Client().get('/login', CHOSEN), /set callbackURL to the full URL/);
  });

  it.each(['production', 'development'])(
    'refuses it if callbackURL is a list without that host, in %s',
    async (name) => {
      await startBehindProxy([LIVE_URL], name);
      expectRefused(
        await new Client().get('/login', CHOSEN),
        /sent to http:\/\/localhost:3000, but callbackURL lists only URLs at https:\/\/lunch\.example;/,
      );
    },
  );

  it('refuses it if callbackURL is a list with that host, in production', async () => {
    await startBehindProxy([LIVE_URL, LOCAL_URL]);
    expectRefused(
      await new Client().get('/login', CHOSEN),
      /nobody is sent back to a loopback host/,
    );
  });

  it('uses callbackURL if that is a full URL', async () => {
    await startBehindProxy(LIVE_URL);
    const { location = '' } = await new Client().get('/login', CHOSEN);
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(LIVE_URL);
  });
});

describe('IonStrategy.authenticate, with a list of callback URLs', () => {
  it.each([
    ['by another host that is registered with Ion', { ...LIVE, host: 'staging.lunch.example' }],
    ['by plain http', { ...LIVE, 'x-forwarded-proto': 'http' }],
    ['by another port', { ...LIVE, host: 'lunch.example:8443' }],
    ['by X-Forwarded-Host', { ...LIVE, 'x-forwarded-host': 'localhost:3000' }],
  ])('refuses a sign-in that begins %s', async (_case, headers) => {
    await startBehindProxy([LIVE_URL]);
    expectRefused(await new Client().get('/login', headers), /add it to callbackURL/);
  });

  it.each([
    ['https://lunch.example', LIVE, LIVE_URL],
    ['https://staging.lunch.example', { ...LIVE, host: 'staging.lunch.example' }, STAGING_URL],
  ])('signs in at %s', async (_origin, headers, redirectURI) => {
    await startBehindProxy([LIVE_URL, STAGING_URL]);
    const person = new Client();
    const { location = '' } = await person.get('/login', headers);
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(redirectURI);
    const callback = await ion.approve(location, { as: '2028znunez' });
    expect(callback.startsWith(redirectURI)).toBe(true);
    expect(await person.get(pathOf(callback), headers)).toMatchObject({ status: 200 });
    expect(await person.user()).toMatchObject({ name: 'Zoë Núñez-Łukasik' });
  });

  it('lets the list of passport.authenticate override that of the strategy', async () => {
    app = await startApp({
      strategy: {
        clientID: 'lunch',
        clientSecret: 'a-secret',
        baseURL: ion.baseURL,
        callbackURL: '/complete/ion/',
      },
      authenticate: { callbackURL: [LIVE_URL] },
    });
    expectRefused(await new Client().get('/login', CHOSEN), /add it to callbackURL/);
  });

  it('refuses a callback at another origin, and leaves the code unused', async () => {
    await startBehindProxy([LIVE_URL]);
    const person = new Client();
    const { location = '' } = await person.get('/login', LIVE);
    const callback = await ion.approve(location, { as: '2028znunez' });
    linesOfIon.splice(0);
    expectRefused(await person.get(pathOf(callback), CHOSEN), /add it to callbackURL/);
    expect(await person.get(pathOf(callback), LIVE)).toMatchObject({ status: 200 });
  });
});
