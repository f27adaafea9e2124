// Tests the function `exchange` on a kept connection that is dead: it sends a request again only if the
// request may be sent twice.

import http = require('node:http');
import type { Socket } from 'node:net';

import { decodeText } from '../../lib/http/exchange.js';
import { keepingAgent } from '../support/agents.js';
import { failureOf, send } from '../support/exchanges.js';
import { rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawRequest, RawResponder } from '../support/raw-server.js';

/** Responds to the first request on each connection as usual, and calls `then` for later ones. */
function onceEach(then: (socket: Socket, request: RawRequest) => void): RawResponder {
  return (socket, request) => {
    if (request.kept) then(socket, request);
    else socket.write(rawResponse('first'));
  };
}

describe('exchange, on a kept connection that is dead', () => {
  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'sends the request again on a new connection (%s)',
    async (closing) => {
      const ion = await startRawServer(onceEach((socket) => socket[closing]()));
      const agent = keepingAgent();
      await send(ion, {}, { agent });
      const { body } = await send(ion, { body: 'code=2' }, { agent });
      expect(decodeText(body)).toBe('first');
      expect(ion.requests.map(({ connection, body: sent }) => [connection, sent])).toEqual([
        [1, 'code=1'],
        [1, 'code=2'],
        [2, 'code=2'],
      ]);
    },
  );

  it('closes the other idle connections too, since they are as old', async () => {
    const waiting: Socket[] = [];
    const ion = await startRawServer((socket, { kept, connection }) => {
      if (kept) socket.destroy();
      else if (connection > 4) socket.write(rawResponse('new'));
      else if (waiting.push(socket) === 4) {
        for (const each of waiting) each.write(rawResponse('old'));
      }
    });
    const agent = keepingAgent();
    await Promise.all([1, 2, 3, 4].map(() => send(ion, {}, { agent })));
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(4);
    expect(decodeText((await send(ion, {}, { agent })).body)).toBe('new');
    // Ion got six requests: four on the old connections, one on an old connection that died, and the same one
    // again on a new connection.
    expect(ion.requests).toHaveLength(6);
    expect(ion.connections()).toBe(5);
  });

  it('sends each of several requests again', async () => {
    const ion = await startRawServer(
      onceEach((socket) => {
        socket.destroy();
      }),
    );
    const agent = keepingAgent();
    await Promise.all([1, 2, 3].map(() => send(ion, {}, { agent })));
    const again = await Promise.all([1, 2, 3].map(() => send(ion, {}, { agent })));
    expect(again.map(({ body }) => decodeText(body))).toEqual(['first', 'first', 'first']);
  });

  it('sends a request again that had waited for the connection', async () => {
    // The response has no `Connection: close`, so the client sends the second request on the same connection.
    const ion = await startRawServer((socket, { kept }) => {
      if (kept) socket.destroy();
      else socket.write(rawResponse('first'));
    });
    const agent = keepingAgent({ maxSockets: 1 });
    const both = await Promise.all([send(ion, {}, { agent }), send(ion, {}, { agent })]);
    expect(both.map(({ body }) => decodeText(body))).toEqual(['first', 'first']);
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('sends the request again only once', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else socket.destroy();
    });
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    expect((await failureOf(send(ion, {}, { agent }))).code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(3);
  });

  it.each([
    ['a byte', 'H'],
    ['headers', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'],
    ['an interim response', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('does not send the request again after %s of a response', async (_case, bytes) => {
    const ion = await startRawServer(
      onceEach((socket) => {
        socket.write(bytes, () => socket.resetAndDestroy());
      }),
    );
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    expect((await failureOf(send(ion, {}, { agent }))).code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it('throws if a new connection cannot be opened', async () => {
    const ion = await startRawServer(onceEach((socket) => socket.destroy()));
    let made = 0;
    const agent = keepingAgent();
    const { createConnection } = agent as unknown as { createConnection: typeof http.Agent };
    Object.assign(agent, {
      createConnection(this: http.Agent, ...parameters: unknown[]) {
        made += 1;
        if (made > 1) throw Object.assign(new Error('no more'), { code: 'EMFILE' });
        return Reflect.apply(createConnection, this, parameters) as Socket;
      },
    });
    await send(ion, {}, { agent });
    const error = await failureOf(send(ion, {}, { agent }));
    expect(error.message).toContain('(EMFILE)');
  });
});

describe('exchange, with a request that is not repeatable', () => {
  it('opens a new connection, though one is kept', async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    await send(ion, { repeatable: false }, { agent });
    expect(ion.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it("does not close the agent's connections to other hosts", async () => {
    const [ion, other] = [
      await startRawServer(rawResponse('{}')),
      await startRawServer(rawResponse('{}')),
    ];
    const agent = keepingAgent();
    await send(other, {}, { agent });
    await send(ion, { repeatable: false }, { agent });
    await send(other, {}, { agent });
    expect(other.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  it('does not send it twice', async () => {
    const ion = await startRawServer((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('first'));
      else socket.destroy();
    });
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    const error = await failureOf(send(ion, { repeatable: false }, { agent }));
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it('does not send it twice even if it waited for a connection that was dead', async () => {
    const ion = await startRawServer(onceEach((socket) => socket.destroy()));
    const agent = keepingAgent({ maxSockets: 1 });
    const first = send(ion, {}, { agent });
    const error = await failureOf(send(ion, { repeatable: false }, { agent }));
    expect((await first).status).toBe(200);
    expect(error.code).toBe('ERR_ION_UNREACHABLE');
    expect(ion.requests).toHaveLength(2);
  });

  it("works with an agent that keeps no connections and does not extend Node's", async () => {
    const ion = await startRawServer(rawResponse('{}'));
    const plain = keepingAgent({ keepAlive: false });
    // Like the agents from the package `tunnel`, this one has only the method addRequest.
    const agent = {
      addRequest(...parameters: unknown[]): void {
        const { addRequest } = plain as unknown as { addRequest: (...p: unknown[]) => void };
        addRequest.apply(plain, parameters);
      },
    } as unknown as http.Agent;
    const { status } = await send(ion, { repeatable: false }, { agent });
    expect(status).toBe(200);
  });
});

describe('exchange, after which the kept connection fails while idle', () => {
  it('leaves no error unhandled', async () => {
    const sockets: Socket[] = [];
    const ion = await startRawServer((socket) => {
      sockets.push(socket);
      socket.write(rawResponse('{}'));
    });
    const agent = keepingAgent();
    await send(ion, {}, { agent });
    const [kept] = Object.values(agent.freeSockets).flat();
    if (!kept) throw new Error('No connection was kept');
    const closed = new Promise((resolve) => kept.once('close', resolve));
    sockets[0]?.resetAndDestroy();
    await closed;
    expect((await send(ion, {}, { agent })).status).toBe(200);
    expect(ion.requests).toHaveLength(2);
  });
});
