// Exchanges over TLS with a server in the same process, through an agent of the test's.

import { readFileSync } from 'node:fs';
import type http = require('node:http');
import type net = require('node:net');
import { join } from 'node:path';

import { IonConnectionError } from '../../lib/errors.js';
import { exchange } from '../../lib/http/exchange.js';
import type { IonHttpRequest, IonHttpResponse } from '../../lib/http/exchange.js';
import { startRawServer } from './raw-server.js';
import type { RawResponder, RawServer } from './raw-server.js';

const CERTIFICATES = join(__dirname, 'certificates');
/** The certificate of the server, for an agent to trust. */
export const ca = readFileSync(join(CERTIFICATES, 'good.pem'));
/** The private key of the server. */
export const key = readFileSync(join(CERTIFICATES, 'key.pem'));

const agents: http.Agent[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

/** Returns the agent, which is destroyed after the test. */
export function destroyedAfter<Agent extends http.Agent>(agent: Agent): Agent {
  agents.push(agent);
  return agent;
}

export function startSecureServer(response: RawResponder): Promise<RawServer> {
  return startRawServer(response, { key, cert: ca });
}

/** The way to a server: its URL, and the agent to use. */
export interface Way {
  readonly url: string;
  readonly agent: http.Agent;
}

/** Sends a token request. */
export function send(
  { url, agent }: Way,
  changes: Partial<IonHttpRequest> = {},
): Promise<IonHttpResponse> {
  const request = { label: 'the token request', method: 'POST', headers: {}, repeatable: true };
  return exchange({ ...request, url: new URL(url), ...changes }, { timeout: 5_000, agent });
}

/** The idle connections that the agent keeps. */
export function keptBy({ agent }: Way): net.Socket[] {
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}

/** Returns the error that an exchange failed with. Throws if it is not an IonConnectionError. */
export async function failureOf(exchanged: Promise<unknown>): Promise<IonConnectionError> {
  const error: unknown = await exchanged.catch((reason: unknown) => reason);
  if (error instanceof IonConnectionError) return error;
  throw new Error(`It was to fail as a connection does, but gave ${String(error)}`);
}
