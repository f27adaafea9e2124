// Tests starting and stopping a local Ion.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { startLocalIon } from 'passport-ion/local-ion';

import { send } from './contract/support/send.js';
import { getAPI, signIn } from './requests.js';
import { start } from './start.js';

describe('startLocalIon', () => {
  it('listens on a free loopback port by default', async () => {
    const { baseURL } = await start();
    expect(baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await send(baseURL)).status).toBe(200);
  });

  it('registers a new application each time, with an id and a secret that look like Ion’s', async () => {
    const first = await start();
    expect(first.clientID).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(first.clientSecret).toMatch(/^[A-Za-z0-9]{128}$/);
    await first.stop();
    const second = await start();
    expect(second.clientID).not.toBe(first.clientID);
    expect(second.clientSecret).not.toBe(first.clientSecret);
  });

  it('throws ERR_LOCAL_ION_LISTEN if the port is taken, and says what to do', async () => {
    const { port } = new URL((await start()).baseURL);
    await expect(startLocalIon({ port: Number(port) })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_LISTEN',
      message: `local Ion: port ${port} of 127.0.0.1 is taken, perhaps by another local Ion: stop that one, choose another port, or choose 0 for any free port`,
      cause: { code: 'EADDRINUSE' },
    });
  });

  it('throws ERR_LOCAL_ION_LISTEN if the address does not belong to this machine', async () => {
    await expect(startLocalIon({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_LISTEN',
      message: expect.stringContaining('EADDRNOTAVAIL') as string,
    });
  });

  it.each([
    ['localhost', 'http://localhost:'],
    ['0.0.0.0', 'http://127.0.0.1:'],
    ['::', 'http://[::1]:'],
    ['::1', 'http://[::1]:'],
  ])('with the host %s, returns a baseURL that begins with %s', async (host, expected) => {
    const { baseURL } = await start({ host });
    expect(baseURL.slice(0, baseURL.lastIndexOf(':') + 1)).toBe(expected);
    expect((await send(baseURL)).status).toBe(200);
  });

  it('starts several local Ions at the same time, which share no ports, applications, or tokens', async () => {
    const ions = await Promise.all([1, 2, 3, 4].map(() => startLocalIon()));
    expect(new Set(ions.map(({ baseURL }) => baseURL)).size).toBe(4);
    const tokens = await Promise.all(ions.map((each) => signIn(each, '2027jdoe')));
    const statuses = await Promise.all(
      ions.flatMap((each) =>
        tokens.map(
          async ({ access_token }) => (await getAPI(each, '/api/profile', access_token)).status,
        ),
      ),
    );
    const own = [0, 5, 10, 15];
    expect(statuses).toEqual(statuses.map((_, index) => (own.includes(index) ? 200 : 403)));
    await Promise.all(ions.map((each) => each.stop()));
  });
});

describe('LocalIon.stop', () => {
  it('closes idle connections and pending responses, and may be called again', async () => {
    const running = await startLocalIon();
    const agent = new Agent({ keepAlive: true });
    const request = get(`${running.baseURL}/`, { agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    running.failNext('login', { delay: 2_000_000_000 });
    const pending = send(`${running.baseURL}/login`);
    const refused = expect(pending).rejects.toThrow();
    // When this response arrives, the server has also received the pending request.
    await send(running.baseURL);
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    await refused;
    agent.destroy();
    await expect(send(running.baseURL)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
