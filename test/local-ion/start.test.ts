// Starting and stopping a local Ion, and what its options may be.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { LocalIonError, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, LocalIonOptions } from 'passport-ion/local-ion';

import { send } from './contract/wire.js';
import { ask, authorizationURL, CALLBACK, exchange, post, signIn } from './at-ion.js';

let ion: LocalIon | undefined;
afterEach(async () => {
  await ion?.stop();
  ion = undefined;
});

async function start(options?: LocalIonOptions): Promise<LocalIon> {
  ion = await startLocalIon(options);
  return ion;
}

describe('a local Ion that is started with nothing said', () => {
  it('listens on a free port of loopback', async () => {
    const { baseURL } = await start();
    expect(baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await send(baseURL)).status).toBe(200);
  });

  it('has an application whose id and secret have the form of Ion’s, and are new each time', async () => {
    const first = await start();
    expect(first.clientID).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(first.clientSecret).toMatch(/^[A-Za-z0-9]{128}$/);
    await first.stop();
    const second = await start();
    expect(second.clientID).not.toBe(first.clientID);
    expect(second.clientSecret).not.toBe(first.clientSecret);
  });

  it.each([
    'http://localhost:3000/cb',
    'https://localhost/cb',
    'http://app.localhost:1/',
    'http://127.0.0.1:4567/any/path?and=query',
    'http://127.8.9.10/',
    'http://[::1]:4567/cb',
  ])('accepts the redirect URI %s, on this machine', async (redirect_uri) => {
    const running = await start();
    const url = authorizationURL(running, { redirect_uri });
    const callback = await running.approve(url, { as: '2027jdoe' });
    expect(new URL(callback).origin).toBe(new URL(redirect_uri).origin);
  });

  it.each([
    'http://example.com/cb',
    'http://notlocalhost:3000/cb',
    'http://localhost.example.com/cb',
    'http://127.0.0.1.example.com/',
    'http://localhost@example.com/',
    'myapp://localhost/',
    'javascript:alert(1)//localhost',
  ])('refuses the redirect URI %s', async (redirect_uri) => {
    const running = await start();
    const url = authorizationURL(running, { redirect_uri });
    await expect(running.approve(url, { as: '2027jdoe' })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_SIGN_IN',
      message: expect.stringMatching(
        /400: Error: invalid_request (Mismatching|Invalid) redirect URI\./,
      ) as string,
    });
  });

  it('wants the redirect URI in the request, and again in the exchange', async () => {
    const running = await start();
    const callback = await running.approve(authorizationURL(running), { as: '2027jdoe' });
    const code = new URL(callback).searchParams.get('code') ?? '';
    const { clientID: client_id, clientSecret: client_secret = '' } = running;
    const form = { grant_type: 'authorization_code', code, client_id, client_secret };
    const answer = await post(`${running.baseURL}/oauth/token/`, form);
    expect(answer).toMatchObject({
      status: 400,
      text: '{"error": "invalid_request", "error_description": "Missing redirect URI."}',
    });
  });
});

describe('the applications that are given', () => {
  it('are known by the first of them', async () => {
    const redirectURIs = [CALLBACK];
    const running = await start({
      applications: [
        { clientID: 'open', redirectURIs },
        { clientID: 'closed', clientSecret: 'secret', redirectURIs },
      ],
    });
    expect(running).toMatchObject({ clientID: 'open', clientSecret: undefined });
    await expect(signIn(running, '2027jdoe')).resolves.toMatchObject({ scope: 'read' });
    const closed = { baseURL: running.baseURL, clientID: 'closed', clientSecret: 'secret' };
    const callback = await running.approve(authorizationURL(closed), { as: '2027jdoe' });
    expect((await exchange(closed, callback)).status).toBe(200);
    const again = await running.approve(authorizationURL(closed), { as: '2027jdoe' });
    expect((await exchange({ ...closed, clientSecret: 'Secret' }, again)).status).toBe(401);
  });

  it('are copied: what is done to the array later changes nothing', async () => {
    const redirectURIs = [CALLBACK];
    const running = await start({ applications: [{ clientID: 'open', redirectURIs }] });
    redirectURIs.push('http://localhost:9/');
    const url = authorizationURL(running, { redirect_uri: 'http://localhost:9/' });
    await expect(running.approve(url, { as: '2027jdoe' })).rejects.toThrow('Mismatching');
  });
});

describe('an option that cannot work', () => {
  it.each<[string, unknown]>([
    ['prot is unknown', { prot: 1 }],
    ['port must be', { port: -1 }],
    ['port must be', { port: 65_536 }],
    ['port must be', { port: '8080' }],
    ['host must be', { host: '' }],
    ['host must be', { host: 'http://localhost' }],
    ['allowHosts must be', { allowHosts: 'ion' }],
    ['allowHosts[1] must be', { allowHosts: ['ion', 'ion:8080'] }],
    ['allowHosts[0] must be', { allowHosts: ['http://ion'] }],
    ['allowHosts[0] must be', { allowHosts: ['*'] }],
    ['now must be', { now: 1 }],
    ['log must be', { log: true }],
    ['people must be', { people: [] }],
    ['people must be', { people: { ion_username: 'a' } }],
    ['applications must be', { applications: [] }],
    ['applications must be', { applications: { clientID: 'a' } }],
    ['applications[0] must be', { applications: [null] }],
    ['applications[0].clientID must be', { applications: [{}] }],
    ['applications[0].clientID must be', { applications: [{ clientID: 'a b' }] }],
    ['applications[0].clientId is unknown', { applications: [{ clientId: 'a' }] }],
    [
      'applications[0].clientSecret must be',
      { applications: [{ clientID: 'a', clientSecret: '' }] },
    ],
    ['applications[0].name must be', { applications: [{ clientID: 'a', name: 1 }] }],
    ['applications[0].sanctioned must be', { applications: [{ clientID: 'a', sanctioned: 1 }] }],
    ['applications[0].grantType must be', { applications: [{ clientID: 'a', grantType: 'x' }] }],
    [
      'applications[1].clientID is the second',
      { applications: [{ clientID: 'a' }, { clientID: 'a' }] },
    ],
    [
      'applications[0].redirectURIs must be',
      { applications: [{ clientID: 'a', redirectURIs: [] }] },
    ],
    [
      'applications[0].redirectURIs must be',
      { applications: [{ clientID: 'a', redirectURIs: CALLBACK }] },
    ],
    ...[
      '/cb',
      'ftp://localhost/cb',
      'http://localhost/cb#f',
      'http://localhost/a b',
      'http://',
    ].map((uri): [string, unknown] => [
      'applications[0].redirectURIs[0] must be',
      { applications: [{ clientID: 'a', redirectURIs: [uri] }] },
    ]),
  ])('is refused: %s, where it is %j', async (message, options) => {
    // The cast: JavaScript can give anything.
    const starting = startLocalIon(options as LocalIonOptions);
    await expect(starting).rejects.toBeInstanceOf(LocalIonError);
    await expect(starting).rejects.toMatchObject({
      name: 'LocalIonError',
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(`local Ion: ${message}`) as string,
    });
  });

  it('is not shown where it may be a secret', async () => {
    const applications = [{ clientID: 'a', clientSecret: ['hush'] as unknown as string }];
    const error: unknown = await startLocalIon({ applications }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('applications[0].clientSecret must be a string');
    expect(String(error)).not.toContain('hush');
  });
});

describe('where it cannot listen', () => {
  it('says that the port is taken, and what to do', async () => {
    const { port } = new URL((await start()).baseURL);
    await expect(startLocalIon({ port: Number(port) })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_LISTEN',
      message: `local Ion: port ${port} of 127.0.0.1 is taken, perhaps by another local Ion: stop that one, or choose another port, or 0 for any that is free`,
      cause: { code: 'EADDRINUSE' },
    });
  });

  it('says so for an address that is not of this machine', async () => {
    await expect(startLocalIon({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_LISTEN',
      message: expect.stringContaining('EADDRNOTAVAIL') as string,
    });
  });
});

describe('the address', () => {
  it.each([
    ['localhost', 'http://localhost:'],
    ['0.0.0.0', 'http://127.0.0.1:'],
  ])('%s is reached at %s…', async (host, expected) => {
    const { baseURL } = await start({ host });
    expect(baseURL.slice(0, baseURL.lastIndexOf(':') + 1)).toBe(expected);
    expect((await send(baseURL)).status).toBe(200);
  });
});

describe('the Host header of a request', () => {
  const statusFor = async ({ baseURL }: LocalIon, host: string): Promise<number> =>
    (await send(`${baseURL}/api/emerg`, { headers: { host } })).status;

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:80', '192.0.2.7', '[::1]:8080'])(
    'is accepted if it is localhost or an IP address: %s',
    async (host) => {
      expect(await statusFor(await start(), host)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'localhost@evil.example',
    '127.0.0.1.evil.example',
    '2130706433',
    'ion',
  ])('gets a 421 for any other name, which a page elsewhere could rebind: %j', async (host) => {
    const { baseURL } = await start();
    const response = await send(`${baseURL}/login`, { headers: { host } });
    expect(response.status).toBe(421);
    expect(response.text).toContain('allowHosts');
    expect(response.text).not.toContain('2027jdoe');
  });

  it('is accepted if allowHosts has it, in any case and with any port', async () => {
    const running = await start({ allowHosts: ['Ion', 'name-8080.app.github.dev'] });
    for (const host of ['ion', 'ION:8080', 'name-8080.app.github.dev']) {
      expect(await statusFor(running, host)).toBe(200);
    }
    expect(await statusFor(running, 'ion.evil.example')).toBe(421);
  });

  it('is not shown as markup', async () => {
    const { baseURL } = await start();
    const { text } = await send(baseURL, { headers: { host: '<script>alert(1)</script>' } });
    expect(text).toContain('&lt;script&gt;');
  });
});

describe('its log', () => {
  it('has one line a request: method, path, status and time, with no query', async () => {
    const lines: string[] = [];
    const running = await start({ log: (line) => lines.push(line) });
    const { access_token, refresh_token } = await signIn(running, '2027jdoe');
    await send(`${running.baseURL}/api/profile/?access_token=${access_token}`);
    await running.stop();
    expect(lines.map((line) => line.replace(/\d+ ms$/, 'N ms'))).toEqual([
      'GET /oauth/authorize/ 302 N ms',
      'GET /login 200 N ms',
      'POST /login 302 N ms',
      'GET /oauth/authorize/ 200 N ms',
      'POST /oauth/authorize/ 302 N ms',
      'POST /oauth/token/ 200 N ms',
      'GET /api/profile/ 200 N ms',
    ]);
    const secrets = [access_token, refresh_token, running.clientSecret ?? '', running.clientID];
    for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret);
  });

  it('has a line for a request that is cut off', async () => {
    const lines: string[] = [];
    const running = await start({ log: (line) => lines.push(line) });
    running.failNext('token', { drop: 'before-response' });
    await expect(post(`${running.baseURL}/oauth/token/`, {})).rejects.toThrow();
    await running.stop();
    expect(lines).toEqual([expect.stringMatching(/^POST \/oauth\/token\/ cut off \d+ ms$/)]);
  });
});

describe('several at once', () => {
  it('each have a port, applications, people and tokens of their own', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => startLocalIon()));
    expect(new Set(all.map(({ baseURL }) => baseURL)).size).toBe(4);
    const tokens = await Promise.all(all.map((each) => signIn(each, '2027jdoe')));
    const statuses = await Promise.all(
      all.flatMap((each) =>
        tokens.map(
          async ({ access_token }) => (await ask(each, '/api/profile', access_token)).status,
        ),
      ),
    );
    const own = [0, 5, 10, 15];
    expect(statuses).toEqual(statuses.map((_, index) => (own.includes(index) ? 200 : 403)));
    await Promise.all(all.map((each) => each.stop()));
  });
});

describe('stop', () => {
  it('ends kept connections and answers that are held back, and may be called again', async () => {
    const running = await startLocalIon();
    const agent = new Agent({ keepAlive: true });
    const request = get(`${running.baseURL}/`, { agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    running.failNext('login', { delay: 2_000_000_000 });
    const held = send(`${running.baseURL}/login`);
    const refused = expect(held).rejects.toThrow();
    // So that both are there when it stops.
    await send(running.baseURL);
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    await refused;
    agent.destroy();
    await expect(send(running.baseURL)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
