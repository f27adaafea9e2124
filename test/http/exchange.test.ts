import http = require('node:http');
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { IonConnectionError, IonResponseError } from '../../lib/errors.js';
import { exchange, decodeText } from '../../lib/http/exchange.js';
import type { IonHttpResponse, IonHttpRequest, Transport } from '../../lib/http/exchange.js';
import manifest from '../../package.json';
import { closedPort, rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawAnswer, RawRequest, RawServer } from '../support/raw-server.js';
import { timersLeftBy } from '../support/timers-left.js';
import { whatALogShows } from '../support/what-a-log-shows.js';

const MEBIBYTE = 1024 * 1024;
const agents: http.Agent[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** An agent that is this test's alone. */
function keepingAgent(options: http.AgentOptions = {}): http.Agent {
  const agent = new http.Agent({ keepAlive: true, ...options });
  agents.push(agent);
  return agent;
}

function ask(
  { url }: Pick<RawServer, 'url'>,
  outgoing: Partial<IonHttpRequest> = {},
  transport: Partial<Transport> = {},
): Promise<IonHttpResponse> {
  return exchange(
    {
      label: 'the token request',
      method: 'POST',
      url: new URL(`${url}/oauth/token/`),
      headers: { accept: 'application/json' },
      body: 'code=1',
      repeatable: true,
      ...outgoing,
    },
    { timeout: 5_000, ...transport },
  );
}

async function failureOf(exchanged: Promise<unknown>): Promise<IonConnectionError> {
  const error = await exchanged.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof IonConnectionError) return error;
  throw new Error(`It was to fail as a connection does, but gave ${String(error)}`);
}

async function refusalOf(exchanged: Promise<unknown>): Promise<IonResponseError> {
  const error = await exchanged.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof IonResponseError) return error;
  throw new Error(`The answer was to be refused, but gave ${String(error)}`);
}

/** Answers the first request of each connection, and does `then` with the others. */
function onceEach(then: (socket: Socket, request: RawRequest) => void): RawAnswer {
  return (socket, request) => {
    if (request.kept) then(socket, request);
    else socket.write(rawResponse('first'));
  };
}

describe('a request', () => {
  it('carries method, path, body and its length in bytes', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await ask(ion, { body: 'name=Zoë' });
    expect(ion.requests).toHaveLength(1);
    expect(ion.requests[0]).toMatchObject({
      method: 'POST',
      path: '/oauth/token/',
      body: 'name=Zoë',
    });
    expect(ion.requests[0]?.headers['content-length']).toBe('9');
    expect(ion.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('says who we are, what we take, and no Origin', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await ask(ion);
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

  it('has no body where there is none to send', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await exchange(
      { label: 'it', method: 'GET', url: new URL(`${ion.url}/api`), headers: {}, repeatable: true },
      { timeout: 5_000 },
    );
    expect(ion.requests[0]).toMatchObject({ method: 'GET', path: '/api', body: '' });
    expect(ion.requests[0]?.headers).not.toHaveProperty('content-length');
  });

  it('carries custom headers, which may name the app but give way to those of the protocol', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const customHeaders = { 'user-agent': 'lunch/1', accept: 'text/html', 'x-app': ['a', 'b'] };
    await ask(ion, {}, { customHeaders });
    expect(ion.requests[0]?.headers).toMatchObject({
      'user-agent': 'lunch/1',
      accept: 'application/json',
      'x-app': 'b',
      'content-length': '6',
    });
  });

  it('gives the length of its own body, whatever a custom header says', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await ask(ion, {}, { customHeaders: { 'content-length': '3' } });
    expect(ion.requests[0]?.body).toBe('code=1');
  });

  it('goes through the agent that was set', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
  });

  it('keeps its connection for the next', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    await ask(ion);
    await ask(ion);
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('leaves no timer behind', async () => {
    const left = await timersLeftBy(async () => {
      await ask(await startRawServer(rawResponse('{}')));
      await failureOf(ask({ url: `http://127.0.0.1:${await closedPort()}` }));
    });
    expect(left).toEqual([]);
  });

  it('that Node will not send fails as one that could not be sent', async () => {
    const header = { authorization: 'Bearer a\nb-the-secret' };
    const error = await failureOf(ask({ url: 'http://127.0.0.1:1' }, { headers: header }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(whatALogShows(error)).not.toContain('the-secret');
  });
});

describe('an answer', () => {
  it('is given whole, with its status and headers', async () => {
    const answer = rawResponse('{"a":1}', { status: '418 Teapot', headers: { 'X-Ion': 'yes' } });
    const { status, headers, body, message } = await ask(await startRawServer(answer));
    expect(status).toBe(418);
    expect(headers['x-ion']).toBe('yes');
    expect(body.toString()).toBe('{"a":1}');
    expect(message.statusCode).toBe(418);
  });

  it('is read as UTF-8 once whole, wherever the packets cut it', async () => {
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
      expect(decodeText((await ask(ion)).body)).toBe(text);
    }
  });

  it.each([301, 302, 303, 307, 308])('that redirects with %i is not followed', async (status) => {
    const elsewhere = await startRawServer(rawResponse('{}'));
    const headers = { Location: `${elsewhere.url}/login` };
    const ion = await startRawServer(rawResponse('moved', { status: `${status} Moved`, headers }));
    const incoming = await ask(ion);
    expect(incoming.status).toBe(status);
    expect(elsewhere.connections()).toBe(0);
    expect(ion.requests).toHaveLength(1);
  });

  it('that comes after informational ones is the one that counts', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    const bytes = Buffer.concat([Buffer.from(early), rawResponse('{}')]);
    expect((await ask(await startRawServer(bytes))).status).toBe(200);
  });

  it('that has no length ends with its connection', async () => {
    const ion = await startRawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
    expect(decodeText((await ask(ion)).body)).toBe('{"a":1}');
  });

  describe('compressed, though nobody asked for it,', () => {
    const text = '{"first_name":"Zoë"}';
    const cases: [string, Buffer][] = [
      ['gzip', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['br', brotliCompressSync(text)],
      ['identity', Buffer.from(text)],
    ];

    it.each(cases)('is read: %s', async (encoding, bytes) => {
      const headers = { 'Content-Encoding': encoding };
      const ion = await startRawServer(rawResponse(bytes, { headers }));
      expect(decodeText((await ask(ion)).body)).toBe(text);
    });

    it.each(['zstd', 'gzip, gzip', 'compress', 'x'])(
      'is refused where it cannot be read: %s',
      async (encoding) => {
        const headers = { 'Content-Encoding': encoding };
        const ion = await startRawServer(rawResponse(text, { headers }));
        const error = await refusalOf(ask(ion));
        expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502 });
        expect(error.message).toMatch(
          /^Ion answered 200 to the token request in a content encoding/,
        );
      },
    );

    it.each(['gzip', 'deflate', 'br'])(
      'is refused where it is not what it says: %s',
      async (encoding) => {
        const headers = { 'Content-Encoding': encoding };
        const ion = await startRawServer(rawResponse('{"not":"compressed"}', { headers }));
        const error = await refusalOf(ask(ion));
        expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502 });
        expect(ion.requests).toHaveLength(1);
      },
    );

    it.each(['gzip', 'deflate', 'br'])('may be empty: %s', async (encoding) => {
      const headers = { 'Content-Encoding': encoding };
      const ion = await startRawServer(rawResponse('', { headers }));
      expect((await ask(ion)).body).toHaveLength(0);
    });

    it('fails where it is cut', async () => {
      const whole = rawResponse(gzipSync(text.repeat(100)), {
        headers: { 'Content-Encoding': 'gzip' },
      });
      const ion = await startRawServer((socket) => socket.end(whole.subarray(0, -8)));
      expect((await failureOf(ask(ion))).code).toBe('ERR_ION_UNREACHABLE');
    });
  });

  describe('of a mebibyte', () => {
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

    it.each(forms)('is read, %s', async (_form, bytes) => {
      const { body } = await ask(await startRawServer(bytes(largest)));
      expect(body.equals(largest)).toBe(true);
    });

    it.each(forms)('and a byte is refused, %s', async (_form, bytes) => {
      const tooMuch = Buffer.concat([largest, Buffer.from('x')]);
      const error = await refusalOf(ask(await startRawServer(bytes(tooMuch))));
      expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE_TOO_LARGE', status: 502 });
      expect(error.message).toBe(
        'Ion answered 200 to the token request with more than 1 MiB, which Ion never sends: check that baseURL is Ion',
      );
    });

    it('and more is refused by its Content-Length, before a byte of it', async () => {
      const heads = ['', 'Content-Encoding: gzip\r\n', 'Content-Encoding: br\r\n'];
      for (const extra of heads) {
        const ion = await startRawServer(
          `HTTP/1.1 503 Busy\r\n${extra}Content-Length: ${MEBIBYTE + 1}\r\n\r\n`,
        );
        const error = await refusalOf(ask(ion));
        expect(error).toMatchObject({
          code: 'ERR_ION_RESPONSE_TOO_LARGE',
          status: 502,
          ionStatus: 503,
        });
      }
    });

    it('and more closes the connection', async () => {
      const closed = new Promise<void>((resolve) => {
        void startRawServer((socket) => {
          socket.on('close', () => {
            resolve();
          });
          socket.write(chunked(Buffer.concat([largest, largest])).subarray(0, -5));
        }).then((ion) => refusalOf(ask(ion)));
      });
      await closed;
    });

    it('and more is refused where a few bytes unpack to 50 MiB', async () => {
      const ion = await startRawServer(gzipped(Buffer.alloc(50 * MEBIBYTE)));
      expect((await refusalOf(ask(ion))).code).toBe('ERR_ION_RESPONSE_TOO_LARGE');
    });
  });
});

describe('the deadline', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
  const drip = (socket: Socket): void => {
    socket.write(head);
    const dripping = setInterval(() => socket.write('x'), 10);
    socket.on('close', () => {
      clearInterval(dripping);
    });
  };
  const cases: [string, RawAnswer][] = [
    ['there is no answer', () => undefined],
    ['the status line does not end', (socket) => socket.write('HTTP/1.1 200')],
    ['the headers do not end', (socket) => socket.write('HTTP/1.1 200 OK\r\nA: b\r\n')],
    ['nothing follows the headers', head],
    ['the body comes a byte at a time', drip],
    ['only interim answers come', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n'],
  ];

  it.each(cases)('ends the exchange where %s', async (_case, answer) => {
    const ion = await startRawServer(answer);
    const error = await failureOf(ask(ion, {}, { timeout: 100 }));
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
      ).then((ion) => failureOf(ask(ion, {}, { timeout: 100 })));
    });
    await closed;
  });

  it('counts the wait for a connection', async () => {
    const ion = await startRawServer(() => undefined);
    const agent = keepingAgent({ maxSockets: 1 });
    const both = [ask(ion, {}, { agent, timeout: 300 }), ask(ion, {}, { agent, timeout: 100 })];
    const codes = (await Promise.all(both.map(failureOf))).map(({ code }) => code);
    expect(codes).toEqual(['ERR_ION_TIMEOUT', 'ERR_ION_TIMEOUT']);
    expect(ion.requests).toHaveLength(1);
  });

  it('counts both attempts where a kept connection was dead, and names the time that was allowed', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else if (number === 2) socket.destroy();
    });
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    const error = await failureOf(ask(ion, {}, { agent, timeout: 100 }));
    expect(error.code).toBe('ERR_ION_TIMEOUT');
    expect(error.message).toContain('within 100 ms');
  });
});

describe('a connection', () => {
  const message = (code: string): string =>
    `The connection to Ion failed during the token request (${code}): check the network and that baseURL is right, or try again later`;

  it('that is refused fails the exchange, with the reason', async () => {
    const port = await closedPort();
    const error = await failureOf(ask({ url: `http://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE', status: 502 });
    expect(error.message).toBe(message('ECONNREFUSED'));
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('to a host that has no address fails the exchange', async () => {
    const agent = keepingAgent({
      lookup: (hostname, _options, done) => {
        const reason = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
        done(Object.assign(reason, { code: 'ENOTFOUND' }), '', 4);
      },
    });
    const error = await failureOf(ask({ url: 'http://ion.invalid' }, {}, { agent }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(error.message).toBe(message('ENOTFOUND'));
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'that is new and gives no answer (%s) fails the exchange, which is not made again',
    async (closing) => {
      const ion = await startRawServer((socket) => socket[closing]());
      const error = await failureOf(ask(ion));
      expect(error).toMatchObject({ code: 'ERR_ION_UNREACHABLE', status: 502 });
      expect(error.message).toBe(message('ECONNRESET'));
      expect(ion.requests).toHaveLength(1);
    },
  );

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'that ends inside a body (%s) fails the exchange, which is not made again',
    async (closing) => {
      const ion = await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a"', () => socket[closing]());
      });
      expect((await failureOf(ask(ion))).code).toBe('ERR_ION_UNREACHABLE');
      expect(ion.requests).toHaveLength(1);
    },
  );

  it('that ends inside a chunk fails the exchange', async () => {
    const ion = await startRawServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"a"'),
    );
    expect((await failureOf(ask(ion))).code).toBe('ERR_ION_UNREACHABLE');
  });

  it('that is switched to another protocol fails the exchange', async () => {
    const ion = await startRawServer(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    );
    expect((await failureOf(ask(ion))).code).toBe('ERR_ION_UNREACHABLE');
  });

  it.each([
    ['no HTTP', 'SSH-2.0-the-secret\r\n\r\n'],
    ['a broken header', 'HTTP/1.1 200 OK\r\nthe-secret\x01: x\r\n\r\n'],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nthe-secret\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nthe-secret'],
    ['endless headers', `HTTP/1.1 200 OK\r\nA: the-secret${'x'.repeat(100_000)}\r\n\r\n`],
  ])('that speaks %s fails the exchange, and the error holds none of it', async (_case, bytes) => {
    const error = await failureOf(ask(await startRawServer(bytes)));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(error.message).toMatch(/\(HPE_\w+\)/);
    expect(whatALogShows(error)).not.toContain('the-secret');
    expect(whatALogShows(error)).not.toContain(
      Buffer.from('the-secret').toString('hex').slice(0, 12),
    );
    expect(error.cause).not.toHaveProperty('rawPacket');
  });
});

describe('a kept connection that turns out dead', () => {
  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'is replaced, and the exchange made once more (%s)',
    async (closing) => {
      const ion = await startRawServer(onceEach((socket) => socket[closing]()));
      const agent = keepingAgent();
      await ask(ion, {}, { agent });
      const { body } = await ask(ion, { body: 'code=2' }, { agent });
      expect(decodeText(body)).toBe('first');
      expect(ion.requests.map(({ connection, body: sent }) => [connection, sent])).toEqual([
        [1, 'code=1'],
        [1, 'code=2'],
        [2, 'code=2'],
      ]);
    },
  );

  it('takes the others with it, which are as old', async () => {
    const waiting: Socket[] = [];
    const ion = await startRawServer((socket, { kept, connection }) => {
      if (kept) socket.destroy();
      else if (connection > 4) socket.write(rawResponse('new'));
      else if (waiting.push(socket) === 4) {
        for (const each of waiting) each.write(rawResponse('old'));
      }
    });
    const agent = keepingAgent();
    await Promise.all([1, 2, 3, 4].map(() => ask(ion, {}, { agent })));
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(4);
    expect(decodeText((await ask(ion, {}, { agent })).body)).toBe('new');
    // Four on the old connections, one that died, one on a new connection.
    expect(ion.requests).toHaveLength(6);
    expect(ion.connections()).toBe(5);
  });

  it('is replaced for each of several exchanges at once', async () => {
    const ion = await startRawServer(
      onceEach((socket) => {
        socket.destroy();
      }),
    );
    const agent = keepingAgent();
    await Promise.all([1, 2, 3].map(() => ask(ion, {}, { agent })));
    const again = await Promise.all([1, 2, 3].map(() => ask(ion, {}, { agent })));
    expect(again.map(({ body }) => decodeText(body))).toEqual(['first', 'first', 'first']);
  });

  it('is replaced where the exchange had waited for it', async () => {
    // No `Connection: close`: the client keeps the connection, and the next in line gets it.
    const ion = await startRawServer((socket, { kept }) => {
      if (kept) socket.destroy();
      else socket.write(rawResponse('first'));
    });
    const agent = keepingAgent({ maxSockets: 1 });
    const both = await Promise.all([ask(ion, {}, { agent }), ask(ion, {}, { agent })]);
    expect(both.map(({ body }) => decodeText(body))).toEqual(['first', 'first']);
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('is replaced once only', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else socket.destroy();
    });
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    expect((await failureOf(ask(ion, {}, { agent }))).code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(3);
  });

  it.each([
    ['a byte', 'H'],
    ['headers', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'],
    ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('after %s of an answer is no reason to ask again', async (_case, bytes) => {
    const ion = await startRawServer(
      onceEach((socket) => {
        socket.write(bytes, () => socket.resetAndDestroy());
      }),
    );
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    expect((await failureOf(ask(ion, {}, { agent }))).code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it('fails the exchange where a new connection cannot be made', async () => {
    const ion = await startRawServer(onceEach((socket) => socket.destroy()));
    let made = 0;
    const agent = keepingAgent();
    const { createConnection } = agent as unknown as { createConnection: typeof http.Agent };
    Object.assign(agent, {
      createConnection(this: http.Agent, ...parameters: unknown[]) {
        made += 1;
        if (made > 1) throw Object.assign(new Error('no more'), { code: 'EMFILE' });
        return Reflect.apply(createConnection, this, parameters) as Socket;
      },
    });
    await ask(ion, {}, { agent });
    const error = await failureOf(ask(ion, {}, { agent }));
    expect(error.message).toContain('(EMFILE)');
  });
});

describe('an exchange that may not be repeated', () => {
  it('takes a new connection, though one is kept', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    await ask(ion, { repeatable: false }, { agent });
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('leaves alone what its agent keeps for other hosts', async () => {
    const [ion, other] = [
      await startRawServer(rawResponse('{}')),
      await startRawServer(rawResponse('{}')),
    ];
    const agent = keepingAgent();
    await ask(other, {}, { agent });
    await ask(ion, { repeatable: false }, { agent });
    await ask(other, {}, { agent });
    expect(other.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('is never sent twice', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else socket.destroy();
    });
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    const error = await failureOf(ask(ion, { repeatable: false }, { agent }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it('is never sent twice, even where it had to wait for a connection that then was dead', async () => {
    const ion = await startRawServer(onceEach((socket) => socket.destroy()));
    const agent = keepingAgent({ maxSockets: 1 });
    const first = ask(ion, {}, { agent });
    const error = await failureOf(ask(ion, { repeatable: false }, { agent }));
    expect((await first).status).toBe(200);
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it('works with an agent that keeps no connections and is not made by Node', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const plain = keepingAgent({ keepAlive: false });
    // As the agents of the package `tunnel` are: they have this one method.
    const agent = {
      addRequest(...parameters: unknown[]): void {
        const { addRequest } = plain as unknown as { addRequest: (...p: unknown[]) => void };
        addRequest.apply(plain, parameters);
      },
    } as unknown as http.Agent;
    const { status } = await ask(ion, { repeatable: false }, { agent });
    expect(status).toBe(200);
  });
});

describe('a connection that fails while idle', () => {
  it("is nobody's error", async () => {
    const sockets: Socket[] = [];
    const ion = await startRawServer((socket) => {
      sockets.push(socket);
      socket.write(rawResponse('{}'));
    });
    const agent = keepingAgent();
    await ask(ion, {}, { agent });
    const [kept] = Object.values(agent.freeSockets).flat();
    if (!kept) throw new Error('No connection was kept');
    const closed = new Promise((resolve) => kept.once('close', resolve));
    sockets[0]?.resetAndDestroy();
    await closed;
    expect((await ask(ion, {}, { agent })).status).toBe(200);
    expect(ion.requests).toHaveLength(2);
  });
});
