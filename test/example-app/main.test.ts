// Starts the example app, as built by `npm run build`, in its own process.

import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import path from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';

import { closedPort } from '../support/raw-server.js';
import { Browser } from '../support/browser.js';
import { BuiltApp } from './app-in-own-process.js';
import type { AppProgram } from './app-in-own-process.js';
import { listen } from '../support/listen.js';
import { buttonOf, headingOf } from './page-content.js';

// Allow more time than usual, because the app waits a few seconds for a Redis that doesn't respond.
jest.setTimeout(30_000);

let built: BuiltApp;
let running: AppProgram[];

beforeAll(async () => {
  built = await BuiltApp.copy();
});
beforeEach(() => {
  running = [];
});
afterEach(async () => {
  for (const app of running) await app.stop();
  await rm(path.join(built.folder, '.env'), { force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<AppProgram> {
  const app = await built.start(env);
  running.push(app);
  return app;
}

describe('the example app, started without credentials', () => {
  it('says where to open it, and that people sign in at a stand-in, which works', async () => {
    const { printed, home } = await start();
    expect(home).toMatch(/^http:\/\/localhost:\d+\/$/);
    const standIn = /a local stand-in, (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1] ?? '';
    const browser = new Browser();
    expect((await browser.get(home)).text).toContain('Not the real Ion.');
    const { location = '' } = await browser.get(`${home}login/ion`);
    expect(new URL(location).origin).toBe(standIn);
    const login = await browser.follow(location);
    expect(login.status).toBe(200);
    expect(login.text).toContain('2027jdoe');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops cleanly on %s, and so does the stand-in',
    async (signal) => {
      const app = await start();
      const { location = '' } = await new Browser().get(`${app.home}login/ion`);
      app.signal(signal);
      expect(await app.exitCode()).toBe(0);
      await expect(fetch(app.home)).rejects.toThrow();
      await expect(fetch(new URL(location).origin)).rejects.toThrow();
    },
  );

  it.each([
    ['0.0.0.0', 1],
    ['127.0.0.1', 0],
    ['localhost', 0],
  ])('warns that anyone may sign in as anyone if HOST is %s (%i warning)', async (HOST, count) => {
    const { printed } = await start({ HOST });
    const warnings =
      printed.match(/^WARNING: .*anyone on the network may sign in as anyone/gm) ?? [];
    expect(warnings).toHaveLength(count);
  });

  it('says what to do if the port is in use', async () => {
    const { origin, stop } = await listen(() => undefined);
    const app = await start({ HOST: '127.0.0.1', PORT: new URL(origin).port });
    expect(await app.exitCode()).toBe(1);
    expect(app.printed).toBe(
      'The port is in use: stop the other program that listens there, or choose another port: PORT=3001\n',
    );
    await stop();
  });

  it('says what to do if HOST is not an address of this machine', async () => {
    const app = await start({ HOST: '192.0.2.1' });
    expect(await app.exitCode()).toBe(1);
    expect(app.printed).toBe('HOST is not an address of this machine: try HOST=localhost\n');
  });

  it.each([
    [{ ION_CLIENT_ID: 'the-id' }, ['ION_CLIENT_SECRET']],
    [
      { NODE_ENV: 'production', PORT: 'x' },
      ['PORT', 'SESSION_SECRET', 'ION_CLIENT_ID', 'ION_CALLBACK_URL'],
    ],
    [
      {
        NODE_ENV: 'production',
        ION_BASE_URL: 'http://127.0.0.1:8080',
        ION_CLIENT_ID: 'local-ion-client-id',
        ION_CLIENT_SECRET: 'local-ion-client-secret-which-is-not-secret',
        ION_CALLBACK_URL: 'https://lunch.example/complete/ion/',
        SESSION_SECRET: 'a-secret-of-thirty-two-characters',
        TRUST_PROXY: '1',
      },
      ['ION_CLIENT_ID', 'ION_CLIENT_SECRET', 'ION_BASE_URL'],
    ],
  ])('does not start with %j', async (env, names) => {
    const app = await start(env);
    expect(await app.exitCode()).toBe(1);
    const [first, ...problems] = app.printed.trimEnd().split('\n');
    expect(first).toBe('The app cannot start with these settings:');
    expect(problems.map((problem) => /^ {2}- (\w+)/.exec(problem)?.[1])).toEqual(names);
  });
});

describe('the example app, started with credentials', () => {
  it('reads them from .env, and people sign in at that Ion', async () => {
    const ion = await startLocalIon();
    const lines = [
      `ION_CLIENT_ID=${ion.clientID}`,
      `ION_CLIENT_SECRET=${ion.clientSecret}`,
      `ION_BASE_URL=${ion.baseURL}`,
      'SESSION_SECRET="a-secret-of-thirty-two-characters"',
      'BASE_PATH=/2027jdoe/',
    ];
    await writeFile(path.join(built.folder, '.env'), lines.join('\n'));
    const { printed, home } = await start();
    expect(home).toMatch(/^http:\/\/localhost:\d+\/2027jdoe\/$/);
    expect(printed).not.toContain('stand-in');
    const browser = new Browser();
    const { location = '' } = await browser.get(`${home}login/ion`);
    const page = await browser.follow(await ion.approve(location, { as: '2027jdoe' }));
    expect(page.url).toBe(home);
    await ion.stop();
    expect(page.text).toContain('Jane Doe');
  });

  it('prefers the environment to .env', async () => {
    await writeFile(path.join(built.folder, '.env'), 'BASE_PATH=/from-the-file/\nHOST=127.0.0.1');
    const { home } = await start({ BASE_PATH: '/from-the-environment/' });
    expect(home).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/from-the-environment\/$/);
  });
});

describe('the example app, started with a Redis that does not respond', () => {
  const PASSWORD = 'a-password-of-redis';

  let servers: Server[];

  beforeEach(() => {
    servers = [];
  });
  afterEach(() => {
    for (const server of servers) server.close();
  });

  /** Starts a server that calls this function when it receives data, and returns its port. */
  async function portAnswering(answer: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      // Ignore errors, because the app is killed at the end, which breaks its connections.
      socket
        .on('error', () => undefined)
        .on('data', () => {
          answer(socket);
        });
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function startWith(port: number): Promise<AppProgram> {
    return start({
      REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${port}`,
      SESSION_SECRET: 'a-secret-of-thirty-two-characters',
    });
  }

  it.each([
    ['out of reach', 'ECONNREFUSED', closedPort],
    ['silent', 'SocketTimeoutError', () => portAnswering(() => undefined)],
  ])('starts anyway if it is %s, and says so', async (_how, why, port) => {
    const app = await startWith(await port());
    expect(app.printed).toContain(
      `Redis is not answering (${why}), so people see an error page until it does. Check REDIS_URL.\n`,
    );
    expect(app.printed).toContain('The example app is ready');
    expect(app.printed).not.toContain(PASSWORD);
    for (const path of ['', 'today', 'login/ion']) {
      const page = await new Browser().get(app.home + path);
      expect(page.status).toBe(503);
      expect(headingOf(page)).toBe('This app is out of order');
      expect(page.headers.getSetCookie()).toEqual([]);
    }
    const page = await new Browser().get(`${app.home}today?x=1`);
    expect(buttonOf(page)).toBe('/today?x=1');
    expect((await fetch(`${app.home}style.css`)).status).toBe(200);
    app.signal('SIGTERM');
    expect(await app.exitCode()).toBe(0);
  });

  it('does not print the password if Redis repeats it', async () => {
    const port = await portAnswering((socket) => {
      socket.write(`-ERR unknown command 'HELLO', with args beginning with: '${PASSWORD}'\r\n`);
    });
    const app = await startWith(port);
    expect(app.printed).toContain('Redis is not answering (ERR)');
    expect(app.printed).not.toContain(PASSWORD);
  });
});
