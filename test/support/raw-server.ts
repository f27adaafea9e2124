// A server that sends exactly the bytes that a test gives it, and records the requests.

import { once } from 'node:events';
import net = require('node:net');
import type { AddressInfo } from 'node:net';
import tls = require('node:tls');

import { readRequests } from './read-requests.js';
import type { ReadRequest } from './read-requests.js';

/** A request, as it was received. */
export interface RawRequest extends ReadRequest {
  /** The number of the connection that the request came on, counted from 1. */
  readonly connection: number;
  /** The number of the request among all that the server received, counted from 1. */
  readonly number: number;
}

/** What a raw server does with a request: bytes to write, or a function that uses the socket. */
export type RawResponder = string | Buffer | ((socket: net.Socket, request: RawRequest) => void);

/** A running server. */
export interface RawServer {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  /** Returns the number of connections that were made to the server. */
  readonly connections: () => number;
  /** Waits for the connection with this number, from 1, and its TLS handshake. Returns the server's socket. */
  readonly connection: (number: number) => Promise<net.Socket>;
  /** Stops the server before the test ends. */
  readonly stop: () => Promise<void>;
}

interface Running {
  readonly server: net.Server;
  readonly sockets: ReadonlySet<net.Socket>;
}

const running = new Set<Running>();

afterEach(async () => {
  for (const one of running) await stop(one);
});

/** Starts a server on a free port of 127.0.0.1, for https if `secure` is given. It stops when the test ends. */
export async function startRawServer(
  respond: RawResponder,
  secure?: tls.TlsOptions,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  const made: net.Socket[] = [];
  const serve = (socket: net.Socket): void => {
    const connection = made.push(socket);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Ignore errors, because in some tests the client hangs up.
    socket.on('error', () => undefined);
    readRequests(socket, (received) => {
      const request = { ...received, connection, number: requests.length + 1 };
      requests.push(request);
      if (typeof respond === 'function') respond(socket, request);
      else socket.write(respond);
    });
    server.emit('made');
  };
  const server = secure ? tls.createServer(secure, serve) : net.createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const one = { server, sockets };
  running.add(one);
  // The cast is safe because a server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: () => made.length,
    connection: async (number) => {
      for (;;) {
        const socket = made[number - 1];
        if (socket) return socket;
        await once(server, 'made');
      }
    },
    stop: () => stop(one),
  };
}

async function stop(one: Running): Promise<void> {
  running.delete(one);
  const { server, sockets } = one;
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** Returns a port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Makes the bytes of a response, with its Content-Length. */
export function rawResponse(
  body: string | Buffer,
  {
    status = '200 OK',
    headers = {},
  }: { status?: string; headers?: Readonly<Record<string, string>> } = {},
): Buffer {
  const lines = Object.entries({ 'Content-Length': String(Buffer.byteLength(body)), ...headers });
  const head = [`HTTP/1.1 ${status}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
}
