// Answers, written as bytes and in ways that a fault needs.

import { rawResponse } from '../../support/raw-server.js';
import type { Connection } from './connection.js';
import type { Answer, Asked } from './faulty-ion.js';

type Headers = Readonly<Record<string, string>>;

/** The right answer, as JSON. */
export function rightBody({ right }: Asked): string {
  return JSON.stringify(right);
}

/** The right answer, whole. */
export function rightAnswer(asked: Asked, headers: Headers = {}): Buffer {
  return rawResponse(rightBody(asked), { headers });
}

/** An answer with this body; with what is made of the right one. */
export function body(
  content: string | Buffer | ((asked: Asked) => string | Buffer),
  { status, headers }: { status?: string; headers?: Headers } = {},
): Answer {
  return (asked) => {
    const bytes = typeof content === 'function' ? content(asked) : content;
    const given = { ...(status ? { status } : {}), ...(headers ? { headers } : {}) };
    asked.connection.write(rawResponse(bytes, given));
  };
}

/** The right JSON with other values for some keys; `undefined` leaves one out. */
export function changed(changes: Readonly<Record<string, unknown>>): Answer {
  return body(({ right }) => JSON.stringify({ ...right, ...changes }));
}

/** Exactly these bytes. */
export function bytes(text: string | Buffer): Answer {
  return ({ connection }) => {
    connection.write(text);
  };
}

/** One chunk of a chunked body. */
export function chunk(content: string | Buffer): Buffer {
  const size = Buffer.byteLength(content).toString(16);
  return Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
}

export const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
export const LAST_CHUNK = '0\r\n\r\n';

/** Writes `piece` over and over, `times` times or until the client has had enough; then `last`. */
export function pour(
  connection: Connection,
  piece: string | Buffer,
  times: number,
  last: string | Buffer = '',
): void {
  let left = times;
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (!connection.write(piece)) {
        if (!connection.closed) connection.onDrain(more);
        return;
      }
    }
    connection.write(last);
  };
  more();
}

/** Writes a byte at a time until the client has had enough. */
export function drip(connection: Connection, first: string, then: string): void {
  connection.write(first);
  let next = 0;
  const dripping = setInterval(() => {
    connection.write(then.charAt(next % then.length));
    next += 1;
  }, 10);
  connection.onClose(() => {
    clearInterval(dripping);
  });
}
