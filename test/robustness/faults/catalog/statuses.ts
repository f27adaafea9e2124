// Defines faults in which the response has the wrong status, or is an HTML page.

import {
  responding,
  everywhere,
  notJSON,
  refused,
  shows,
  unreachable,
  unusable,
  well,
} from '../fault.js';
import type { Fault } from '../fault.js';
import type { ResponseWriter } from '../faulty-ion.js';
import type { OffLimitsServer } from '../off-limits-server.js';
import { body, bytes, rightBody } from '../response-writers.js';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
const PAGE = '<!DOCTYPE html>\n<html><head><title>Ion</title></head><body>{"id":1}</body></html>\n';

function page(status: string, headers: Readonly<Record<string, string>> = {}): ResponseWriter {
  return body(PAGE, { status, headers: { ...HTML, ...headers } });
}

function redirects(status: number, offLimits: Pick<OffLimitsServer, 'authority'>): Fault[] {
  const to = (location: (authority: string) => string): ResponseWriter => {
    return (request) => {
      page(`${status} Moved`, { Location: location(offLimits.authority) })(request);
    };
  };
  return [
    responding(
      `${status} to Ion's login`,
      [to(() => '/login?next=/oauth/token/'), to(() => '/oauth/token/'), to(() => '/api/profile')],
      refused(status),
    ),
    responding(
      `${status} to another host`,
      ['http://', 'https://', '//'].map((start) => to((authority) => `${start}${authority}/`)),
      refused(status),
    ),
  ];
}

export function statuses(offLimits: Pick<OffLimitsServer, 'authority'>): readonly Fault[] {
  return [
    ...[503, 500, 502, 504, 404, 400, 401, 403, 405].map((status) =>
      responding(`${status} with HTML`, page(`${status} Error`), refused(status)),
    ),
    responding(
      '429 with HTML, Retry-After',
      page('429 Too Many Requests', { 'Retry-After': '60' }),
      refused(429),
    ),
    responding('200 with HTML', page('200 OK'), notJSON),
    ...[301, 302, 303, 307, 308].flatMap((status) => redirects(status, offLimits)),
    responding(
      '300, 304, 305, 399',
      [
        page('300 Multiple Choices', { Location: '/login' }),
        bytes('HTTP/1.1 304 Not Modified\r\n\r\n'),
        page('305 Use Proxy', { Location: 'http://127.0.0.1/' }),
        page('399 Unknown'),
      ],
      refused(304),
    ),
    responding('204, no content', bytes('HTTP/1.1 204 No Content\r\n\r\n'), {
      ...everywhere(notJSON),
      // The API call returns undefined, and JSON leaves that out.
      api: shows(undefined),
    }),
    responding('205, an empty body', body('', { status: '205 Reset Content' }), {
      ...everywhere(notJSON),
      api: shows(undefined),
    }),
    responding(
      '101, another protocol',
      bytes('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      unreachable,
    ),
    responding(
      'the correct response with 201, 206, 299',
      ['201 Created', '206 Partial Content', '299 Unknown'].map((status) =>
        body(rightBody, { status }),
      ),
      well,
    ),
    responding(
      'the correct response with 500',
      body(rightBody, { status: '500 Internal Server Error' }),
      refused(500),
    ),
    responding('999, which is not a status', page('999 No'), unusable),
    responding(
      'no reason phrase',
      ({ connection, right }) =>
        connection.write(
          `HTTP/1.1 200\r\nContent-Length: ${Buffer.byteLength(JSON.stringify(right))}\r\n\r\n${JSON.stringify(right)}`,
        ),
      well,
    ),
    responding(
      'the wrong Content-Type, the correct JSON',
      [
        'text/html',
        'image/png',
        'application/json; charset=utf-16',
        'application/json; charset=latin1',
        'x',
        '',
      ].map((type) => body(rightBody, { headers: { 'Content-Type': type } })),
      well,
    ),
  ];
}
