// Answers that are to go wrong, for an app's tests of its error pages.

import { once } from 'node:events';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { ServerResponse } from 'node:http';

import { wrongOption } from './errors.js';
import type { LocalResponse } from './server/response.js';
import { endpointNames } from './server/routes.js';

/**
 * How one answer goes wrong.
 *
 * With `status`, `headers` or `body`, that is the answer, and the request is not carried out: no code
 * is used up, no token is issued. Without any of them the request is carried out as ever, and only
 * its answer is late or cut off.
 */
export interface Failure {
  /** The HTTP status. Default 500 where `headers` or `body` is given. */
  readonly status?: number;
  /** The headers. Default: the Content-Type of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body: text is sent as `text/html`, bytes as `application/octet-stream`, all else as JSON. Default empty. */
  readonly body?: unknown;
  /** Milliseconds until it answers. Default 0. */
  readonly delay?: number;
  /**
   * Closes the connection: `before-answer` with no byte of an answer and without carrying the request
   * out; `mid-body` after the headers and half of the body.
   */
  readonly drop?: 'before-answer' | 'mid-body';
}

const KEYS: Readonly<Record<keyof Failure, true>> = {
  status: true,
  headers: true,
  body: true,
  delay: true,
  drop: true,
};

// Node's timers take no more.
const LONGEST_DELAY = 2 ** 31 - 1;

/** The failures to come, by endpoint, first come first served. */
export class Failures {
  readonly #queues = new Map<string, Failure[]>();

  /** Queues a failure. */
  add(endpoint: unknown, failure: unknown): void {
    if (typeof endpoint !== 'string' || !endpointNames.has(endpoint)) {
      const known = [...endpointNames].join(', ');
      throw wrongOption('the endpoint of failNext', `must be one of ${known}`, endpoint);
    }
    checkFailure(failure);
    this.#queues.set(endpoint, [...(this.#queues.get(endpoint) ?? []), { ...failure }]);
  }

  /** The failure that is due at the endpoint now. */
  take(endpoint: string | undefined): Failure | undefined {
    return this.#queues.get(endpoint ?? '')?.shift();
  }
}

/** Answers as the failure says; `proper` carries the request out. */
export async function answerWrongly(
  response: ServerResponse,
  { status, headers, body, delay = 0, drop }: Failure,
  proper: () => LocalResponse,
): Promise<void> {
  const replaces = status !== undefined || headers !== undefined || body !== undefined;
  const answer = replaces || drop === 'before-answer' ? made(status, headers, body) : proper();
  await waited(response, delay);
  if (response.destroyed) return;
  if (drop === undefined) {
    send(response, answer);
  } else if (drop === 'before-answer') {
    response.destroy();
  } else {
    const bytes = Buffer.from(answer.body);
    // An empty body has no half, so one byte is promised and not sent.
    response.writeHead(answer.status, {
      ...answer.headers,
      'Content-Length': Math.max(1, bytes.length),
    });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    response.flushHeaders();
  }
}

/** Sends an answer. */
export function send(response: ServerResponse, { status, headers, body }: LocalResponse): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function made(status = 500, headers: Failure['headers'] = {}, body: unknown = ''): LocalResponse {
  const [type, content] =
    typeof body === 'string'
      ? ['text/html; charset=utf-8', body]
      : Buffer.isBuffer(body)
        ? ['application/octet-stream', body]
        : ['application/json', JSON.stringify(body)];
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: isTyped ? headers : { 'Content-Type': type, ...headers },
    body: content,
  };
}

// Until the time is over, or nobody waits any more.
async function waited(response: ServerResponse, delay: number): Promise<void> {
  if (delay === 0 || response.destroyed) return;
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort();
  }, delay);
  await once(response, 'close', { signal: over.signal }).catch(() => undefined);
  clearTimeout(timer);
}

function checkFailure(failure: unknown): asserts failure is Failure {
  if (typeof failure !== 'object' || failure === null || Object.keys(failure).length === 0) {
    const must = `must be an object with one or more of ${Object.keys(KEYS).join(', ')}`;
    throw wrongOption('the failure', must, failure);
  }
  const unknown = Object.keys(failure).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(
      `failure.${unknown}`,
      `is unknown; known are ${Object.keys(KEYS).join(', ')}`,
    );
  }
  // The cast: nothing is believed of it before it has been checked.
  const { status, headers, body, delay, drop } = failure as Record<keyof Failure, unknown>;
  if (status !== undefined && !isWholeNumber(status, 200, 599)) {
    throw wrongOption('failure.status', 'must be a whole number from 200 to 599', status);
  }
  if (delay !== undefined && !isWholeNumber(delay, 0, LONGEST_DELAY)) {
    throw wrongOption('failure.delay', 'must be a whole number of milliseconds', delay);
  }
  if (drop !== undefined && drop !== 'before-answer' && drop !== 'mid-body') {
    throw wrongOption('failure.drop', "must be 'before-answer' or 'mid-body'", drop);
  }
  if (drop === 'before-answer' && [status, headers, body].some((part) => part !== undefined)) {
    throw wrongOption(
      'failure.drop',
      "'before-answer' leaves no answer to have a status, headers or body",
    );
  }
  // JSON cannot hold these, and JSON.stringify then gives undefined, whatever its type says.
  if (typeof body === 'function' || typeof body === 'symbol') {
    throw wrongOption('failure.body', 'must be text, a Buffer, or data that JSON can hold', body);
  }
  if (headers !== undefined) checkHeaders(headers);
}

function isWholeNumber(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function checkHeaders(headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) {
    throw wrongOption('failure.headers', 'must be an object', headers);
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      // The cast: what is no header value is what the check is for.
      validateHeaderValue(name, value as string);
    } catch (cause) {
      const hint = `has a name or value that HTTP does not allow, at ${JSON.stringify(name)}`;
      throw Object.assign(wrongOption('failure.headers', hint), { cause });
    }
  }
}
