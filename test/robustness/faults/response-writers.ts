// Writes the faulty Ion's responses.

import { rawResponse } from '../../support/raw-server.js';
import type { FaultyIonConnection } from './faulty-ion-connection.js';
import type { ResponseWriter, ReceivedRequest } from './faulty-ion.js';

type Headers = Readonly<Record<string, string>>;

/** Returns the correct body. */
export function rightBody({ right }: ReceivedRequest): string {
  return JSON.stringify(right);
}

/** Returns the correct response. */
export function rightResponse(request: ReceivedRequest, headers: Headers = {}): Buffer {
  return rawResponse(rightBody(request), { headers });
}

/** Sends a response with this body, or with the body that this function makes from the request. */
export function body(
  content: string | Buffer | ((request: ReceivedRequest) => string | Buffer),
  { status, headers }: { status?: string; headers?: Headers } = {},
): ResponseWriter {
  return (request) => {
    const bytes = typeof content === 'function' ? content(request) : content;
    const given = { ...(status ? { status } : {}), ...(headers ? { headers } : {}) };
    request.connection.write(rawResponse(bytes, given));
  };
}

/** Sends the correct response with some values changed. Leaves out each key that is set to `undefined`. */
export function changed(changes: Readonly<Record<string, unknown>>): ResponseWriter {
  return body(({ right }) => JSON.stringify({ ...right, ...changes }));
}

/** Sends a response that consists of exactly these bytes. */
export function bytes(text: string | Buffer): ResponseWriter {
  return ({ connection }) => {
    connection.write(text);
  };
}

/** Returns one chunk of a chunked body. */
export function chunk(content: string | Buffer): Buffer {
  const size = Buffer.byteLength(content).toString(16);
  return Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
}

export const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
export const LAST_CHUNK = '0\r\n\r\n';

/** Writes `piece` this many times, then `last`. Stops if the client closes the connection. */
export function pour(
  connection: FaultyIonConnection,
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

/** Writes one byte at a time until the client closes the connection. */
export function drip(connection: FaultyIonConnection, first: string, then: string): void {
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
