// Tests that connectAhead opens a connection ahead of time, and that the next request uses it.

import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type http = require('node:http');
import https = require('node:https');
import net = require('node:net');

import { ConnectAheadAgent } from '../../lib/http/agent.js';
import { connectAhead, decodeText } from '../../lib/http/exchange.js';
import type { IonHttpRequest, IonHttpResponse } from '../../lib/http/exchange.js';
import { destroyedAfter, keptBy } from '../support/agents.js';
import { failureOf, send } from '../support/exchanges.js';
import { ca, key, startSecureServer } from '../support/secure-server.js';
import { rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawResponder, RawServer } from '../support/raw-server.js';

/** The way to a server: its URL, and the agent to use. */
interface Way {
  readonly url: string;
  readonly agent: http.Agent;
}

function sendBy(way: Way, changes: Partial<IonHttpRequest> = {}): Promise<IonHttpResponse> {
  return send(way, changes, { agent: way.agent });
}

const gates = new Set<net.Server | net.Socket>();

afterEach(() => {
  for (const gate of gates) {
    if (gate instanceof net.Server) gate.close();
    else gate.destroy();
  }
  gates.clear();
});

function aheadAgent(options: https.AgentOptions = {}): ConnectAheadAgent {
  return destroyedAfter(new ConnectAheadAgent({ keepAlive: true, ca, ...options }));
}

/** Makes the agent open a connection ahead of time. Returns the client's socket, if the agent opens one. */
function openAhead({ url, agent }: Way): net.Socket | undefined {
  const opening = jest.spyOn(https.Agent.prototype, 'createConnection');
  connectAhead(new URL(`${url}/oauth/token/`), { timeout: 5_000, agent });
  // The cast is safe because Node's own agent creates sockets.
  const opened = opening.mock.results[0]?.value as net.Socket | undefined;
  opening.mockRestore();
  return opened;
}

/** Opens a connection ahead of time, waits until both ends have it, and returns the client's socket. */
async function openedAhead(ion: RawServer, way: Way): Promise<net.Socket> {
  const before = ion.connections();
  const socket = openAhead(way);
  if (!socket) throw new Error('No connection was opened');
  await ion.connection(before + 1);
  return socket;
}

function keepsProcessAlive(socket: net.Socket): boolean {
  const holding = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = holding();
  socket.unref();
  const did = holding() < before;
  if (did) socket.ref();
  return did;
}

async function noConnectionLeft({ agent }: Way): Promise<void> {
  const left = (): unknown[] => [
    ...Object.values(agent.sockets),
    ...Object.values(agent.freeSockets),
  ];
  while (left().length > 0) await turn();
}

/**
 * Starts a stand-in for Ion, lets it respond once and close the connection, and returns the way to reach it.
 */
async function wayOnceUsed(
  response: RawResponder,
  options?: https.AgentOptions,
): Promise<{ ion: RawServer; way: Way }> {
  const ion = await startSecureServer(response);
  const way = { url: ion.url, agent: aheadAgent(options) };
  await sendBy(way);
  (await ion.connection(1)).end();
  await noConnectionLeft(way);
  return { ion, way };
}

/** Starts a stand-in for Ion behind a gate that lets every connection through except the second. */
async function wayThroughGate(
  second: (socket: net.Socket) => void,
): Promise<{ ion: RawServer; gate: net.Server; way: Way }> {
  const ion = await startSecureServer(rawResponse('{}', { headers: { Connection: 'close' } }));
  const { port } = new URL(ion.url);
  let passed = 0;
  const gate = net.createServer((socket) => {
    socket.on('error', () => undefined);
    gates.add(socket);
    passed += 1;
    if (passed === 2) second(socket);
    else socket.pipe(net.connect(Number(port), '127.0.0.1')).pipe(socket);
  });
  gates.add(gate);
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  // The cast is safe because a server that listens on a port has an AddressInfo.
  const address = gate.address() as net.AddressInfo;
  const way = { url: `https://127.0.0.1:${address.port}`, agent: aheadAgent() };
  await sendBy(way);
  await noConnectionLeft(way);
  return { ion, gate, way };
}

const connectionsAsked = ({ requests }: RawServer): number[] =>
  requests.map(({ connection }) => connection);

describe('connectAhead opens a connection', () => {
  it('if Ion has closed the old one, and the next exchange uses it', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    await openedAhead(ion, way);
    await sendBy(way);
    await sendBy(way);
    expect(connectionsAsked(ion)).toEqual([1, 2, 2]);
    expect(ion.connections()).toBe(2);
  });

  it('once, no matter how many sign-ins begin', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    await openedAhead(ion, way);
    for (let login = 0; login < 1_000; login += 1) expect(openAhead(way)).toBeUndefined();
    await sendBy(way);
    expect(ion.connections()).toBe(2);
  });

  it('once, while that one is still connecting', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    expect(openAhead(way)).toBeDefined();
    expect(openAhead(way)).toBeUndefined();
    await ion.connection(2);
    expect(openAhead(way)).toBeUndefined();
  });

  it('again, after the first was used and closed', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    await openedAhead(ion, way);
    await sendBy(way);
    (await ion.connection(2)).end();
    await noConnectionLeft(way);
    await openedAhead(ion, way);
    await sendBy(way);
    expect(connectionsAsked(ion)).toEqual([1, 2, 3]);
  });

  it('again, after the first was closed unused', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    const unused = await openedAhead(ion, way);
    const gone = once(unused, 'close');
    (await ion.connection(2)).end();
    await gone;
    await openedAhead(ion, way);
    expect(ion.connections()).toBe(3);
  });

  it('for one exchange: others at the same time open their own', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    await openedAhead(ion, way);
    await Promise.all([sendBy(way), sendBy(way), sendBy(way)]);
    expect(connectionsAsked(ion).sort()).toEqual([1, 2, 3, 4]);
  });
});

describe('connectAhead opens no connection', () => {
  it('if an idle connection is kept', async () => {
    const ion = await startSecureServer(rawResponse('{}'));
    const way = { url: ion.url, agent: aheadAgent() };
    await sendBy(way);
    expect(keptBy(way)).toHaveLength(1);
    expect(openAhead(way)).toBeUndefined();
  });

  it('if a connection is in use and will soon be idle', async () => {
    const ion = await startSecureServer((socket) => {
      expect(openAhead(way)).toBeUndefined();
      socket.write(rawResponse('{}'));
    });
    const way = { url: ion.url, agent: aheadAgent() };
    await sendBy(way);
    expect(ion.requests).toHaveLength(1);
  });

  it('to a host that no exchange has connected to', async () => {
    const { way } = await wayOnceUsed(rawResponse('{}'));
    const elsewhere = await startSecureServer(rawResponse('{}'));
    expect(openAhead({ ...way, url: elsewhere.url })).toBeUndefined();
  });

  it.each([
    ['over plain http', () => aheadAgent(), undefined],
    [
      "with one of Node's own agents",
      () => destroyedAfter(new https.Agent({ ca })),
      { key, cert: ca },
    ],
  ])('%s', async (_case, agentOf, secure) => {
    const response = rawResponse('{}', { headers: { Connection: 'close' } });
    const ion = await startRawServer(response, secure);
    const way = { url: ion.url, agent: agentOf() };
    if (secure) await sendBy(way);
    expect(openAhead(way)).toBeUndefined();
  });
});

describe('exchange, with a connection opened ahead of time', () => {
  const troubles: [string, (socket: net.Socket) => void][] = [
    ['is closed at once', (socket) => socket.end()],
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['does not speak TLS', (socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
  ];

  it.each(troubles)(
    'opens another connection if that one %s, and no error is left unhandled',
    async (_, trouble) => {
      const { ion, way } = await wayThroughGate(trouble);
      const opened = openAhead(way);
      if (!opened) throw new Error('No connection was opened');
      await new Promise((resolve) => opened.once('close', resolve));
      expect((await sendBy(way)).status).toBe(200);
      expect(ion.connections()).toBe(2);
    },
  );

  it('does not wait for one that is still connecting', async () => {
    const { ion, way } = await wayThroughGate(() => undefined);
    const opened = openAhead(way);
    expect((await sendBy(way)).status).toBe(200);
    expect(ion.connections()).toBe(2);
    opened?.destroy();
  });

  it('leaves no error unhandled if that one is refused, and reports its own', async () => {
    const { gate, way } = await wayThroughGate(() => undefined);
    gate.close();
    await once(gate, 'close');
    const opened = openAhead(way);
    if (!opened) throw new Error('No connection was opened');
    await new Promise((resolve) => opened.once('close', resolve));
    expect((await failureOf(sendBy(way))).message).toContain('(ECONNREFUSED)');
  });

  it('opens another connection if Ion has closed that one', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    const opened = await openedAhead(ion, way);
    const gone = once(opened, 'close');
    (await ion.connection(2)).end();
    await gone;
    await sendBy(way);
    expect(connectionsAsked(ion)).toEqual([1, 3]);
  });

  it.each(['end', 'destroy'] as const)(
    'sends the request again on another connection if Ion closes that one just as the request arrives (%s)',
    async (closing) => {
      const { ion, way } = await wayOnceUsed((socket, { number }) => {
        if (number === 2) socket[closing]();
        else socket.write(rawResponse('{}'));
      });
      await openedAhead(ion, way);
      expect((await sendBy(way)).status).toBe(200);
      expect(connectionsAsked(ion)).toEqual([1, 2, 3]);
    },
  );

  it('opens another connection if Ion sends something on that one before the request, since it cannot be a response', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    const opened = await openedAhead(ion, way);
    const early = rawResponse('too slow', { status: '408 Request Timeout' });
    (await ion.connection(2)).end(early);
    while (opened.readableLength === 0) await turn();
    expect(decodeText((await sendBy(way)).body)).toBe('{}');
    expect(connectionsAsked(ion)).toEqual([1, 3]);
    expect(opened.destroyed).toBe(true);
  });

  it('does not use it for a request that must not be sent twice', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'));
    const opened = await openedAhead(ion, way);
    await sendBy(way, { repeatable: false });
    expect(connectionsAsked(ion)).toEqual([1, 3]);
    expect(opened.destroyed).toBe(true);
  });

  it('keeps the process alive only during the exchange', async () => {
    const { ion, way } = await wayOnceUsed((socket, { number }) => {
      if (number === 1) socket.write(rawResponse('{}'));
    });
    const opened = await openedAhead(ion, way);
    expect(keepsProcessAlive(opened)).toBe(false);
    const exchanged = sendBy(way);
    while (ion.requests.length < 2) await turn();
    expect(keepsProcessAlive(opened)).toBe(true);
    (await ion.connection(2)).write(rawResponse('{}'));
    await exchanged;
  });

  it('lets the agent close it after the idle timeout', async () => {
    const { ion, way } = await wayOnceUsed(rawResponse('{}'), { timeout: 50 });
    const opened = await openedAhead(ion, way);
    await once(opened, 'close');
    expect(connectionsAsked(ion)).toEqual([1]);
  });

  it('does not let the idle timeout close it during the exchange', async () => {
    const { ion, way } = await wayOnceUsed(
      (socket, { number }) => {
        if (number === 1) socket.write(rawResponse('{}'));
      },
      { timeout: 50 },
    );
    const opened = await openedAhead(ion, way);
    const idle = once(opened, 'timeout');
    const exchanged = sendBy(way);
    await idle;
    (await ion.connection(2)).write(rawResponse('{}'));
    expect((await exchanged).status).toBe(200);
  });
});
