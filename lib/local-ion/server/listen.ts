// Starts the local Ion's HTTP server on a port, and closes it.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';

import { LocalIonError } from '../errors.js';

/** Starts a server at this host and port, and returns it with its URL. */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
): Promise<{ server: Server; baseURL: string }> {
  const server = createServer(listener);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw listenError(host, port, cause);
  }
  // The cast is safe because the server listens on a port, not on a pipe.
  const { port: chosen } = server.address() as AddressInfo;
  return { server, baseURL: `http://${reachableHost(host)}:${chosen}` };
}

// 0.0.0.0 and :: mean all addresses of this machine. Browsers cannot open them, so returns a loopback address
// instead.
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

function listenError(host: string, port: number, cause: unknown): LocalIonError {
  // The cast is safe because only a system error can make listening fail.
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'EADDRINUSE'
      ? 'is taken, perhaps by another local Ion: stop that one, choose another port, or choose 0 for any free port'
      : code === 'EACCES'
        ? 'is not allowed for this user: choose one from 1024 up, or 0 for any free port'
        : `cannot be opened (${String(code)}): check host and port`;
  const message = `local Ion: port ${port} of ${host} ${why}`;
  return new LocalIonError('ERR_LOCAL_ION_LISTEN', message, { cause });
}

/** Closes the server and all of its connections immediately. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
