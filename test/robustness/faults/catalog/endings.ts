// The connection ends when it should not.

import { answering, lookup, notJSON, receiving, unreachable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import type { Answer, Asked } from '../faulty-ion.js';
import { CHUNKED, chunk, rightAnswer, rightBody } from '../writing.js';

const CLOSE_DELIMITED = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';

/** Ends by FIN, by FIN in order (which differs over TLS) and by RST. */
function ended(text: (asked: Asked) => string | Buffer): Answer[] {
  return [
    (asked): void => {
      asked.connection.end(text(asked));
    },
    (asked): void => {
      asked.connection.cut(text(asked));
    },
    (asked): void => {
      asked.connection.reset(text(asked));
    },
  ];
}

/** Ends a connection that served a request before, and answers well on a new one. */
function deadIfKept(end: (asked: Asked) => void): Answer {
  return (asked) => {
    if (asked.kept) end(asked);
    else asked.connection.write(rightAnswer(asked));
  };
}

export const endings: readonly Fault[] = [
  answering(
    'closed without an answer',
    ended(() => ''),
    unreachable,
    { requests: 'again' },
  ),
  answering(
    'closed inside the status line',
    ended(() => 'HTTP/1.1 2'),
    unreachable,
  ),
  answering(
    'closed inside the headers',
    ended(() => 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n'),
    unreachable,
  ),
  answering(
    'closed inside the body',
    ended((asked) => rightAnswer(asked).subarray(0, -1)),
    unreachable,
  ),
  answering(
    'closed inside a chunk',
    ended((asked) => CHUNKED + chunk(rightBody(asked)).toString().slice(0, -10)),
    unreachable,
  ),
  answering(
    'closed before the last chunk',
    ended((asked) => CHUNKED + chunk(rightBody(asked)).toString()),
    unreachable,
  ),
  answering(
    'closed after an interim answer',
    ended(() => 'HTTP/1.1 102 Processing\r\n\r\n'),
    unreachable,
  ),
  answering(
    'a body that ends with its connection, cut',
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
  answering(
    'a body that ends with its connection, whole',
    ['HTTP/1.0 200 OK\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n', CLOSE_DELIMITED].map(
      (head): Answer =>
        ({ connection, right }) => {
          connection.end(head + JSON.stringify(right));
        },
    ),
    well,
  ),
  answering(
    'closed right after the whole answer',
    [
      (asked): void => {
        asked.connection.end(rightAnswer(asked));
      },
      (asked): void => {
        asked.connection.cut(rightAnswer(asked, { Connection: 'keep-alive' }));
      },
      (asked): void => {
        asked.connection.end(rightAnswer(asked, { Connection: 'close' }));
      },
    ],
    well,
  ),
  answering(
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
  receiving('a certificate that nobody vouches for', 'untrusted', unreachable, 'https'),
  receiving('a certificate of another host', 'wrong-host', unreachable, 'https'),
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
      // handshake_failure, fatal
      raw.once('data', () => raw.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])));
    },
    unreachable,
    'https',
  ),
  lookup('a name that nobody knows', 'fails', unreachable),
];
