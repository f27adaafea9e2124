// Defines faults in which the response is not HTTP, or breaks the rules of HTTP.

import { responding, unreachable, well } from '../fault.js';
import type { Fault, Outcome } from '../fault.js';
import type { ResponseWriter } from '../faulty-ion.js';
import {
  CHUNKED,
  LAST_CHUNK,
  body,
  bytes,
  chunk,
  rightResponse,
  rightBody,
} from '../response-writers.js';

/** Sends the correct body after this status line and headers. Each `\n` becomes HTTP's line break, `\r\n`. */
function under(head: string): ResponseWriter {
  return (request) => {
    const text = rightBody(request);
    const filled = head.replaceAll('LENGTH', String(Buffer.byteLength(text)));
    request.connection.end(`${filled.replaceAll('\n', '\r\n')}\r\n\r\n${text}`);
  };
}

function heads(name: string, given: readonly string[], outcome: Outcome): Fault {
  return responding(name, given.map(under), outcome);
}

export const malformedHTTP: readonly Fault[] = [
  responding(
    'not HTTP: SSH, SMTP, a TLS alert, HTTP/2, zeros',
    [
      'SSH-2.0-OpenSSH_9.2\r\n',
      '220 mail.example ESMTP\r\n',
      Buffer.from([0x15, 3, 3, 0, 2, 2, 40]),
      Buffer.from('000012040000000000000300000064', 'hex'),
      Buffer.alloc(100),
    ].map(bytes),
    unreachable,
  ),
  responding(
    'a body without headers',
    (request) => {
      request.connection.end(rightBody(request));
    },
    unreachable,
  ),
  responding(
    'not HTTP, or a broken header or chunk, that repeats the request',
    [
      ({ connection, text }): void => {
        connection.end(text);
      },
      ({ connection, text }): void => {
        connection.end(`HTTP/1.1 200 OK\r\nX-Request\0: ${text}`);
      },
      ({ connection, text }): void => {
        connection.end(`${CHUNKED}${text.replace(/^./, 'x')}`);
      },
    ],
    unreachable,
  ),
  heads(
    'another protocol or version',
    ['ICY 200 OK', 'HTTP/9.9 200 OK', 'HTTP/1.1 2000 OK', 'http/1.1 200 OK'],
    unreachable,
  ),
  heads(
    'two lengths that differ',
    [
      'HTTP/1.1 200 OK\nContent-Length: LENGTH\nContent-Length: 1',
      'HTTP/1.1 200 OK\nContent-Length: LENGTH, 1',
    ],
    unreachable,
  ),
  heads(
    'a length that is not a number',
    ['-1', 'x', '1e3', '0x10', '99999999999999999999999999'].map(
      (length) => `HTTP/1.1 200 OK\nContent-Length: ${length}`,
    ),
    unreachable,
  ),
  heads(
    'both a length and chunks',
    ['HTTP/1.1 200 OK\nContent-Length: LENGTH\nTransfer-Encoding: chunked'],
    unreachable,
  ),
  heads('a length that is too large', ['HTTP/1.1 200 OK\nContent-Length: 1LENGTH'], unreachable),
  heads('a header without a colon', ['HTTP/1.1 200 OK\nno colon here'], unreachable),
  heads('a header that contains a NUL', ['HTTP/1.1 200 OK\nA: b\0c'], unreachable),
  responding(
    'chunks with an invalid size',
    ['zz', '-5', 'ffffffffffffffffff', '', ' 5', '5 5'].map((size) =>
      bytes(`${CHUNKED}${size}\r\n{"a":1}\r\n0\r\n\r\n`),
    ),
    unreachable,
  ),
  responding(
    'a chunk that is longer than its size',
    (request) => request.connection.write(`${CHUNKED}1\r\n${rightBody(request)}\r\n${LAST_CHUNK}`),
    unreachable,
  ),
  responding(
    'the correct response, and garbage after it',
    [
      (request): void => {
        request.connection.write(
          Buffer.concat([rightResponse(request), Buffer.from('<!-- more -->')]),
        );
      },
    ],
    unreachable,
  ),
  responding(
    'two responses in a row',
    (request) =>
      request.connection.write(
        Buffer.concat([
          rightResponse(request),
          rightResponse({ ...request, right: { id: 666, access_token: 'x' } }),
        ]),
      ),
    well,
  ),
  responding(
    'the correct response, in chunks with extensions and trailers',
    (request) =>
      request.connection.write(
        `${CHUNKED}${chunk(rightBody(request)).toString().replace('\r\n', ';a="b"\r\n')}0\r\nSet-Cookie: a=b\r\n\r\n`,
      ),
    well,
  ),
  responding(
    'the correct response, with headers of every kind',
    body(rightBody, {
      headers: {
        'Set-Cookie': 'sessionid=x; Path=/',
        'Keep-Alive': 'timeout=0',
        'X-Empty': '',
        'Content-Range': 'bytes */5',
      },
    }),
    well,
  ),
];
