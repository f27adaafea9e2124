// Defines faults in which the connection ends too early, or cannot be made.

import { responding, lookup, notJSON, receiving, unreachable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import type { ResponseWriter, ReceivedRequest } from '../faulty-ion.js';
import { CHUNKED, chunk, rightResponse, rightBody } from '../response-writers.js';

const CLOSE_DELIMITED = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';

/**
 * Ends the connection with close_notify and FIN, with only FIN, or with RST. Without TLS, the first two are
 * alike.
 */
function ended(text: (request: ReceivedRequest) => string | Buffer): ResponseWriter[] {
  return [
    (request): void => {
      request.connection.end(text(request));
    },
    (request): void => {
      request.connection.cut(text(request));
    },
    (request): void => {
      request.connection.reset(text(request));
    },
  ];
}

/** Ends a connection that has already served a request, and responds correctly on a new one. */
function deadIfKept(end: (request: ReceivedRequest) => void): ResponseWriter {
  return (request) => {
    if (request.kept) end(request);
    else request.connection.write(rightResponse(request));
  };
}

export const connectionFailures: readonly Fault[] = [
  responding(
    'closed without a response',
    ended(() => ''),
    unreachable,
    { requests: 'again' },
  ),
  responding(
    'closed inside the status line',
    ended(() => 'HTTP/1.1 2'),
    unreachable,
  ),
  responding(
    'closed inside the headers',
    ended(() => 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n'),
    unreachable,
  ),
  responding(
    'closed inside the body',
    ended((request) => rightResponse(request).subarray(0, -1)),
    unreachable,
  ),
  responding(
    'closed inside a chunk',
    ended((request) => CHUNKED + chunk(rightBody(request)).toString().slice(0, -10)),
    unreachable,
  ),
  responding(
    'closed before the last chunk',
    ended((request) => CHUNKED + chunk(rightBody(request)).toString()),
    unreachable,
  ),
  responding(
    'closed after an interim response',
    ended(() => 'HTTP/1.1 102 Processing\r\n\r\n'),
    unreachable,
  ),
  responding(
    'a body that ends with its connection, cut off',
    [
      ({ connection, right }): void => {
        connection.end(CLOSE_DELIMITED + JSON.stringify(right).slice(0, -1));
      },
      ({ connection, right }): void => {
        connection.cut(CLOSE_DELIMITED + JSON.stringify(right).slice(0, -1));
      },
    ],
    notJSON,
  ),
  responding(
    'a body that ends with its connection, whole',
    ['HTTP/1.0 200 OK\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', CLOSE_DELIMITED].map(
      (head): ResponseWriter =>
        ({ connection, right }) => {
          connection.end(head + JSON.stringify(right));
        },
    ),
    well,
  ),
  responding(
    'closed right after the whole response',
    [
      (request): void => {
        request.connection.end(rightResponse(request));
      },
      (request): void => {
        request.connection.cut(rightResponse(request, { Connection: 'keep-alive' }));
      },
      (request): void => {
        request.connection.end(rightResponse(request, { Connection: 'close' }));
      },
    ],
    well,
  ),
  responding(
    'every kept connection closed when it is used again',
    [
      deadIfKept(({ connection }) => {
        connection.end();
      }),
      deadIfKept(({ connection }) => {
        connection.cut();
      }),
      deadIfKept(({ connection }) => {
        connection.reset();
      }),
    ],
    well,
    { requests: 'again' },
  ),
  receiving('connection refused', 'refused', unreachable),
  receiving(
    'connection reset when it is made',
    (raw) => {
      raw.resetAndDestroy();
    },
    unreachable,
  ),
  receiving(
    'connection closed when it is made',
    (raw) => {
      raw.end();
    },
    unreachable,
  ),
  receiving('a certificate from an unknown authority', 'untrusted', unreachable, 'https'),
  receiving('a certificate for another host', 'wrong-host', unreachable, 'https'),
  receiving('a certificate that has expired', 'expired', unreachable, 'https'),
  receiving('a certificate that is not valid yet', 'not-yet-valid', unreachable, 'https'),
  receiving(
    'plain HTTP where TLS should be',
    (raw) => {
      raw.once('data', () => raw.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    },
    unreachable,
    'https',
  ),
  receiving(
    'a TLS alert in place of a handshake',
    (raw) => {
      // A fatal TLS alert: handshake_failure.
      raw.once('data', () => raw.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])));
    },
    unreachable,
    'https',
  ),
  lookup('an unknown host name', 'fails', unreachable),
];
