// A server in Ion's place that answers as a test tells it, for what the local Ion never does.

import { once } from 'node:events';
import http = require('node:http');
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** An answer; or `'hang up'`, to close the connection without one. */
export type Given = Answer | 'hang up';

export type Script = (seen: Seen) => Given | Promise<Given>;

export interface ScriptedIon {
  readonly origin: string;
  /** Every request so far. */
  readonly seen: Seen[];
  /** Waits until a request that is sent now has been answered. */
  roundTrip(): Promise<void>;
  stop(): Promise<void>;
}

/** The answer that holds `data` as JSON. */
export function json(data: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) };
}

export async function startScriptedIon(script: Script): Promise<ScriptedIon> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  async function answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    seen.push(one);
    const given = await script(one);
    if (given === 'hang up') request.socket.destroy();
    else response.writeHead(given.status ?? 200, given.headers).end(given.body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The cast: a server on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    roundTrip: async () => {
      await (await fetch(`http://127.0.0.1:${port}/round-trip`)).text();
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
