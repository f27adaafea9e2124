// The connections to Ion: kept from one exchange to the next, or opened ahead of one that will come.

import http = require('node:http');
import https = require('node:https');
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** A connection that no request has had. */
interface Ahead {
  readonly socket: TLSSocket;
  isSecure: boolean;
}

/** Those that a request then had. */
const taken = new WeakSet<Duplex>();

/** Opens a connection ahead, on demand; the next request takes it that finds none kept. */
export class AheadAgent extends https.Agent {
  /** What made the last connection to each host and port, with the agent's name for it. */
  readonly #known = new Map<string, { name: string; options: https.RequestOptions }>();
  /** By the name too. */
  readonly #ahead = new Map<string, Ahead>();

  /** Node calls it for a request that finds no connection kept. */
  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const name = this.getName(options);
    // Without its headers, which hold a token.
    const known = { name, options: { ...options, headers: {} } };
    this.#known.set(`${options.host}:${options.port}`, known);
    return this.#take(name) ?? super.createConnection(options, callback);
  }

  /**
   * Opens a connection to this origin, unless one is kept, in use or open ahead. If it fails, the
   * exchange will tell. None is opened where none led before: the tests of an app, which make no
   * exchange with Ion, do not reach for it in this way either.
   */
  openAhead(origin: URL): void {
    const { host, port } = addressOf(origin);
    const known = this.#known.get(`${host}:${port}`);
    if (!known) return;
    const { name, options } = known;
    if (this.#ahead.has(name) || name in this.freeSockets || name in this.sockets) return;
    const socket = super.createConnection(options);
    if (socket instanceof TLSSocket) this.#watch(name, { socket, isSecure: false });
  }

  /** Closes those that no request has had. */
  discardAhead(): void {
    for (const { socket } of this.#ahead.values()) socket.destroy();
  }

  #watch(name: string, ahead: Ahead): void {
    const { socket } = ahead;
    this.#ahead.set(name, ahead);
    // It must not keep the process alive.
    socket.unref();
    socket.on('secureConnect', () => (ahead.isSecure = true));
    socket.on('error', () => undefined);
    socket.on('timeout', () => {
      if (!taken.has(socket)) socket.destroy();
    });
    socket.on('close', () => {
      if (this.#ahead.get(name) === ahead) this.#ahead.delete(name);
    });
  }

  #take(name: string): TLSSocket | undefined {
    const ahead = this.#ahead.get(name);
    // One that is still on its way may be stuck there.
    if (!ahead?.isSecure) return undefined;
    const { socket } = ahead;
    this.#ahead.delete(name);
    // Something to read before anything was asked, such as a 408: Ion is closing it.
    if (socket.destroyed || socket.readableLength > 0) {
      socket.destroy();
      return undefined;
    }
    taken.add(socket);
    return socket.ref();
  }
}

const keeping = {
  keepAlive: true,
  // For idle ones, in milliseconds.
  timeout: 4 * 60 * 1000,
  maxSockets: 64,
  scheduling: 'lifo',
} as const;
const agents = { http: new http.Agent(keeping), https: new AheadAgent(keeping) };

/** Where a connection for this URL leads, as Node's requests and agents take it. */
export function addressOf({ protocol, hostname, port }: URL): { host: string; port: string } {
  // An IPv6 address has brackets in a URL alone.
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { host, port: port || (protocol === 'https:' ? '443' : '80') };
}

/** The package's own agent for requests to this URL. */
export function agentFor({ protocol }: URL): http.Agent {
  return protocol === 'https:' ? agents.https : agents.http;
}

/** Whether the connection was open before its first request. */
export function wasOpenedAhead(socket: Duplex): boolean {
  return taken.has(socket);
}

/** Closes the connections that wait for a request to this URL's host: an agent of the app's may have others. */
export function discardWaiting(agent: Partial<http.Agent>, url: URL): void {
  const { host, port } = addressOf(url);
  // An agent that is not made of Node's may keep none.
  for (const [name, sockets] of Object.entries(agent.freeSockets ?? {})) {
    if (!name.startsWith(`${host}:${port}:`)) continue;
    for (const socket of sockets ?? []) socket.destroy();
  }
  if (agent instanceof AheadAgent) agent.discardAhead();
}
