// Makes responses fail when a test asks for it, so that apps can test their error pages.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

import { checkFailure } from './check-failure.js';
import { wrongOption } from './errors.js';
import { send } from './server/response.js';
import type { LocalResponse } from './server/response.js';
import { endpointNames } from './server/routes.js';

/**
 * How one response fails.
 *
 * If you set `status`, `headers` or `body`, they make up the response, and the request is not carried out:
 * no code is used up, and no token is issued. If you set none of them, the request is carried out as usual,
 * and only its response is delayed or cut off.
 */
export interface Failure {
  /** The HTTP status. Default 500, if `headers` or `body` is given. */
  readonly status?: number;
  /** The headers. If they have no Content-Type, it is set to the type of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The body: a string is sent as `text/html`, a Buffer as `application/octet-stream`, and anything else as
   * JSON. Default: empty.
   */
  readonly body?: unknown;
  /** Milliseconds to wait before the response. Default 0. */
  readonly delay?: number;
  /**
   * When to close the connection early: `before-response` closes it without carrying out the request or sending
   * a single byte, and `mid-body` closes it after the headers and half of the body.
   */
  readonly drop?: 'before-response' | 'mid-body';
}

/**
 * Ion's response for every path while Ion is down for maintenance: 503, an HTML page, and
 * `Retry-After: 3600`. `ion.failNext('token', maintenance)` responds like this once, and
 * `ion.setMaintenance(true)` does so until you turn it off.
 */
export const maintenance: Failure = {
  status: 503,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Retry-After': '3600' },
  body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Down for maintenance – local stand-in for Ion</title></head>
<body><h1>Ion is down for maintenance</h1><p>This is the local stand-in for Ion. Maintenance mode is switched on.</p></body>
</html>
`,
};

/** The failures that tests have asked for, in one queue per endpoint, and whether maintenance mode is on. */
export class Failures {
  /** Whether every path responds with {@link maintenance}. During maintenance, failures stay in their queues. */
  inMaintenance = false;
  readonly #queues = new Map<string, Failure[]>();

  /** Adds a failure to the queue of an endpoint. */
  add(endpoint: unknown, failure: unknown): void {
    if (typeof endpoint !== 'string' || !endpointNames.has(endpoint)) {
      const known = [...endpointNames].join(', ');
      throw wrongOption('the endpoint of failNext', `must be one of ${known}`, endpoint);
    }
    checkFailure(failure);
    this.#queues.set(endpoint, [...(this.#queues.get(endpoint) ?? []), { ...failure }]);
  }

  /** Removes the endpoint's next failure from the queue, and returns it. */
  take(endpoint: string | undefined): Failure | undefined {
    return this.#queues.get(endpoint ?? '')?.shift();
  }
}

/**
 * Sends the failing response. `carryOut` carries out the request and returns its usual response; it is called only
 * if the failure delays or cuts off that response.
 */
export async function sendFailure(
  response: ServerResponse,
  failure: Failure,
  carryOut: () => LocalResponse,
): Promise<void> {
  const { status, headers, body, delay = 0, drop } = failure;
  const replaces = status !== undefined || headers !== undefined || body !== undefined;
  const sent = replaces || drop === 'before-response' ? failureResponse(failure) : carryOut();
  await waitUnlessClosed(response, delay);
  if (response.destroyed) return;
  if (drop === undefined) {
    send(response, sent);
  } else if (drop === 'before-response') {
    response.destroy();
  } else {
    const bytes = Buffer.from(sent.body);
    // Announce at least one byte, so that even an empty body counts as cut off.
    response.writeHead(sent.status, {
      ...sent.headers,
      'Content-Length': Math.max(1, bytes.length),
    });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    response.flushHeaders();
  }
}

/** Builds the response from the status, headers and body of a failure. */
export function failureResponse({ status = 500, headers = {}, body = '' }: Failure): LocalResponse {
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

async function waitUnlessClosed(response: ServerResponse, delay: number): Promise<void> {
  if (delay === 0 || response.destroyed) return;
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort();
  }, delay);
  await once(response, 'close', { signal: timeout.signal }).catch(() => undefined);
  clearTimeout(timer);
}
