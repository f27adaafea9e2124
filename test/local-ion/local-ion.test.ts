// Starting and stopping a local Ion, and what its options may be.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, LocalIonOptions } from 'passport-ion/local-ion';

import { send } from './contract/send.js';
import { ask, signIn } from './requests.js';

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
});

describe('where it cannot listen', () => {
  it('says that the port is taken, and what to do', async () => {
    const { port } = new URL((await start()).baseURL);
    await expect(startLocalIon({ port: Number(port) })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_LISTEN',
      message: `local Ion: port ${port} of 127.0.0.1 is taken, perhaps by another local Ion: stop that one, choose another port, or choose 0 for any free port`,
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
