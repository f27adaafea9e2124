// Tests that beginning a sign-in opens a connection to Ion, which is ready once the person comes back.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { ConnectAheadAgent } from '../../lib/http/agent.js';
import { rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawServer } from '../support/raw-server.js';
import { Browser } from '../support/browser.js';
import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';

const CERTIFICATES = join(__dirname, '../support/certificates');
const cert = readFileSync(join(CERTIFICATES, 'good.pem'));
const key = readFileSync(join(CERTIFICATES, 'key.pem'));

const responses: Readonly<Record<string, string>> = {
  '/oauth/token/': '{"access_token":"a-token","token_type":"Bearer"}',
  '/api/profile': '{"id":1234,"ion_username":"2027jdoe"}',
};

let ion: RawServer;
let app: RunningApp;
let agent: ConnectAheadAgent;

beforeEach(async () => {
  ion = await startRawServer(
    (socket, { path }) => socket.write(rawResponse(responses[path] ?? '')),
    {
      key,
      cert,
    },
  );
  agent = new ConnectAheadAgent({ keepAlive: true, ca: cert });
  const credentials = { clientID: 'an-id', clientSecret: 'a-secret', baseURL: ion.url };
  app = await startApp({ strategy: { ...credentials, callbackURL: '/complete/ion/' } });
  app.strategy._oauth2.setAgent(agent);
});
afterEach(async () => {
  agent.destroy();
  await app.stop();
});

/** Begins a sign-in, and returns the callback URL that Ion would send the person back to. */
async function begin(browser: Browser): Promise<string> {
  const { location = '' } = await browser.get(`${app.url}/login`);
  const state = new URL(location).searchParams.get('state') ?? '';
  return `${app.url}/complete/ion/?code=a-code&state=${state}`;
}

async function signIn(): Promise<void> {
  const browser = new Browser();
  const { status } = await browser.get(await begin(browser));
  expect(status).toBe(200);
}

async function ionClosesAll(): Promise<void> {
  (await ion.connection(ion.connections())).end();
  while (Object.keys(agent.freeSockets).length > 0) await turn();
}

describe('IonStrategy, beginning a sign-in', () => {
  it('opens a connection ahead of time if Ion has closed the old one', async () => {
    await signIn();
    await ionClosesAll();
    const browser = new Browser();
    const callback = await begin(browser);
    // Wait for the new connection, to show that it opens before the token request.
    await ion.connection(2);
    expect(ion.requests).toHaveLength(2);
    const { text } = await browser.get(callback);
    expect(JSON.parse(text)).toMatchObject({ user: { id: '1234' } });
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 1, 2, 2]);
    expect(ion.connections()).toBe(2);
  });

  it('opens no connection if one is already open, and only one for many sign-ins that never finish', async () => {
    await signIn();
    for (let login = 0; login < 20; login += 1) await begin(new Browser());
    expect(ion.connections()).toBe(1);
    await ionClosesAll();
    for (let login = 0; login < 20; login += 1) await begin(new Browser());
    await signIn();
    expect(ion.connections()).toBe(2);
  });

  it('redirects as usual if Ion cannot be reached', async () => {
    await signIn();
    await ionClosesAll();
    await ion.stop();
    const { status } = await new Browser().get(`${app.url}/login`);
    expect(status).toBe(302);
    expect(app.errors).toEqual([]);
  });

  it('does not connect to an Ion that it has never sent a request to', async () => {
    await begin(new Browser());
    await begin(new Browser());
    // A connection that /login had begun to open would exist by the end of this sign-in.
    await signIn();
    expect(ion.connections()).toBe(1);
  });
});
