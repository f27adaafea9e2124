// Tests that malformed, hostile, and oversized requests get a response or are cut off, and that the server keeps
// running.

import { connect } from 'node:net';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { send } from '../contract/support/send.js';
import { authorizationURL, signIn } from '../requests.js';
import { fc, numberOfRuns } from '../../support/fast-check.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let ion: LocalIon;
let log: string[];
beforeAll(async () => {
  ion = await startLocalIon({ log: (line) => log.push(line) });
});
afterAll(() => ion.stop());
beforeEach(() => {
  log = [];
});
afterEach(async () => {
  expect((await send(`${ion.baseURL}/api/emerg`)).status).toBe(200);
  expect(log.filter((line) => line.includes('failed'))).toEqual([]);
});

/** Sends these bytes, then ends the request. Returns everything that the server sends until the connection closes. */
async function sendBytes(bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(ion.baseURL);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server may reset the connection. `once` from node:events would then reject, so this does not use it.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.end(bytes);
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

const head = (...lines: string[]): string => [...lines, 'Host: localhost', '', ''].join('\r\n');

describe('the local Ion, for bytes that are not a valid request', () => {
  it.each<[what: string, bytes: string]>([
    ['nothing', ''],
    ['text that is not HTTP', 'hello\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['another protocol version', head('GET / HTTP/9.9')],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without an end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}`],
    ['thousands of headers', head('GET / HTTP/1.1', ...Array<string>(5000).fill('A: b'))],
    ['a tunnel', head('CONNECT example.com:443 HTTP/1.1')],
    ['two lengths', head('POST /oauth/token/ HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2')],
    ['a malformed chunk', `${head('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`],
    ['a body that ends early', `${head('POST /oauth/token/ HTTP/1.1', 'Content-Length: 9')}ab`],
  ])('responds with 4xx or closes the connection: %s', async (_what, bytes) => {
    expect(await sendBytes(Buffer.from(bytes, 'latin1'))).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
  });

  it.each<[what: string, bytes: string, status: number]>([
    ['a full URL in place of a path', head('GET http://a/api/emerg HTTP/1.1'), 200],
    ['a star in place of a path', head('OPTIONS * HTTP/1.1'), 404],
    ['an upgrade', head('GET /api/emerg HTTP/1.1', 'Connection: upgrade', 'Upgrade: x'), 200],
    ['an unknown method', head('PURGE /api/emerg HTTP/1.1'), 405],
    ['no Host header', 'GET /api/emerg HTTP/1.0\r\n\r\n', 200],
    ['a path of bytes that are not UTF-8', head('GET /api/%00%ff%c3 HTTP/1.1'), 404],
    ['a date of bytes that are not UTF-8', head('GET /api/schedule/%ff HTTP/1.1'), 400],
  ])('responds to an unusual request: %s', async (_what, bytes, status) => {
    const response = await sendBytes(Buffer.from(bytes, 'latin1'));
    expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('responds or closes the connection, whatever the bytes', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc
        .array(
          fc.constantFrom(
            'GET ',
            '/',
            ' HTTP/1.1',
            '\r\n',
            'Host: localhost',
            'a: b',
            '\0',
            'é',
            '?',
          ),
        )
        .map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        expect(await sendBytes(bytes)).toMatch(/^(HTTP\/1\.1 \d{3} |$)/);
      }),
      numberOfRuns(100),
    );
  });
});

describe('the local Ion, for oversized requests', () => {
  const page400 = { status: 400, headers: { 'content-type': 'text/html; charset=utf-8' } };

  it('responds with 400 to a body of more than 2.5 MiB, or of 20 MB', async () => {
    for (const length of [2_621_441, 20_000_000]) {
      const sent = { method: 'POST', headers: FORM, body: 'a'.repeat(length) };
      expect(await send(`${ion.baseURL}/oauth/token/`, sent)).toMatchObject(page400);
    }
  });

  it('responds with 400 to half a million parameters', async () => {
    const body = Array<string>(500_000).fill('a=b').join('&');
    const sent = { method: 'POST', headers: FORM, body };
    expect(await send(`${ion.baseURL}/oauth/token/`, sent)).toMatchObject(page400);
  });

  it('reads JSON that is nested a hundred thousand levels deep', async () => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const sent = { method: 'POST', headers, body };
    expect(await send(`${ion.baseURL}/api/signups/user`, sent)).toMatchObject({
      status: 400,
      text: '{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}',
    });
  });

  it('refuses a long redirect_uri without delay', async () => {
    for (const part of ['a', '/', '@', '%41', ':', '[', '?', '/a', ':@']) {
      const redirect_uri = `https://a/${part.repeat(1_000 / part.length)}\\`;
      const url = authorizationURL(ion, { redirect_uri });
      await expect(ion.approve(url, { as: '2027jdoe' })).rejects.toThrow('Invalid redirect URI.');
    }
  });

  // If reading any of these values took quadratic time, the test would need minutes and would time out.
  it('reads 800,000 characters of one parameter in linear time', async () => {
    const redirectURIs = ['https://app.example/callback'];
    const other = await startLocalIon({ applications: [{ clientID: 'app', redirectURIs }] });
    const { access_token } = await signIn(other, '2027jdoe', {
      redirect_uri: redirectURIs[0] ?? '',
    });
    const token = 'a'.repeat(32);
    const headers = {
      ...FORM,
      cookie: `local_ion_csrf=${token}`,
      authorization: `Bearer ${access_token}`,
    };
    const consent = {
      csrfmiddlewaretoken: token,
      client_id: 'app',
      response_type: 'code',
      redirect_uri: redirectURIs[0] ?? '',
      scope: 'read',
      allow: 'Authorize',
    };
    const long = (part: string, end = ''): string => part.repeat(800_000 / part.length) + end;
    for (const [name, value, status] of [
      ['redirect_uri', `https://app.example/${long(';', '/')}`, 400],
      ['redirect_uri', `https://app.example${long(':', 'x')}`, 400],
      ['redirect_uri', `https://app.example/${long('a')}`, 400],
      ['redirect_uri', long('?'), 400],
      ['scope', long('read ', 'read'), 302],
      ['scope', long(' ', 'x'), 302],
    ] as const) {
      const body = new URLSearchParams({ ...consent, [name]: value }).toString();
      const sent = { method: 'POST', headers, body };
      const response = await send(`${other.baseURL}/oauth/authorize/`, sent);
      expect([name, value.slice(0, 30), response.status]).toEqual([
        name,
        value.slice(0, 30),
        status,
      ]);
    }
    await other.stop();
  });

  it('reads a path of slashes in linear time', async () => {
    const path = `/${'/'.repeat(10_000)}x`;
    for (let count = 0; count < 50; count += 1) {
      expect((await send(`${ion.baseURL}${path}`)).status).toBe(404);
    }
  });
});
