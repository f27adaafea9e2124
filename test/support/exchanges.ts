// Runs exchanges with a server that a test has started, and makes agents for them.

import { readFileSync } from 'node:fs';
import http = require('node:http');
import type net = require('node:net');
import { join } from 'node:path';

import { IonConnectionError } from '../../lib/errors.js';
import { exchange } from '../../lib/http/exchange.js';
import type { IonHttpRequest, IonHttpResponse, Transport } from '../../lib/http/exchange.js';
import { startRawServer } from './raw-server.js';
import type { RawResponder, RawServer } from './raw-server.js';
import { rejectionOf } from './rejection.js';

const CERTIFICATES = join(__dirname, 'certificates');
/** The certificate of {@link startSecureServer}, for an agent to trust. */
export const ca = readFileSync(join(CERTIFICATES, 'good.pem'));
/** The private key of {@link startSecureServer}. */
export const key = readFileSync(join(CERTIFICATES, 'key.pem'));

const agents: http.Agent[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** Returns the agent, and destroys it after the test. */
export function destroyedAfter<Agent extends http.Agent>(agent: Agent): Agent {
  agents.push(agent);
  return agent;
}

/** Creates an agent for this test that keeps connections open. */
export function keepingAgent(options: http.AgentOptions = {}): http.Agent {
  return destroyedAfter(new http.Agent({ keepAlive: true, ...options }));
}

/** Starts a server that speaks TLS. */
export function startSecureServer(response: RawResponder): Promise<RawServer> {
  return startRawServer(response, { key, cert: ca });
}

/** Sends a token request with these changes. */
export function send(
  { url }: Pick<RawServer, 'url'>,
  changes: Partial<IonHttpRequest> = {},
  transport: Partial<Transport> = {},
): Promise<IonHttpResponse> {
  return exchange(
    {
      label: 'the token request',
      method: 'POST',
      url: new URL(`${url}/oauth/token/`),
      headers: { accept: 'application/json' },
      body: 'code=1',
      repeatable: true,
      ...changes,
    },
    { timeout: 5_000, ...transport },
  );
}

/** Returns the idle connections that the agent keeps. */
export function keptBy({ agent }: { readonly agent: http.Agent }): net.Socket[] {
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}

/** Returns the error that an exchange failed with. Throws if it is not an IonConnectionError. */
export async function failureOf(exchanged: Promise<unknown>): Promise<IonConnectionError> {
  const error = await rejectionOf(exchanged);
  if (error instanceof IonConnectionError) return error;
  throw new Error(`expected IonConnectionError, got ${String(error)}`);
}
