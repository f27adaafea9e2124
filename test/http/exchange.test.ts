// Tests `exchange`, which sends one request to Ion: what it sends, and how it handles responses, timeouts, and
// failures.

import http = require('node:http');
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { IonResponseError } from '../../lib/errors.js';
import { exchange, decodeText } from '../../lib/http/exchange.js';
import manifest from '../../package.json';
import { closedPort, rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawResponder } from '../support/raw-server.js';
import { rejectionOf } from '../support/rejection.js';
import { timersLeftBy } from '../support/timers-left.js';
import { keepingAgent } from '../support/agents.js';
import { failureOf, send } from '../support/exchanges.js';
import { logTextOf } from '../support/log-text.js';

const MEBIBYTE = 1024 * 1024;
async function refusalOf(exchanged: Promise<unknown>): Promise<IonResponseError> {
  const error = await rejectionOf(exchanged);
  if (error instanceof IonResponseError) return error;
  throw new Error(`expected IonResponseError, got ${String(error)}`);
}

describe('exchange: the request', () => {
  it('has the method, the path, the body and its length in bytes', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await send(ion, { body: 'name=Zoë' });
    expect(ion.requests).toHaveLength(1);
    expect(ion.requests[0]).toMatchObject({
      method: 'POST',
      path: '/oauth/token/',
      body: 'name=Zoë',
    });
    expect(ion.requests[0]?.headers['content-length']).toBe('9');
    expect(ion.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('has a User-Agent and an Accept header, and no Origin', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await send(ion);
    const headers = ion.requests[0]?.headers ?? {};
    expect(headers['user-agent']).toBe(
      `passport-ion/${manifest.version} node/${process.versions.node}`,
    );
    expect(headers['accept']).toBe('application/json');
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'connection',
      'content-length',
      'host',
      'user-agent',
    ]);
  });

  it('has no body if there is none to send', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await exchange(
      { label: 'it', method: 'GET', url: new URL(`${ion.url}/api`), headers: {}, repeatable: true },
      { timeout: 5_000 },
    );
    expect(ion.requests[0]).toMatchObject({ method: 'GET', path: '/api', body: '' });
    expect(ion.requests[0]?.headers).not.toHaveProperty('content-length');
  });

  it('has the custom headers, which cannot override those of the protocol', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const customHeaders = { 'user-agent': 'lunch/1', accept: 'text/html', 'x-app': ['a', 'b'] };
    await send(ion, {}, { customHeaders });
    expect(ion.requests[0]?.headers).toMatchObject({
      'user-agent': 'lunch/1',
      accept: 'application/json',
      'x-app': 'b',
      'content-length': '6',
    });
  });

  it('has the length of its own body, even if a custom header differs', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await send(ion, {}, { customHeaders: { 'content-length': '3' } });
    expect(ion.requests[0]?.body).toBe('code=1');
  });

  it('goes through the given agent', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  });

  it('keeps its connection for the next request', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await send(ion);
    await send(ion);
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('leaves no timer behind', async () => {
    const left = await timersLeftBy(async () => {
      await send(await startRawServer(rawResponse('{}')));
      await failureOf(send({ url: `http://127.0.0.1:${await closedPort()}` }));
    });
    expect(left).toEqual([]);
  });

  it('throws ERR_ION_UNREACHABLE if Node refuses to send it', async () => {
    const header = { authorization: 'Bearer a\nb-the-secret' };
    const error = await failureOf(send({ url: 'http://127.0.0.1:1' }, { headers: header }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(logTextOf(error)).not.toContain('the-secret');
  });
});

describe('exchange: the response', () => {
  it('is returned complete, with its status and headers', async () => {
    const response = rawResponse('{"a":1}', { status: '418 Teapot', headers: { 'X-Ion': 'yes' } });
    const { status, body, message } = await send(await startRawServer(response));
    expect(status).toBe(418);
    expect(message.headers['x-ion']).toBe('yes');
    expect(body.toString()).toBe('{"a":1}');
    expect(message.statusCode).toBe(418);
  });

  it('is decoded as UTF-8, wherever a packet ends', async () => {
    const text = '{"first_name":"Zoë 小梅 👩🏽‍🎓"}';
    const bytes = rawResponse(text);
    const bodyAt = bytes.length - Buffer.byteLength(text);
    for (let cut = bodyAt; cut < bytes.length; cut += 1) {
      const ion = await startRawServer((socket) => {
        socket.setNoDelay(true);
        socket.write(bytes.subarray(0, cut), () => {
          setImmediate(() => socket.write(bytes.subarray(cut)));
        });
      });
      expect(decodeText((await send(ion)).body)).toBe(text);
    }
  });

  // Code that watches all requests, such as a logger, might set the encoding.
  it.each(['utf8', 'latin1', 'base64'] as const)(
    'is the same if other code has Node decode it: setEncoding(%s)',
    async (encoding) => {
      const original = http.request;
      jest.spyOn(http, 'request').mockImplementation((...parameters: unknown[]) => {
        // Cast because Reflect.apply returns `any`.
        const request = Reflect.apply(original, http, parameters) as http.ClientRequest;
        return request.on('response', (message) => message.setEncoding(encoding));
      });
      const text = JSON.stringify({ name: 'Zoë 小梅'.repeat(20_000) });
      const { body } = await send(await startRawServer(rawResponse(text)));
      expect(decodeText(body)).toBe(text);
    },
  );

  it.each([301, 302, 303, 307, 308])('is not followed if it redirects with %i', async (status) => {
    const elsewhere = await startRawServer(rawResponse('{}'));
    const headers = { Location: `${elsewhere.url}/login` };
    const ion = await startRawServer(rawResponse('moved', { status: `${status} Moved`, headers }));
    const incoming = await send(ion);
    expect(incoming.status).toBe(status);
    expect(elsewhere.connections()).toBe(0);
    expect(ion.requests).toHaveLength(1);
  });

  it('is the one after the informational responses', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    const bytes = Buffer.concat([Buffer.from(early), rawResponse('{}')]);
    expect((await send(await startRawServer(bytes))).status).toBe(200);
  });

  it('ends with its connection if it has no length', async () => {
    const ion = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
    expect(decodeText((await send(ion)).body)).toBe('{"a":1}');
  });

  describe('if it is compressed, though that was not requested,', () => {
    const text = '{"first_name":"Zoë"}';
    const cases: [string, Buffer][] = [
      ['gzip', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['br', brotliCompressSync(text)],
      ['identity', Buffer.from(text)],
    ];

    it.each(cases)('is decompressed: %s', async (encoding, bytes) => {
      const headers = { 'Content-Encoding': encoding };
      const ion = await startRawServer(rawResponse(bytes, { headers }));
      expect(decodeText((await send(ion)).body)).toBe(text);
    });

    it.each(['zstd', 'gzip, gzip', 'compress', 'x'])(
      'is refused if the encoding is unknown: %s',
      async (encoding) => {
        const headers = { 'Content-Encoding': encoding };
        const ion = await startRawServer(rawResponse(text, { headers }));
        const error = await refusalOf(send(ion));
        expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502 });
        expect(error.message).toMatch(
          /^Ion answered 200 to the token request in a content encoding/,
        );
      },
    );

    it.each(['gzip', 'deflate', 'br'])(
      'is refused if the body does not match the encoding: %s',
      async (encoding) => {
        const headers = { 'Content-Encoding': encoding };
        const ion = await startRawServer(rawResponse('{"not":"compressed"}', { headers }));
        const error = await refusalOf(send(ion));
        expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502 });
        expect(ion.requests).toHaveLength(1);
      },
    );

    it.each(['gzip', 'deflate', 'br'])('can be empty: %s', async (encoding) => {
      const headers = { 'Content-Encoding': encoding };
      const ion = await startRawServer(rawResponse('', { headers }));
      expect((await send(ion)).body).toHaveLength(0);
    });

    it('is refused if it is cut short', async () => {
      const whole = rawResponse(gzipSync(text.repeat(100)), {
        headers: { 'Content-Encoding': 'gzip' },
      });
      const ion = await startRawServer((socket) => socket.end(whole.subarray(0, -8)));
      expect((await failureOf(send(ion))).code).toBe('ERR_ION_UNREACHABLE');
    });
  });

  describe('with a large body', () => {
    const largest = Buffer.alloc(MEBIBYTE, 0x78);
    const chunked = (body: Buffer): Buffer =>
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
        Buffer.from('\r\n0\r\n\r\n'),
      ]);
    const gzipped = (body: Buffer): Buffer =>
      rawResponse(gzipSync(body), { headers: { 'Content-Encoding': 'gzip' } });
    const forms: [string, (body: Buffer) => Buffer][] = [
      ['with its length', rawResponse],
      ['in chunks', chunked],
      ['compressed', gzipped],
    ];

    it.each(forms)('is returned if it has 1 MiB, %s', async (_form, bytes) => {
      const { body } = await send(await startRawServer(bytes(largest)));
      expect(body.equals(largest)).toBe(true);
    });

    it.each(forms)('is refused if it has one byte more than 1 MiB, %s', async (_form, bytes) => {
      const tooMuch = Buffer.concat([largest, Buffer.from('x')]);
      const error = await refusalOf(send(await startRawServer(bytes(tooMuch))));
      expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE_TOO_LARGE', status: 502 });
      expect(error.message).toBe(
        'Ion answered 200 to the token request with more than 1 MiB, which Ion never sends: check that baseURL is Ion',
      );
    });

    it('is refused before its first byte if its Content-Length is too large', async () => {
      const heads = ['', 'Content-Encoding: gzip\r\n', 'Content-Encoding: br\r\n'];
      for (const extra of heads) {
        const ion = await startRawServer(
          `HTTP/1.1 503 Busy\r\n${extra}Content-Length: ${MEBIBYTE + 1}\r\n\r\n`,
        );
        const error = await refusalOf(send(ion));
        expect(error).toMatchObject({
          code: 'ERR_ION_RESPONSE_TOO_LARGE',
          status: 502,
          ionStatus: 503,
        });
      }
    });

    it('closes the connection if it is too large', async () => {
      const closed = new Promise<void>((resolve) => {
        void startRawServer((socket) => {
          socket.on('close', () => {
            resolve();
          });
          socket.write(chunked(Buffer.concat([largest, largest])).subarray(0, -5));
        }).then((ion) => refusalOf(send(ion)));
      });
      await closed;
    });

    it('is refused if a few bytes decompress to 50 MiB', async () => {
      const ion = await startRawServer(gzipped(Buffer.alloc(50 * MEBIBYTE)));
      expect((await refusalOf(send(ion))).code).toBe('ERR_ION_RESPONSE_TOO_LARGE');
    });
  });
});

describe('exchange: the timeout', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
  const drip = (socket: Socket): void => {
    socket.write(head);
    const dripping = setInterval(() => socket.write('x'), 10);
    socket.on('close', () => {
      clearInterval(dripping);
    });
  };
  const cases: [string, RawResponder][] = [
    ['there is no response', () => undefined],
    ['the status line does not end', (socket) => socket.write('HTTP/1.1 200')],
    ['the headers do not end', (socket) => socket.write('HTTP/1.1 200 OK\r\nA: b\r\n')],
    ['nothing follows the headers', head],
    ['the body comes a byte at a time', drip],
    ['only interim responses come', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n'],
  ];

  it.each(cases)('throws ERR_ION_TIMEOUT if %s', async (_case, response) => {
    const ion = await startRawServer(response);
    const error = await failureOf(send(ion, {}, { timeout: 100 }));
    expect(error).toMatchObject({ code: 'ERR_ION_TIMEOUT', status: 504 });
    expect(error.message).toBe(
      'Ion sent no complete response to the token request within 100 ms: it is slow or cannot be reached, try again later',
    );
    expect(ion.requests).toHaveLength(1);
  });

  it('closes the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      void startRawServer((socket) =>
        socket.on('close', () => {
          resolve();
        }),
      ).then((ion) => failureOf(send(ion, {}, { timeout: 100 })));
    });
    await closed;
  });

  it('includes the wait for a connection', async () => {
    const ion = await startRawServer(() => undefined);
    const agent = keepingAgent({ maxSockets: 1 });
    const both = [send(ion, {}, { agent, timeout: 300 }), send(ion, {}, { agent, timeout: 100 })];
    const codes = (await Promise.all(both.map(failureOf))).map(({ code }) => code);
    expect(codes).toEqual(['ERR_ION_TIMEOUT', 'ERR_ION_TIMEOUT']);
    expect(ion.requests).toHaveLength(1);
  });

  it('includes both attempts if a kept connection was dead, and the error names the whole timeout', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else if (number === 2) socket.destroy();
    });
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    const error = await failureOf(send(ion, {}, { agent, timeout: 100 }));
    expect(error.code).toBe('ERR_ION_TIMEOUT');
    expect(error.message).toContain('within 100 ms');
  });
});

describe('exchange throws ERR_ION_UNREACHABLE', () => {
  const message = (code: string): string =>
    `The connection to Ion failed during the token request (${code}): check the network and that baseURL is right, or try again later`;

  it('if the connection is refused, with the reason', async () => {
    const port = await closedPort();
    const error = await failureOf(send({ url: `http://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE', status: 502 });
    expect(error.message).toBe(message('ECONNREFUSED'));
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('if the host has no address', async () => {
    const agent = keepingAgent({
      lookup: (hostname, _options, done) => {
        const reason = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
        done(Object.assign(reason, { code: 'ENOTFOUND' }), '', 4);
      },
    });
    const error = await failureOf(send({ url: 'http://ion.invalid' }, {}, { agent }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(error.message).toBe(message('ENOTFOUND'));
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'if a new connection closes without a response (%s), and does not try again',
    async (closing) => {
      const ion = await startRawServer((socket) => socket[closing]());
      const error = await failureOf(send(ion));
      expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE', status: 502 });
      expect(error.message).toBe(message('ECONNRESET'));
      expect(ion.requests).toHaveLength(1);
    },
  );

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'if the connection closes inside the body (%s), and does not try again',
    async (closing) => {
      const ion = await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"', () => socket[closing]());
      });
      expect((await failureOf(send(ion))).code).toBe('ERR_ION_UNREACHABLE');
      expect(ion.requests).toHaveLength(1);
    },
  );

  it('if the connection closes inside a chunk', async () => {
    const ion = await startRawServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"a"'),
    );
    expect((await failureOf(send(ion))).code).toBe('ERR_ION_UNREACHABLE');
  });

  it('if it sends informational responses without end', async () => {
    const endless = await startRawServer((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000));
    });
    expect(await failureOf(send(endless))).toMatchObject({ code: 'ERR_ION_UNREACHABLE' });
  });

  it('if Ion switches to another protocol', async () => {
    const ion = await startRawServer(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    );
    expect((await failureOf(send(ion))).code).toBe('ERR_ION_UNREACHABLE');
  });

  it.each([
    ['something other than HTTP', 'SSH-2.0-the-secret\r\n\r\n'],
    ['a broken header', 'HTTP/1.1 200 OK\r\nthe-secret\x01: x\r\n\r\n'],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nthe-secret\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nthe-secret'],
    ['endless headers', `HTTP/1.1 200 OK\r\nA: the-secret${'x'.repeat(100_000)}\r\n\r\n`],
  ])('if Ion sends %s, and the error holds none of it', async (_case, bytes) => {
    const error = await failureOf(send(await startRawServer(bytes)));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(error.message).toMatch(/\(HPE_\w+\)/);
    expect(logTextOf(error)).not.toContain('the-secret');
    expect(logTextOf(error)).not.toContain(Buffer.from('the-secret').toString('hex').slice(0, 12));
    expect(error.cause).not.toHaveProperty('rawPacket');
  });
});
