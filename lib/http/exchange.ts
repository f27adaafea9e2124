// Sends one request to Ion and receives the response, with a deadline and a size limit. Every byte to and
// from Ion passes through here.

import { Buffer } from 'node:buffer';
import http = require('node:http');
import type { Agent } from 'node:http';
import https = require('node:https');
import { hrtime, versions } from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import type { URL } from 'node:url';
import { types } from 'node:util';
import type * as Zlib from 'node:zlib';

import { ConnectAheadAgent, addressOf, agentFor, discardIdle, wasOpenedAhead } from './agent.js';
import { IonConnectionError, IonResponseError } from '../errors.js';

/** A request to Ion. */
export interface IonHttpRequest {
  /** What error messages call this request, such as `the token request`. */
  readonly label: string;
  readonly method: string;
  readonly url: URL;
  /** The names are lowercase. These headers override `customHeaders`. */
  readonly headers: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Whether the request may be sent again if a connection that was kept open turns out to be dead. */
  readonly repeatable: boolean;
}

/** How requests are sent to Ion. */
export interface Transport {
  /** The time limit for the whole exchange, from connecting to the last byte, in milliseconds. */
  readonly timeout: number;
  /** The agent to use instead of the default one, for example to go through a proxy. */
  readonly agent?: Agent | undefined;
  readonly customHeaders?: http.OutgoingHttpHeaders | undefined;
}

/** Ion's complete response. */
export interface IonHttpResponse {
  readonly status: number;
  /** The body, decompressed. */
  readonly body: Buffer;
  /** Node's own response object, which has the headers. */
  readonly message: http.IncomingMessage;
}

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_INTERIM_RESPONSES = 100;

// The build replaces this call with the version.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the file is outside what is compiled
const { version } = require('passport-ion/package.json') as { version: string };
const USER_AGENT = `passport-ion/${version} node/${versions.node}`;

/**
 * Sends a request and receives the response. If a connection that was kept open turns out to be dead, and
 * Ion sent nothing on it, the request is sent again on a new connection, within the same deadline.
 *
 * @throws {@link IonConnectionError} if no complete response arrived.
 * @throws {@link IonResponseError} if the response is over 1 MiB, or in an unknown content encoding.
 */
export async function exchange(
  request: IonHttpRequest,
  transport: Transport,
): Promise<IonHttpResponse> {
  const start = hrtime.bigint();
  try {
    // A connection that was kept open might be dead, so only a request that may be sent twice uses such a
    // connection.
    return await attempt(request, transport, transport.timeout, request.repeatable);
  } catch (error) {
    if (!(error instanceof DeadConnection)) throw error;
    const elapsed = Number(hrtime.bigint() - start) / 1e6;
    return attempt(request, transport, Math.max(1, transport.timeout - elapsed), false);
  }
}

/**
 * Opens a connection for a request that will follow soon, if the agent can do that and has no connection
 * ready.
 */
export function connectAhead(url: URL, transport: Transport): void {
  const agent = transport.agent ?? agentFor(url);
  if (agent instanceof ConnectAheadAgent) agent.openAhead(url);
}

/** Decodes the whole body in one piece, since a packet might end in the middle of a character. */
export function decodeText(body: Buffer): string {
  const text = body.toString('utf8');
  // RFC 8259, section 8.1: a byte order mark may be ignored. It is removed, because JSON.parse would refuse
  // it.
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/**
 * This error is thrown if Ion had already closed a connection that was kept open. It is always caught
 * within this module.
 */
class DeadConnection extends Error {}

function attempt(
  request: IonHttpRequest,
  transport: Transport,
  milliseconds: number,
  mayReuse: boolean,
): Promise<IonHttpResponse> {
  return new Promise((resolve, reject) => {
    const clientRequest = open(request, transport, mayReuse);
    let bytesBefore = 0;
    let wasOpen = false;
    let hasResponse = false;
    const timer = setTimeout(() => {
      fail(timeoutError(request, transport.timeout));
    }, milliseconds);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      clientRequest.destroy();
    };

    clientRequest.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
      // Finds out whether the connection was open before this request. `reusedSocket` does not always tell,
      // because Node does not set it on a request that had to wait for its connection.
      wasOpen = bytesBefore > 0 || wasOpenedAhead(socket);
    });
    let interimResponses = 0;
    clientRequest.on('information', () => {
      interimResponses += 1;
      // The number of interim responses is limited, because an endless stream of them would leave the process
      // no time for anything else.
      if (interimResponses > MAX_INTERIM_RESPONSES) fail(connectionError(request));
    });
    clientRequest.on('response', (message) => {
      hasResponse = true;
      collectBody(message, request, fail, (body) => {
        clearTimeout(timer);
        resolve({ status: message.statusCode ?? 0, body, message });
      });
    });
    clientRequest.on('error', (error) => {
      const gotNothing = !hasResponse && clientRequest.socket?.bytesRead === bytesBefore;
      const isDead = mayReuse && wasOpen && gotNothing;
      fail(isDead ? new DeadConnection() : connectionError(request, error));
    });
    clientRequest.on('close', () => {
      // After a status such as 101, Node closes the request but reports neither a response nor an error, so
      // the exchange has to fail here.
      if (!hasResponse) fail(connectionError(request));
    });
    clientRequest.end(request.body);
  });
}

function open(
  request: IonHttpRequest,
  transport: Transport,
  mayReuse: boolean,
): http.ClientRequest {
  const { url, method, body } = request;
  const agent = transport.agent ?? agentFor(url);
  // Closes the idle connections: if one was dead, the others are as old and probably dead too. And a request
  // that must not be sent twice needs a connection that is certainly alive.
  if (!mayReuse) discardIdle(agent, url);
  const headers: http.OutgoingHttpHeaders = {
    'user-agent': USER_AGENT,
    ...transport.customHeaders,
    ...request.headers,
  };
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
  const { host, port } = addressOf(url);
  const send = url.protocol === 'https:' ? https.request : http.request;
  try {
    // Passes the parts of the URL, because with the URL itself, Node would take three times as long.
    return send({ host, port, path: url.pathname + url.search, method, agent, headers });
  } catch (error) {
    throw connectionError(request, error);
  }
}

function collectBody(
  message: http.IncomingMessage,
  request: IonHttpRequest,
  fail: (error: Error) => void,
  done: (body: Buffer) => void,
): void {
  const status = message.statusCode ?? 0;
  const failAsTooLarge = (): void => {
    const text = `Ion answered ${status} to ${request.label} with more than 1 MiB, which Ion never sends: check that baseURL is Ion`;
    fail(new IonResponseError('ERR_ION_RESPONSE_TOO_LARGE', text, status));
  };
  if (Number(headerOf(message, 'content-length')) > MAX_BODY_BYTES) {
    failAsTooLarge();
    return;
  }
  // The chunks are copied into one growing buffer, because a list of one-byte chunks would take hundreds of
  // times as much memory as their bytes.
  let bytes: Buffer = Buffer.alloc(0);
  let size = 0;
  message.on('data', (data: Buffer | string) => {
    // The chunks are strings if other code that hooks into outgoing requests, such as a logging tool,
    // called setEncoding.
    const chunk =
      typeof data === 'string' ? Buffer.from(data, message.readableEncoding ?? 'utf8') : data;
    const start = size;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      failAsTooLarge();
      return;
    }
    // Most responses come in one chunk, which needs no copy.
    if (start === 0) bytes = chunk;
    else {
      if (size > bytes.length) bytes = Buffer.concat([bytes], Math.max(size, 2 * bytes.length));
      chunk.copy(bytes, start);
    }
  });
  message.on('end', () => {
    const body = bytes.subarray(0, size);
    const encoding = headerOf(message, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
    if (encoding === 'identity' || encoding === '' || size === 0) done(body);
    else {
      decompress(body, encoding).then(done, (error: unknown) => {
        if (isBufferTooLarge(error)) failAsTooLarge();
        else fail(encodingError(request, status));
      });
    }
  });
  message.on('error', (error) => {
    fail(connectionError(request, error));
  });
}

// Reads `rawHeaders`, because reading `headers` would make Node go through all of them, which takes as long
// as reading the body.
function headerOf({ rawHeaders }: http.IncomingMessage, name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

// We never ask for compression, but a proxy might compress anyway. `zlib` is loaded only then.
function decompress(bytes: Buffer, encoding: string): Promise<Buffer> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it is rarely needed
  const zlib = require('node:zlib') as typeof Zlib;
  return new Promise((resolve, reject) => {
    const options = { maxOutputLength: MAX_BODY_BYTES };
    const done = (error: Error | null, body: Buffer): void => {
      if (error) reject(error);
      else resolve(body);
    };
    if (['gzip', 'x-gzip', 'deflate'].includes(encoding)) zlib.unzip(bytes, options, done);
    else if (encoding === 'br') zlib.brotliDecompress(bytes, options, done);
    else reject(new Error('unknown content encoding'));
  });
}

function isBufferTooLarge(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function encodingError(request: IonHttpRequest, status: number): IonResponseError {
  const message = `Ion answered ${status} to ${request.label} in a content encoding that was not asked for and cannot be decoded: check whether a proxy in between changes responses`;
  return new IonResponseError('ERR_ION_RESPONSE', message, status);
}

function timeoutError(request: IonHttpRequest, timeout: number): IonConnectionError {
  const message = `Ion sent no complete response to ${request.label} within ${timeout} ms: it is slow or cannot be reached, try again later`;
  return new IonConnectionError('ERR_ION_TIMEOUT', message);
}

function connectionError(request: IonHttpRequest, reason?: unknown): IonConnectionError {
  const cause = types.isNativeError(reason) ? removeRawBytes(reason) : undefined;
  const code = cause && 'code' in cause ? ` (${String(cause.code)})` : '';
  const message = `The connection to Ion failed during ${request.label}${code}: check the network and that baseURL is right, or try again later`;
  return new IonConnectionError('ERR_ION_UNREACHABLE', message, cause);
}

// Removes the unparsed bytes that Node's HTTP parser attaches to its error, because they might contain a
// secret.
function removeRawBytes(error: Error): Error {
  if ('rawPacket' in error) delete error.rawPacket;
  return error;
}
