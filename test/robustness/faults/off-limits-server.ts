// A server that the faulty Ion redirects to. The app must never connect to it.

import { once } from 'node:events';
import net = require('node:net');
import type { AddressInfo } from 'node:net';

export class OffLimitsServer {
  connections = 0;
  readonly #server = net.createServer((socket) => {
    this.connections += 1;
    socket.destroy();
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** The server's host and port. */
  get authority(): string {
    // The cast is safe because the server listens on a port.
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
