// Defines faults in which Ion sends too much, or something that decompresses to too much.

import { once } from 'node:events';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { constants } from 'node:zlib';

import { responding, tooLarge, unreachable, unusable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import type { ResponseWriter } from '../faulty-ion.js';
import { CHUNKED, LAST_CHUNK, body, bytes, chunk, pour, rightBody } from '../response-writers.js';

const MEBIBYTE = 1024 * 1024;
const PADDING = Buffer.alloc(MEBIBYTE, ' ');

/** Sends this many mebibytes of whitespace, followed by the correct body. */
function padded(mebibytes: number): ResponseWriter[] {
  const length = (right: string): number => mebibytes * MEBIBYTE + Buffer.byteLength(right);
  return [
    (request): void => {
      const right = rightBody(request);
      request.connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length(right)}\r\n\r\n`);
      pour(request.connection, PADDING, mebibytes, right);
    },
    (request): void => {
      request.connection.write(CHUNKED);
      const last = Buffer.concat([chunk(rightBody(request)), Buffer.from(LAST_CHUNK)]);
      pour(request.connection, chunk(PADDING), mebibytes, last);
    },
    (request): void => {
      request.connection.write('HTTP/1.1 200 OK\r\n\r\n');
      pour(request.connection, PADDING, mebibytes, rightBody(request));
    },
  ];
}

/** Sends compressed whitespace that decompresses to this many mebibytes. It is compressed on first use. */
function bomb(encoding: 'gzip' | 'deflate' | 'br', mebibytes: number): ResponseWriter {
  let packed: Promise<Buffer> | undefined;
  return ({ connection }) => {
    packed ??=
      encoding === 'gzip' ? gzipped(mebibytes) : Promise.resolve(packedWith(encoding, mebibytes));
    void packed.then((content) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${content.length}`;
      connection.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), content]));
    });
  };
}

async function gzipped(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 });
  const chunks: Buffer[] = [];
  gzip.on('data', (part: Buffer) => chunks.push(part));
  const ended = once(gzip, 'end');
  for (let written = 0; written < mebibytes; written += 1) {
    if (!gzip.write(PADDING)) await once(gzip, 'drain');
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

function packedWith(encoding: 'deflate' | 'br', mebibytes: number): Buffer {
  const padding = Buffer.alloc(mebibytes * MEBIBYTE, ' ');
  if (encoding === 'deflate') return deflateSync(padding);
  // LGWIN 24 is the largest window that every decoder must support.
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 5 };
  return brotliCompressSync(padding, { params });
}

/** Sends the correct body, compressed. */
function packed(encoding: string, pack: (text: string) => Buffer): ResponseWriter {
  return body((request) => pack(rightBody(request)), { headers: { 'Content-Encoding': encoding } });
}

/** Sends whitespace and the correct body, in chunks of one byte. */
function crumbs(count: number): ResponseWriter {
  return (request) => {
    request.connection.write(CHUNKED);
    const last = [...Buffer.from(rightBody(request))].map((byte) => chunk(Buffer.from([byte])));
    pour(
      request.connection,
      String(chunk(' ')).repeat(1000),
      count / 1000,
      Buffer.concat([...last, Buffer.from(LAST_CHUNK)]),
    );
  };
}

export const sizes: readonly Fault[] = [
  responding('5 MB of padding', padded(5), tooLarge),
  responding('200 MB of padding', padded(200), tooLarge, { heavy: true }),
  responding('600 MB of padding', padded(600), tooLarge, { heavy: true }),
  responding('200,000 chunks of one byte', crumbs(200_000), well),
  responding('1,000,000 chunks of one byte', crumbs(1_000_000), well, { heavy: true }),
  responding(
    'chunks of one byte without end',
    ({ connection }) => {
      connection.write(CHUNKED);
      pour(connection, String(chunk(' ')).repeat(1000), Infinity);
    },
    tooLarge,
    { heavy: true },
  ),
  responding(
    'a deflate bomb of 50 MB, a Brotli bomb of 50 MB',
    [bomb('deflate', 50), bomb('br', 50)],
    tooLarge,
  ),
  responding('a gzip bomb of 50 MB', bomb('gzip', 50), tooLarge),
  responding('a gzip bomb of 200 MB', bomb('gzip', 200), tooLarge, { heavy: true }),
  responding('a gzip bomb of 600 MB', bomb('gzip', 600), tooLarge, { heavy: true }),
  responding('a Brotli bomb of 600 MB', bomb('br', 600), tooLarge, { heavy: true }),
  responding(
    'gzip, deflate, Brotli, though not requested',
    [
      packed('gzip', gzipSync),
      packed('x-gzip', gzipSync),
      packed('deflate', deflateSync),
      packed('br', brotliCompressSync),
    ],
    well,
  ),
  responding(
    'gzip twice',
    packed('gzip, gzip', (text) => gzipSync(gzipSync(text))),
    unusable,
  ),
  responding(
    'gzip that is cut off',
    packed('gzip', (text) => gzipSync(text).subarray(0, -9)),
    unusable,
  ),
  responding(
    'gzip that is not gzip',
    packed('gzip', (text) => Buffer.from(text)),
    unusable,
  ),
  responding('an unknown encoding', packed('zstd', gzipSync), unusable),
  responding(
    'a header of 100 kB',
    body(rightBody, { headers: { 'X-Long': 'x'.repeat(100_000) } }),
    unreachable,
  ),
  responding(
    'headers without end',
    ({ connection }) => {
      connection.write('HTTP/1.1 200 OK\r\n');
      pour(connection, 'Set-Cookie: a=b\r\n', Infinity);
    },
    unreachable,
  ),
  responding(
    'trailers without end',
    (request) => {
      request.connection.write(CHUNKED + chunk(rightBody(request)).toString() + '0\r\n');
      pour(request.connection, 'Set-Cookie: a=b\r\n', Infinity);
    },
    unreachable,
  ),
  responding(
    'a chunk extension without end',
    ({ connection }) => {
      connection.write(`${CHUNKED}1;`);
      pour(connection, 'x'.repeat(1000), Infinity);
    },
    unreachable,
  ),
  responding(
    '1,000 small headers',
    body(rightBody, {
      headers: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, ''])),
    }),
    well,
  ),
  responding(
    'a Content-Length that no memory could hold',
    bytes('HTTP/1.1 200 OK\r\nContent-Length: 9007199254740993\r\n\r\n{}'),
    tooLarge,
  ),
];
