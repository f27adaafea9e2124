// One HTTP exchange with Ion: deadline, size cap, agent. Every byte to and from Ion passes here.

import http = require('node:http');
import https = require('node:https');
import type { Agent } from 'node:http';
import { types } from 'node:util';

import type * as Decompression from './decompression.js';
import { AheadAgent, addressOf, agentFor, discardWaiting, wasOpenedAhead } from './agent.js';
import { IonConnectionError, IonResponseError } from '../errors.js';

/** A request to Ion. */
export interface Outgoing {
  /** How an error calls it: `the token request`. */
  readonly what: string;
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. They win over `customHeaders`. */
  readonly headers: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Whether Ion may be asked twice where a kept connection turns out dead. */
  readonly repeatable: boolean;
}

/** How requests to Ion are made. */
export interface Transport {
  /** For the whole exchange, connect to last byte, in milliseconds. */
  readonly timeout: number;
  /** Instead of the package's own, for who sits behind a proxy. */
  readonly agent?: Agent | undefined;
  readonly customHeaders?: http.OutgoingHttpHeaders | undefined;
}

/** What Ion answered, whole. */
export interface Incoming {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Node's own object, for node-oauth's callbacks. */
  readonly message: http.IncomingMessage;
}

const LARGEST_BODY = 1024 * 1024;
const MOST_INTERIM_ANSWERS = 100;

// Required rather than read, so that a bundler takes it along.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it lies outside of what is compiled
const { version } = require('passport-ion/package.json') as { version: string };
const USER_AGENT = `passport-ion/${version} node/${process.versions.node}`;

/**
 * Makes the exchange. A waiting connection that Ion has closed meanwhile is no reason to fail: where
 * it gave not one byte, the exchange is made once more on a new one, within the same deadline.
 *
 * @throws {@link IonConnectionError} where Ion gave no complete answer.
 * @throws {@link IonResponseError} where the answer is over 1 MiB, or in an encoding that cannot be read.
 */
export async function exchange(outgoing: Outgoing, transport: Transport): Promise<Incoming> {
  const start = performance.now();
  try {
    return await attempt(outgoing, transport, transport.timeout, outgoing.repeatable);
  } catch (error) {
    if (!(error instanceof DeadConnection)) throw error;
    const left = transport.timeout - (performance.now() - start);
    return attempt(outgoing, transport, Math.max(1, left), false);
  }
}

/**
 * Has a connection ready for an exchange that will come in a while, where the agent can open one
 * ahead, and none is at hand.
 */
export function connectAhead(url: URL, transport: Transport): void {
  const agent = transport.agent ?? agentFor(url);
  if (agent instanceof AheadAgent) agent.openAhead(url);
}

const utf8 = new TextDecoder();

/** The text of a body: decoded once whole, since a packet may end inside a character. */
export function textOf(body: Buffer): string {
  return utf8.decode(body);
}

/** A kept connection that Ion had closed; only `attempt` and `exchange` see it. */
class DeadConnection extends Error {}

function attempt(
  outgoing: Outgoing,
  transport: Transport,
  milliseconds: number,
  mayReuse: boolean,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const request = open(outgoing, transport, mayReuse);
    let bytesBefore = 0;
    let wasThere = false;
    let answered = false;
    const timer = setTimeout(() => {
      fail(timedOut(outgoing, transport.timeout));
    }, milliseconds);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      request.destroy();
    };

    request.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
      // Not by `reusedSocket`: a request that waited for its connection does not have it.
      wasThere = bytesBefore > 0 || wasOpenedAhead(socket);
    });
    let interimAnswers = 0;
    request.on('information', () => {
      interimAnswers += 1;
      // Without end, they would leave the process no time for anything else.
      if (interimAnswers > MOST_INTERIM_ANSWERS) fail(broken(outgoing));
    });
    request.on('response', (response) => {
      answered = true;
      collect(response, outgoing, fail, (body) => {
        clearTimeout(timer);
        const { headers, statusCode: status = 0 } = response;
        resolve({ status, headers, body, message: response });
      });
    });
    request.on('error', (error) => {
      const silent = !answered && request.socket?.bytesRead === bytesBefore;
      const dead = mayReuse && wasThere && silent;
      fail(dead ? new DeadConnection() : broken(outgoing, error));
    });
    request.on('close', () => {
      // An answer that is no response, such as 101, closes the request without an error.
      if (!answered) fail(broken(outgoing));
    });
    request.end(outgoing.body);
  });
}

function open(outgoing: Outgoing, transport: Transport, mayReuse: boolean): http.ClientRequest {
  const { url, method, body } = outgoing;
  const { request } = url.protocol === 'https:' ? https : http;
  const agent = transport.agent ?? agentFor(url);
  // Where one that waited turned out dead, its neighbours, as old as it, would too. And what may not be
  // sent twice must not meet a dead one.
  if (!mayReuse) discardWaiting(agent, url);
  const headers: http.OutgoingHttpHeaders = {
    'user-agent': USER_AGENT,
    ...transport.customHeaders,
    ...outgoing.headers,
  };
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
  const { host, port } = addressOf(url);
  try {
    // Not the URL itself, which Node would take apart in three times the time.
    return request({ host, port, path: url.pathname + url.search, method, agent, headers });
  } catch (error) {
    throw broken(outgoing, error);
  }
}

function collect(
  response: http.IncomingMessage,
  outgoing: Outgoing,
  fail: (error: Error) => void,
  done: (body: Buffer) => void,
): void {
  const status = response.statusCode ?? 0;
  const tooLarge = (): void => {
    const message = `Ion answered ${status} to ${outgoing.what} with more than 1 MiB: that is no answer of Ion's, check that baseURL is Ion`;
    fail(new IonResponseError('ERR_ION_RESPONSE_TOO_LARGE', message, status));
  };
  if (Number(response.headers['content-length']) > LARGEST_BODY) {
    tooLarge();
    return;
  }
  // Not a list of chunks: if they are of one byte each, it takes hundreds of times their size.
  let bytes: Buffer = Buffer.alloc(0);
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    const start = size;
    size += chunk.length;
    if (size > LARGEST_BODY) {
      tooLarge();
      return;
    }
    // Most answers come in one.
    if (start === 0) bytes = chunk;
    else {
      if (size > bytes.length) bytes = Buffer.concat([bytes], Math.max(size, 2 * bytes.length));
      chunk.copy(bytes, start);
    }
  });
  response.on('end', () => {
    const body = bytes.subarray(0, size);
    const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding === 'identity' || encoding === '' || size === 0) done(body);
    else {
      decompressed(body, encoding).then(done, (error: unknown) => {
        if (isTooLarge(error)) tooLarge();
        else fail(undecodable(outgoing, status));
      });
    }
  });
  response.on('error', (error) => {
    fail(broken(outgoing, error));
  });
}

function decompressed(body: Buffer, encoding: string): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as it is seldom needed
  const decompression = require('./decompression.js') as typeof Decompression;
  return decompression.decompressed(body, encoding, LARGEST_BODY);
}

function isTooLarge(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function undecodable(outgoing: Outgoing, status: number): IonResponseError {
  const message = `Ion answered ${status} to ${outgoing.what} in a content encoding that was not asked for and cannot be read: a proxy in between may have changed it`;
  return new IonResponseError('ERR_ION_RESPONSE', message, status);
}

function timedOut(outgoing: Outgoing, timeout: number): IonConnectionError {
  const message = `Ion gave no complete answer to ${outgoing.what} within ${timeout} ms: it is slow or out of reach, try again later`;
  return new IonConnectionError('ERR_ION_TIMEOUT', message);
}

function broken(outgoing: Outgoing, reason?: unknown): IonConnectionError {
  const cause = types.isNativeError(reason) ? withoutBytes(reason) : undefined;
  const code = cause && 'code' in cause ? ` (${String(cause.code)})` : '';
  const message = `The connection to Ion failed at ${outgoing.what}${code}: check the network and that baseURL is right, or try again later`;
  return new IonConnectionError('ERR_ION_UNREACHABLE', message, cause);
}

// Node's parser keeps the bytes that it could not read, and Ion's answer may repeat a secret.
function withoutBytes(error: Error): Error {
  if ('rawPacket' in error) delete error.rawPacket;
  return error;
}
