// The faulty Ion's end of a connection, plain or TLS, which it can also break off at any point.

import type net from 'node:net';
import tls = require('node:tls');

import { readRequests } from '../../support/read-requests.js';
import type { ReadRequest } from '../../support/read-requests.js';
import { contextFor } from './faulty-ion-certificates.js';
import type { Certificate } from './faulty-ion-certificates.js';

export type Scheme = 'http' | 'https';

/** A request, and the connection that it came over. */
export interface Request extends ReadRequest {
  readonly connection: FaultyIonConnection;
}

export class FaultyIonConnection {
  readonly #stream: net.Socket;

  constructor(
    readonly raw: net.Socket,
    scheme: Scheme,
    certificate: Certificate = 'good',
  ) {
    // Turn off Nagle's algorithm, so that each write is its own packet.
    raw.setNoDelay(true);
    // Ignore errors, because the client might hang up.
    raw.on('error', () => undefined);
    this.#stream = scheme === 'http' ? raw : secured(raw, certificate);
  }

  /** Whether one side has closed the connection. */
  get closed(): boolean {
    return this.#stream.destroyed || this.raw.destroyed;
  }

  /** Writes the bytes. Returns false if the buffer is full or the connection is closed. */
  write(bytes: string | Buffer): boolean {
    return !this.closed && this.#stream.write(bytes);
  }

  /** Writes the last bytes, then closes the connection cleanly: over TLS, with close_notify. */
  end(bytes: string | Buffer = ''): void {
    if (!this.closed) this.#stream.end(bytes);
  }

  /** Writes the last bytes, then closes with FIN. Over TLS, it leaves out close_notify. */
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
    readRequests(this.#stream, (request) => {
      found({ ...request, connection: this });
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
