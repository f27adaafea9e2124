// Generates arbitrary responses: any JSON, any bytes, any status, any headers.

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { fc } from '../../support/fast-check.js';
import type { RawRequest } from '../../support/raw-server.js';

/** A function that makes a response body, which might repeat parts of the request. */
export type Body = (request: RawRequest) => Buffer;

/** The bytes of a response, and what happens to the connection after they are sent. */
export class FuzzedResponse {
  constructor(
    readonly bytes: (request: RawRequest) => Buffer,
    readonly end: 'keep' | 'close' | 'reset',
  ) {}

  /** What fast-check prints if this response makes a test fail. */
  [fc.toStringMethod](): string {
    const nothing = {
      method: '',
      path: '',
      headers: {},
      body: '',
      text: '',
      connection: 1,
      number: 1,
      kept: false,
    };
    const text = this.bytes(nothing).toString('latin1');
    return `${this.end} after ${JSON.stringify(text.slice(0, 1000))} (${text.length} bytes)`;
  }
}

/** Generates any JSON, often close to the correct response. */
function data(right: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const fields = Object.entries(right).map(
    ([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue(), echo)] as const,
  );
  // Any key might be left out.
  const nearly = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const refusal = fc.record(
    {
      error: fc.oneof(fc.constantFrom('invalid_grant', 'invalid_client'), fc.jsonValue(), echo),
      error_description: fc.oneof(fc.string({ unit: 'grapheme' }), fc.jsonValue(), echo),
      detail: fc.oneof(
        fc.constant('Authentication credentials were not provided.'),
        fc.jsonValue(),
        echo,
      ),
      details: fc.array(fc.oneof(fc.string(), echo)),
    },
    { requiredKeys: [] },
  );
  const other = fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')),
    fc.jsonValue(),
  );
  return fc.oneof(nearly, refusal, other, fc.jsonValue(), fc.constant(right));
}

/** Placeholders in a response. Each is replaced with a part of the request. */
const ECHOES = ['\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}'] as const;
const echo = fc
  .tuple(fc.string({ maxLength: 5 }), fc.constantFrom(...ECHOES), fc.string({ maxLength: 5 }))
  .map((parts) => parts.join(''));

function withEchoes(text: string, request: RawRequest): string {
  const form = new URLSearchParams(request.body);
  const token = request.headers['authorization'] ?? '';
  const values = [
    request.body,
    [...form.values()].at(-1) ?? token,
    form.get('code') ?? form.get('refresh_token') ?? token.replace('Bearer ', ''),
    Buffer.from(request.body + token).toString('base64'),
  ];
  return ECHOES.reduce(
    (filled, mark, index) =>
      filled.replaceAll(mark, () => JSON.stringify(values[index] ?? '').slice(1, -1)),
    text,
  );
}

function body(right: Readonly<Record<string, unknown>>): fc.Arbitrary<Body> {
  const json = data(right).map(
    (value): Body =>
      (request) =>
        Buffer.from(withEchoes(JSON.stringify(value), request)),
  );
  const others = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text, 'utf16le')),
    fc.nat(500_000).map((depth) => Buffer.from('['.repeat(depth))),
    fc.nat(100_000).map((depth) => Buffer.from(`${'{"id":'.repeat(depth)}1${'}'.repeat(depth)}`)),
  );
  const cut = fc.tuple(json, fc.nat(200)).map(
    ([whole, at]): Body =>
      (request) =>
        whole(request).subarray(0, at),
  );
  return fc.oneof(
    { weight: 5, arbitrary: json },
    {
      weight: 2,
      arbitrary: others.map(
        (bytes): Body =>
          () =>
            bytes,
      ),
    },
    { weight: 1, arbitrary: cut },
  );
}

const token = fc.string({
  unit: fc.constantFrom('a', 'b', 'x', 'Z', '0', '9', '-', '_', '.', '!', '#', '~'),
  minLength: 1,
});
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
});
const headers = fc.array(
  fc.oneof(
    fc.tuple(token, printable),
    fc.tuple(
      fc.constantFrom('Content-Type', 'Set-Cookie', 'WWW-Authenticate', 'Content-Encoding', 'Date'),
      printable,
    ),
    fc.tuple(
      fc.constant('Location'),
      fc.constantFrom('/login', 'https://ion.tjhsst.edu/login', 'http://127.0.0.1:1/', '::'),
    ),
    fc.tuple(fc.constant('Connection'), fc.constantFrom('close', 'keep-alive', 'upgrade', 'x')),
  ),
  { maxLength: 4 },
);

const status = fc.oneof(
  fc.constantFrom(200, 200, 200, 201, 204, 302, 304, 400, 401, 403, 404, 429, 500, 503),
  fc.integer({ min: 100, max: 999 }),
);

const codings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  // The body claims to be compressed, but isn't.
  ' GZIP ': (bytes) => bytes,
};

/** Generates HTTP responses with arbitrary contents. */
function response(right: Readonly<Record<string, unknown>>): fc.Arbitrary<FuzzedResponse> {
  return fc
    .record({
      status,
      reason: printable,
      headers,
      body: body(right),
      coding: fc.option(fc.constantFrom(...Object.keys(codings)), { freq: 5 }),
      framing: fc.oneof(
        { weight: 5, arbitrary: fc.constant('length' as const) },
        { weight: 1, arbitrary: fc.constant('chunked' as const) },
        { weight: 1, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.integer({ min: -5, max: 1e12 }) },
      ),
      end: fc.constantFrom('keep' as const, 'keep' as const, 'close' as const, 'reset' as const),
    })
    .map(({ status, reason, headers, body, coding, framing, end }) => {
      const bytes = (request: RawRequest): Buffer => {
        const plain = body(request);
        const content = coding === null ? plain : (codings[coding]?.(plain) ?? plain);
        const lines = [
          `HTTP/1.1 ${status} ${reason}`,
          ...headers.map(([name, value]) => `${name}: ${value}`),
          ...(coding === null ? [] : [`Content-Encoding: ${coding}`]),
          ...(framing === 'length' ? [`Content-Length: ${content.length}`] : []),
          ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
          ...(typeof framing === 'number' ? [`Content-Length: ${framing}`] : []),
        ];
        const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
        const size = `${content.length.toString(16)}\r\n`;
        const last = content.length === 0 ? '\r\n' : '\r\n0\r\n\r\n';
        return framing === 'chunked'
          ? Buffer.concat([head, Buffer.from(size), content, Buffer.from(last)])
          : Buffer.concat([head, content]);
      };
      // If the client cannot tell where the response ends, it waits until the connection closes.
      const complete = status >= 200 && (framing === 'length' || framing === 'chunked');
      return new FuzzedResponse(bytes, complete || end === 'reset' ? end : 'close');
    });
}

/** Bytes that don't have to be valid HTTP. */
const noise: fc.Arbitrary<FuzzedResponse> = fc
  .tuple(
    fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 101 x\r\n\r\n'),
    fc.uint8Array(),
    fc.constantFrom('close' as const, 'reset' as const),
  )
  .map(([head, bytes, end]) => {
    const all = Buffer.concat([Buffer.from(head), Buffer.from(bytes)]);
    return new FuzzedResponse(() => all, end);
  });

/** Generates any response. `right` is the JSON of the correct response. */
export function anyResponse(
  right: Readonly<Record<string, unknown>>,
): fc.Arbitrary<FuzzedResponse> {
  return fc.oneof({ weight: 8, arbitrary: response(right) }, { weight: 1, arbitrary: noise });
}
