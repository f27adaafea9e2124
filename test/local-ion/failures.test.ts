// Tests failNext and setMaintenance, which an app's tests can call to make the local Ion fail.

import { EventEmitter, once } from 'node:events';
import { get } from 'node:http';

import { maintenance, startLocalIon } from 'passport-ion/local-ion';
import type { EndpointName, Failure, LocalIon } from 'passport-ion/local-ion';

import { getAPI, authorizationURL, exchange, requestTokens, signIn } from './requests.js';
import { thrownBy } from '../support/rejection.js';
import { send } from './contract/support/send.js';

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

const refresh = (refresh_token: string): ReturnType<typeof requestTokens> =>
  requestTokens(ion, { grant_type: 'refresh_token', refresh_token });

describe('LocalIon.failNext', () => {
  it.each<[Failure, number, string, string]>([
    [{ status: 503 }, 503, 'text/html; charset=utf-8', ''],
    [{ body: 'down' }, 500, 'text/html; charset=utf-8', 'down'],
    [{ status: 502, body: '<h1>é</h1>' }, 502, 'text/html; charset=utf-8', '<h1>é</h1>'],
    [{ status: 200, body: { error: 'none' } }, 200, 'application/json', '{"error":"none"}'],
    [{ status: 200, body: null }, 200, 'application/json', 'null'],
    [{ status: 200, body: Buffer.from('é') }, 200, 'application/octet-stream', 'é'],
    [{ body: '{', headers: { 'Content-Type': 'application/json' } }, 500, 'application/json', '{'],
    [{ status: 400, body: 'x', headers: { 'content-type': 'text/plain' } }, 400, 'text/plain', 'x'],
  ])('with %j, replaces the next response and no others', async (failure, status, type, text) => {
    const { access_token } = await signIn(ion, '2027jdoe');
    ion.failNext('profile', failure);
    const wrong = await getAPI(ion, '/api/profile', access_token);
    expect(wrong).toMatchObject({ status, text, headers: { 'content-type': type } });
    expect(wrong.headers['content-length']).toBe(String(wrong.bytes.length));
    expect((await getAPI(ion, '/api/profile', access_token)).status).toBe(200);
  });

  it('sends the given headers', async () => {
    ion.failNext('token', { status: 503, headers: { 'Retry-After': '120' } });
    expect(await refresh('any')).toMatchObject({ status: 503, headers: { 'retry-after': '120' } });
  });

  it.each<[EndpointName, string]>([
    ['login', '/login'],
    ['authorize', '/oauth/authorize'],
    ['token', '/oauth/token'],
    ['revoke', '/oauth/revoke_token/'],
    ['introspect', '/oauth/introspect/'],
    ['profile', '/api/profile'],
    ['profile', '/api/profile/2027jdoe'],
    ['picture', '/api/profile/6/picture'],
    ['picture', '/api/profile/6/picture/senior'],
    ['schedule', '/api/schedule'],
    ['schedule', '/api/schedule/2026-11-24'],
    ['announcements', '/api/announcements'],
    ['announcements', '/api/announcements/1'],
    ['emerg', '/api/emerg'],
    ['bus', '/api/bus'],
    ['bus', '/api/bus/1'],
    ['search', '/api/search/doe'],
    ['blocks', '/api/blocks'],
    ['blocks', '/api/blocks/1'],
    ['activities', '/api/activities'],
    ['activities', '/api/activities/1'],
    ['signups', '/api/signups/user'],
    ['signups', '/api/signups/user/6'],
    ['signups', '/api/signups/scheduled_activity/1'],
    ['favorites', '/api/signups/user/favorites'],
  ])('with %s, fails the next response at %s', async (endpoint, path) => {
    ion.failNext(endpoint, { status: 599 });
    expect((await getAPI(ion, '/')).status).toBe(200);
    expect((await getAPI(ion, path)).status).toBe(599);
    expect((await getAPI(ion, path)).status).not.toBe(599);
  });

  it('queues failures in order, and copies each, so that later changes have no effect', async () => {
    const failure = { status: 501 };
    ion.failNext('emerg', failure);
    failure.status = 502;
    ion.failNext('emerg', failure);
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1)
      statuses.push((await getAPI(ion, '/api/emerg')).status);
    expect(statuses).toEqual([501, 502, 200]);
  });
});

describe('LocalIon.failNext with a status', () => {
  it('does not carry out the request', async () => {
    const callback = await ion.approve(authorizationURL(ion), { as: '2027jdoe' });
    ion.failNext('token', { status: 500, body: 'oh' });
    expect((await exchange(ion, callback)).text).toBe('oh');
    expect((await exchange(ion, callback)).status).toBe(200);
  });
});

describe('LocalIon.failNext with drop', () => {
  it('before-response: closes the connection without carrying out the request', async () => {
    const { refresh_token } = await signIn(ion, '2027jdoe');
    ion.failNext('token', { drop: 'before-response' });
    await expect(refresh(refresh_token)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('mid-body: carries out the request and then closes the connection', async () => {
    const { refresh_token } = await signIn(ion, '2027jdoe');
    ion.failNext('token', { drop: 'mid-body' });
    await expect(refresh(refresh_token)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await refresh(refresh_token)).status).toBe(400);
  });

  it.each([
    ['0123456789', '01234'],
    ['', ''],
  ])('mid-body: of the body %j, sends %j', async (body, sent) => {
    ion.failNext('emerg', { status: 200, body, drop: 'mid-body' });
    const response = await fetch(`${ion.baseURL}/api/emerg`);
    expect(response.status).toBe(200);
    const read: string[] = [];
    const reading = (async () => {
      if (!response.body) throw new Error('no body');
      const text = response.body.pipeThrough(new TextDecoderStream());
      for await (const part of text) read.push(part);
    })();
    await expect(reading).rejects.toThrow();
    expect(read.join('')).toBe(sent);
  });
});

describe('LocalIon.setMaintenance', () => {
  const down = {
    status: 503,
    headers: { 'content-type': 'text/html; charset=utf-8', 'retry-after': '3600' },
    text: expect.stringContaining('down for maintenance') as string,
  };

  it('makes every path and method respond with 503, HTML and Retry-After until it is turned off', async () => {
    const { refresh_token } = await signIn(ion, '2027jdoe');
    ion.setMaintenance(true);
    for (const path of [
      '/',
      '/oauth/authorize/',
      '/api/profile',
      '/nowhere',
      '/api/schedule/%zz',
    ]) {
      expect(await send(`${ion.baseURL}${path}`)).toMatchObject(down);
    }
    expect(await refresh(refresh_token)).toMatchObject(down);
    ion.setMaintenance(false);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('leaves the failures of failNext in their queues', async () => {
    ion.failNext('emerg', { status: 501 });
    ion.setMaintenance(true);
    expect((await getAPI(ion, '/api/emerg')).status).toBe(503);
    ion.setMaintenance(false);
    expect((await getAPI(ion, '/api/emerg')).status).toBe(501);
  });

  it.each([undefined, 1, 'on'])('refuses %j', (on) => {
    const error = thrownBy(() => {
      // Cast to pass an invalid value, as a JavaScript app could.
      ion.setMaintenance(on as unknown as boolean);
    });
    expect(error).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(
        'local Ion: the argument of setMaintenance must be true or false',
      ) as string,
    });
  });

  it('sends the same response as failNext(…, maintenance)', async () => {
    ion.failNext('token', maintenance);
    expect(await refresh('any')).toMatchObject(down);
    expect((await refresh('any')).status).toBe(400);
  });
});

const CIRCULAR: Record<string, unknown> = {};
CIRCULAR['self'] = CIRCULAR;

// This delay is longer than any test runs.
const NEVER_MS = 2_000_000_000;

describe('LocalIon.failNext with delay', () => {
  it('sends the usual response, later', async () => {
    const { refresh_token } = await signIn(ion, '2027jdoe');
    ion.failNext('token', { delay: 5 });
    expect(await refresh(refresh_token)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
  });

  it('carries out the request right away', async () => {
    const other = await startLocalIon();
    const { access_token, refresh_token } = await signIn(other, '2027jdoe');
    other.failNext('token', { delay: NEVER_MS });
    const form = { grant_type: 'refresh_token', refresh_token };
    const late = expect(requestTokens(other, form)).rejects.toThrow();
    const isAlive = async (): Promise<boolean> =>
      (await getAPI(other, '/api/profile', access_token)).status === 200;
    while (await isAlive());
    expect((await requestTokens(other, form)).text).toBe('{"error": "invalid_grant"}');
    await other.stop();
    await late;
  });

  it('may be combined with status and drop', async () => {
    ion.failNext('emerg', { delay: 5, status: 504 });
    expect((await getAPI(ion, '/api/emerg')).status).toBe(504);
    ion.failNext('emerg', { delay: 5, drop: 'before-response' });
    await expect(getAPI(ion, '/api/emerg')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('stops waiting when the client disconnects', async () => {
    const events = new EventEmitter();
    const other = await startLocalIon({
      now: () => {
        events.emit('carried out');
        return Date.now();
      },
      log: (line) => events.emit('done', line),
    });
    other.failNext('schedule', { delay: NEVER_MS });
    const [carriedOut, done] = [once(events, 'carried out'), once(events, 'done')];
    const waiting = get(`${other.baseURL}/api/schedule`, { agent: false });
    const hungUp = once(waiting, 'error').catch((error: unknown) => error);
    await carriedOut;
    waiting.destroy();
    await hungUp;
    expect(await done).toEqual([expect.stringMatching(/^GET \/api\/schedule cut off/)]);
    await other.stop();
  });
});

describe('LocalIon.failNext', () => {
  it.each<[string, unknown, unknown]>([
    ['the endpoint of failNext must be one of login, authorize, token,', 'tokens', { status: 500 }],
    ['the endpoint of failNext must be one of', undefined, { status: 500 }],
    ['the failure must be an object', 'token', undefined],
    ['the failure must be an object', 'token', {}],
    ['failure.statusCode is unknown', 'token', { statusCode: 500 }],
    ['failure.status must be', 'token', { status: 100 }],
    ['failure.status must be', 'token', { status: 600 }],
    ['failure.status must be', 'token', { status: '500' }],
    ['failure.delay must be', 'token', { delay: -1 }],
    ['failure.delay must be', 'token', { delay: 2 ** 31 }],
    ['failure.drop must be', 'token', { drop: true }],
    [
      "failure.drop 'before-response' sends no response",
      'token',
      { drop: 'before-response', status: 500 },
    ],
    ['failure.body must be', 'token', { body: () => 'body' }],
    ['failure.body must be', 'token', { body: { count: 1n } }],
    ['failure.body must be', 'token', { body: CIRCULAR }],
    ['failure.headers must be', 'token', { headers: 'a: b' }],
    ['failure.headers has a name or value', 'token', { headers: { 'a b': 'c' } }],
    ['failure.headers has a name or value', 'token', { headers: { a: 'b\r\nc: d' } }],
  ])('throws ERR_LOCAL_ION_OPTION: %s', (message, endpoint, failure) => {
    const error = thrownBy(() => {
      // Cast to pass an invalid value, as a JavaScript app could.
      ion.failNext(endpoint as EndpointName, failure as Failure);
    });
    expect(error).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(`local Ion: ${message}`) as string,
    });
  });
});
