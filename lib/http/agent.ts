// Manages the connections to Ion: keeps them open between requests, and opens one before a request needs it.

import http = require('node:http');
import https = require('node:https');
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { URL } from 'node:url';

/** A connection that was opened ahead of time, and that no request has used yet. */
interface ReadyConnection {
  readonly socket: TLSSocket;
  /** Whether the TLS handshake is done. */
  isSecure: boolean;
}

/** Connections that were opened ahead of time and then used for a request. */
const takenAfterOpenedAhead = new WeakSet<Duplex>();

/**
 * An agent that can open a connection before it is needed. The next request that finds no idle connection
 * uses the one that was opened ahead of time.
 */
export class ConnectAheadAgent extends https.Agent {
  /**
   * For each host and port, the options of the last connection there, and the name that Node's agent gives to
   * connections with these options (`getName`).
   */
  readonly #known = new Map<string, { name: string; options: https.RequestOptions }>();
  /** Connections that no request has used yet, by the name that `getName` returns for them. */
  readonly #ready = new Map<string, ReadyConnection>();

  /** Node calls this for a request that finds no idle connection. */
  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const name = this.getName(options);
    // The options are kept without the headers, because the headers contain a token.
    const known = { name, options: { ...options, headers: {} } };
    this.#known.set(`${options.host}:${options.port}`, known);
    return this.#take(name) ?? super.createConnection(options, callback);
  }

  /**
   * Opens a connection to this origin, unless there is already one that is idle, in use, or opened ahead of
   * time. If connecting fails, the next request fails too, and reports it. Connects only to places where a
   * request has connected before, so that an app's tests, which send nothing to Ion, don't connect to it
   * either.
   */
  openAhead(origin: URL): void {
    const { host, port } = addressOf(origin);
    const known = this.#known.get(`${host}:${port}`);
    if (!known) return;
    const { name, options } = known;
    if (this.#ready.has(name) || name in this.freeSockets || name in this.sockets) return;
    const socket = super.createConnection(options);
    if (socket instanceof TLSSocket) this.#watch(name, { socket, isSecure: false });
  }

  /** Closes the connections that were opened ahead of time but never used. */
  discardReady(): void {
    for (const { socket } of this.#ready.values()) socket.destroy();
  }

  #watch(name: string, connection: ReadyConnection): void {
    const { socket } = connection;
    this.#ready.set(name, connection);
    // An unused connection must not keep the process alive.
    socket.unref();
    socket.on('secureConnect', () => (connection.isSecure = true));
    socket.on('error', () => undefined);
    socket.on('timeout', () => {
      if (!takenAfterOpenedAhead.has(socket)) socket.destroy();
    });
    socket.on('close', () => {
      if (this.#ready.get(name) === connection) this.#ready.delete(name);
    });
  }

  #take(name: string): TLSSocket | undefined {
    const connection = this.#ready.get(name);
    // A connection that is still being opened might be stuck, so it is not used.
    if (!connection?.isSecure) return undefined;
    const { socket } = connection;
    this.#ready.delete(name);
    // If Ion sent something before any request, such as a 408, it is closing the connection.
    if (socket.destroyed || socket.readableLength > 0) {
      socket.destroy();
      return undefined;
    }
    takenAfterOpenedAhead.add(socket);
    return socket.ref();
  }
}

const IDLE_TIMEOUT_MS = 4 * 60 * 1000;
const OPTIONS = {
  keepAlive: true,
  timeout: IDLE_TIMEOUT_MS,
  maxSockets: 64,
  scheduling: 'lifo',
} as const;
const agents = { http: new http.Agent(OPTIONS), https: new ConnectAheadAgent(OPTIONS) };
/**
 * Node's global agents at the time when this module was loaded, kept to notice whether the app replaces
 * them later.
 */
const globalAgentsAtStart = { http: http.globalAgent, https: https.globalAgent };

/**
 * Returns the host and port that a request to this URL connects to, in the form that Node's requests and
 * agents use.
 */
export function addressOf({ protocol, hostname, port }: URL): { host: string; port: string } {
  // An IPv6 address has brackets only in a URL.
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { host, port: port || (protocol === 'https:' ? '443' : '80') };
}

/**
 * Returns the agent for requests to this URL: Node's global agent if it was replaced, or if something was
 * set on it, such as a CA or a proxy (as NODE_USE_ENV_PROXY does); otherwise this package's own agent.
 */
export function agentFor({ protocol }: URL): http.Agent {
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const { globalAgent, Agent } = { http, https }[scheme];
  const isUntouched =
    globalAgent === globalAgentsAtStart[scheme] && isAsNodeMadeIt(globalAgent, Agent);
  return isUntouched ? agents[scheme] : globalAgent;
}

// The options that Node itself sets on its global agents: they do not mean that anyone changed the agent.
// Node also sets `proxyEnv`, but it is not listed, because it is undefined unless a proxy is in use.
const OPTIONS_OF_NODE: ReadonlySet<string> = new Set([
  'keepAlive',
  'scheduling',
  'timeout',
  'noDelay',
  'path',
  'defaultPort',
  'protocol',
]);

// Checks the agent itself, because the app might have replaced Node's agent before this module was loaded.
function isAsNodeMadeIt(agent: http.Agent, { prototype }: typeof http.Agent): boolean {
  if (Object.getPrototypeOf(agent) !== prototype) return false;
  if (Object.hasOwn(agent, 'createConnection') || Object.hasOwn(agent, 'addRequest')) return false;
  // Cast because @types/node lacks this property, which Node documents.
  const { options = {} } = agent as { options?: Readonly<Record<string, unknown>> };
  return Object.keys(options).every(
    (name) => OPTIONS_OF_NODE.has(name) || options[name] === undefined,
  );
}

/** Whether the connection was opened before its first request was made. */
export function wasOpenedAhead(socket: Duplex): boolean {
  return takenAfterOpenedAhead.has(socket);
}

/**
 * Closes idle connections to this URL's host. Connections to other hosts, which an app's own agent might
 * have, stay open.
 */
export function discardIdle(agent: Partial<http.Agent>, url: URL): void {
  const { host, port } = addressOf(url);
  // An agent that does not extend Node's might have no `freeSockets`.
  for (const [name, sockets] of Object.entries(agent.freeSockets ?? {})) {
    if (!name.startsWith(`${host}:${port}:`)) continue;
    for (const socket of sockets ?? []) socket.destroy();
  }
  if (agent instanceof ConnectAheadAgent) agent.discardReady();
}
