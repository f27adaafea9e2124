// A connection to the faulty Ion, plain or TLS, that can also be cut off in the middle.

import type net from 'node:net';
import tls = require('node:tls');

import { contextFor } from './certificates.js';
import type { Certificate } from './certificates.js';

export type Scheme = 'http' | 'https';

/** A request as it came over the connection. */
export interface Request {
  readonly connection: IonConnection;
  /** Whether the connection has served another request before. */
  readonly kept: boolean;
  readonly method: string;
  readonly path: string;
  /** The headers, keyed by lowercase name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The whole request. */
  readonly text: string;
}

export class IonConnection {
  readonly #stream: net.Socket;

  constructor(
    readonly raw: net.Socket,
    scheme: Scheme,
    certificate: Certificate = 'good',
  ) {
    // Each write is a packet of its own.
    raw.setNoDelay(true);
    // The client may hang up.
    raw.on('error', () => undefined);
    this.#stream = scheme === 'http' ? raw : secured(raw, certificate);
  }

  /** Whether one side has closed the connection. */
  get closed(): boolean {
    return this.#stream.destroyed || this.raw.destroyed;
  }

  /** Writes the bytes; false if the buffer is full or the connection closed. */
  write(bytes: string | Buffer): boolean {
    return !this.closed && this.#stream.write(bytes);
  }

  /** Writes the last bytes, then closes properly. */
  end(bytes: string | Buffer = ''): void {
    if (!this.closed) this.#stream.end(bytes);
  }

  /** Writes the last bytes, then closes with FIN; over TLS without close_notify. */
  cut(bytes: string | Buffer = ''): void {
    this.#flush(bytes, () => this.raw.end());
  }

  /** Writes the last bytes, then closes with RST. */
  reset(bytes: string | Buffer = ''): void {
    this.#flush(bytes, () => this.raw.resetAndDestroy());
  }

  onDrain(action: () => void): void {
    this.#stream.once('drain', action);
  }

  onClose(action: () => void): void {
    this.raw.once('close', action);
  }

  onRequest(found: (request: Request) => void): void {
    let bytes = Buffer.alloc(0);
    let kept = false;
    this.#stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const parsed = parse(bytes);
      if (!parsed) return;
      bytes = bytes.subarray(parsed.length);
      const request = { ...parsed, connection: this, kept };
      kept = true;
      found(request);
    });
  }

  #flush(bytes: string | Buffer, then: () => void): void {
    if (this.closed) return;
    if (bytes.length === 0) then();
    else this.#stream.write(bytes, then);
  }
}

function secured(raw: net.Socket, certificate: Certificate): tls.TLSSocket {
  const secureContext = contextFor(certificate);
  const stream = new tls.TLSSocket(raw, { isServer: true, secureContext });
  stream.on('error', () => undefined);
  return stream;
}

function parse(
  bytes: Buffer,
): (Omit<Request, 'connection' | 'kept'> & { length: number }) | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const [method = '', path = ''] = first.split(' ');
  const body = bytes.toString('utf8', end + 4, length);
  return { method, path, headers, body, text: bytes.toString('utf8', 0, length), length };
}
