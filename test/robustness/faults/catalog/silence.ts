// Defines faults in which Ion stops responding, so the request to it must time out.

import { responding, lookup, receiving, timeout, unreachable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import {
  CHUNKED,
  bytes,
  chunk,
  drip,
  pour,
  rightResponse,
  rightBody,
} from '../response-writers.js';

const PROMISING = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';
const INTERIM = 'HTTP/1.1 102 Processing\r\n\r\n';

export const silence: readonly Fault[] = [
  responding('no response', () => undefined, timeout),
  responding('half a status line, then nothing', bytes('HTTP/1.1 20'), timeout),
  responding('half the headers, then nothing', bytes('HTTP/1.1 200 OK\r\nServer: x\r\n'), timeout),
  responding('headers, then nothing', bytes(PROMISING), timeout),
  responding('headers of a chunked body, then nothing', bytes(CHUNKED), timeout),
  responding(
    'half the body, then nothing',
    (request) => request.connection.write(rightResponse(request).subarray(0, -10)),
    timeout,
  ),
  responding(
    'a chunked body without its last chunk, then nothing',
    (request) => request.connection.write(CHUNKED + chunk(rightBody(request)).toString()),
    timeout,
  ),
  responding(
    'a body one byte at a time, for minutes',
    ({ connection }) => {
      drip(connection, PROMISING, ' ');
    },
    timeout,
  ),
  responding(
    'headers one byte at a time, for minutes',
    ({ connection }) => {
      drip(connection, 'HTTP/1.1 200 OK\r\n', 'A: bcdefgh\r\n');
    },
    timeout,
  ),
  responding(
    'a chunk one byte at a time, for minutes',
    ({ connection }) => {
      drip(connection, `${CHUNKED}FFFFF\r\n`, ' ');
    },
    timeout,
  ),
  responding('interim responses (102), then nothing', bytes(INTERIM.repeat(50)), timeout),
  responding(
    'interim responses (102) without end',
    ({ connection }) => {
      pour(connection, INTERIM.repeat(100), Infinity);
    },
    unreachable,
  ),
  responding(
    'interim responses (100, 102, 103), then the correct one',
    [
      (request) =>
        request.connection.write(`HTTP/1.1 100 Continue\r\n\r\n${String(rightResponse(request))}`),
      (request) => request.connection.write(INTERIM.repeat(100) + String(rightResponse(request))),
      (request) =>
        request.connection.write(
          `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${String(rightResponse(request))}`,
        ),
    ],
    well,
  ),
  receiving(
    'a connection on which the TLS handshake never begins',
    () => undefined,
    timeout,
    'https',
  ),
  lookup('a DNS server that never answers', 'hangs', timeout),
];
