// Starting and stopping a local Ion, and revoking a person's tokens.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { people, startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { send } from './contract/send.js';
import { catchError, getAPI, requestTokens, signIn } from './requests.js';
import { start } from './start.js';

describe('startLocalIon', () => {
  it('listens on a free port of loopback by default', async () => {
    const { baseURL } = await start();
    expect(baseURL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await send(baseURL)).status).toBe(200);
  });

  it('makes a new application each time, whose id and secret look like Ion’s', async () => {
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

  it('starts several at the same time, which share no ports, applications, or tokens', async () => {
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
    // When this response arrives, the server has received the pending request too.
    await send(running.baseURL);
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    await refused;
    agent.destroy();
    await expect(send(running.baseURL)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('LocalIon.revokeTokens', () => {
  const usernames = people.map(({ ion_username }) => ion_username).join(', ');
  let ion: LocalIon;
  beforeEach(async () => {
    ion = await start();
  });

  const isValid = async (token: string): Promise<boolean> =>
    (await getAPI(ion, '/api/profile', token)).status === 200;

  it('revokes every token of the person, and no others', async () => {
    const mine = [await signIn(ion, '2028znunez'), await signIn(ion, '2028znunez')];
    const other = await signIn(ion, 'jteacher');
    ion.revokeTokens('2028znunez');
    for (const { access_token, refresh_token } of mine) {
      expect(await isValid(access_token)).toBe(false);
      const response = await requestTokens(ion, { grant_type: 'refresh_token', refresh_token });
      expect(response).toMatchObject({ status: 400, text: '{"error": "invalid_grant"}' });
    }
    expect(await isValid(other.access_token)).toBe(true);
  });

  it('revokes only access tokens with only: access, so that a refresh returns no scope', async () => {
    const { access_token, refresh_token } = await signIn(ion, '4');
    ion.revokeTokens('4', { only: 'access' });
    expect(await isValid(access_token)).toBe(false);
    const response = await requestTokens(ion, { grant_type: 'refresh_token', refresh_token });
    expect(JSON.parse(response.text)).toMatchObject({ scope: '', expires_in: 36000 });
  });

  it.each<[unknown, string]>([
    ['no one', `must be the username or id of one of ${usernames}; got "nobody"`],
    [
      undefined,
      `is missing: call revokeTokens('2027jdoe'), with the username or id of one of ${usernames}`,
    ],
  ])('refuses an unknown or missing person: %s', (person, message) => {
    const thrown = catchError(() => {
      // Cast because a JavaScript app can pass anything.
      ion.revokeTokens(person as string);
    });
    expect(thrown).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: `local Ion: the person ${message}`,
    });
  });

  it('refuses any value of `only` except access', () => {
    const thrown = catchError(() => {
      // Cast because a JavaScript app can pass anything.
      ion.revokeTokens('2027jdoe', { only: 'refresh' as 'access' });
    });
    expect(thrown).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: 'local Ion: only must be \'access\' or left out; got "refresh"',
    });
  });
});
