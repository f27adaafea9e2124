// The connections to Ion: kept open from one exchange to the next, or opened ahead of the next one.

import http = require('node:http');
import https = require('node:https');
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { URL } from 'node:url';

/** A connection that has not been used for a request yet. */
interface ReadyConnection {
  readonly socket: TLSSocket;
  /** Whether the TLS handshake is done. */
  isSecure: boolean;
}

/** Connections that were opened ahead and then used for a request. */
const takenAfterOpenedAhead = new WeakSet<Duplex>();

/** Can open a connection before it is needed; the next request that finds no idle connection uses it. */
export class ConnectAheadAgent extends https.Agent {
  /** The options of the last connection to each host and port, and the agent's name for it. */
  readonly #known = new Map<string, { name: string; options: https.RequestOptions }>();
  /** By the agent's name for the connection. */
  readonly #ready = new Map<string, ReadyConnection>();

  /** Node calls this for a request that finds no idle connection. */
  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const name = this.getName(options);
    // Without the headers, since they hold a token.
    const known = { name, options: { ...options, headers: {} } };
    this.#known.set(`${options.host}:${options.port}`, known);
    return this.#take(name) ?? super.createConnection(options, callback);
  }

  /**
   * Opens a connection to this origin, unless there is one already: idle, in use or opened ahead. If
   * that fails, the exchange will report it. It connects only to where a request has connected before,
   * so that an app's tests, which send nothing to Ion, do not connect to it either.
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

  /** Closes the connections that were opened ahead and not used. */
  discardReady(): void {
    for (const { socket } of this.#ready.values()) socket.destroy();
  }

  #watch(name: string, connection: ReadyConnection): void {
    const { socket } = connection;
    this.#ready.set(name, connection);
    // It must not keep the process alive.
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
    // A connection that is still being opened may be stuck, so it is not used.
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
/** Node's global agents when this module was loaded. The app may have replaced them before or after. */
const globalAgentsAtStart = { http: http.globalAgent, https: https.globalAgent };

/** The host and port that a request to this URL connects to, as Node's requests and agents take them. */
export function addressOf({ protocol, hostname, port }: URL): { host: string; port: string } {
  // An IPv6 address has brackets only in a URL.
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { host, port: port || (protocol === 'https:' ? '443' : '80') };
}

/**
 * The agent for requests to this URL: Node's global one if it was replaced, or if something was set on
 * it, such as a CA or a proxy (as NODE_USE_ENV_PROXY does); otherwise the package's own.
 */
export function agentFor({ protocol }: URL): http.Agent {
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const { globalAgent, Agent } = { http, https }[scheme];
  const isUntouched =
    globalAgent === globalAgentsAtStart[scheme] && isAsNodeMadeIt(globalAgent, Agent);
  return isUntouched ? agents[scheme] : globalAgent;
}

// The options that Node itself sets on its global agents. `proxyEnv` is undefined unless it is in use.
const OPTIONS_OF_NODE: ReadonlySet<string> = new Set([
  'keepAlive',
  'scheduling',
  'timeout',
  'noDelay',
  'path',
  'defaultPort',
  'protocol',
]);

// Also recognizes that the app replaced Node's agent before this module was loaded.
function isAsNodeMadeIt(agent: http.Agent, { prototype }: typeof http.Agent): boolean {
  if (Object.getPrototypeOf(agent) !== prototype) return false;
  if (Object.hasOwn(agent, 'createConnection') || Object.hasOwn(agent, 'addRequest')) return false;
  // The cast: @types/node leaves out the property, which Node documents.
  const { options = {} } = agent as { options?: Readonly<Record<string, unknown>> };
  return Object.keys(options).every(
    (name) => OPTIONS_OF_NODE.has(name) || options[name] === undefined,
  );
}

/** Whether the connection was opened ahead of its first request. */
export function wasOpenedAhead(socket: Duplex): boolean {
  return takenAfterOpenedAhead.has(socket);
}

/** Closes idle connections to this URL's host. An app's own agent may hold connections to other hosts. */
export function discardIdle(agent: Partial<http.Agent>, url: URL): void {
  const { host, port } = addressOf(url);
  // An agent that does not extend Node's may have no `freeSockets`.
  for (const [name, sockets] of Object.entries(agent.freeSockets ?? {})) {
    if (!name.startsWith(`${host}:${port}:`)) continue;
    for (const socket of sockets ?? []) socket.destroy();
  }
  if (agent instanceof ConnectAheadAgent) agent.discardReady();
}
