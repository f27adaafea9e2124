// Reads HTTP/1.1 requests from a connection, for the servers that tests write themselves.

import type { Duplex } from 'node:stream';

/** A request, as it was received. */
export interface ReadRequest {
  readonly method: string;
  readonly path: string;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The text of the request, with its headers and body. */
  readonly text: string;
  /** Whether an earlier request came on the same connection. */
  readonly kept: boolean;
}

/** Calls `found` with each request that comes over the connection. */
export function readRequests(connection: Duplex, found: (request: ReadRequest) => void): void {
  let bytes = Buffer.alloc(0);
  let kept = false;
  connection.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return;
    const [first = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const whole = end + 4 + Number(headers['content-length'] ?? 0);
    if (bytes.length < whole) return;
    const body = bytes.toString('utf8', end + 4, whole);
    const text = bytes.toString('utf8', 0, whole);
    bytes = bytes.subarray(whole);
    const [method = '', path = ''] = first.split(' ');
    const request = { method, path, headers, body, text, kept };
    kept = true;
    found(request);
  });
}
