// The requests and responses that the endpoints work with, and the responses that several of them send.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

import type { Pairs } from './form-encoding.js';

/** A request with its whole body. */
export interface LocalRequest {
  readonly method: string;
  /** With its final slash as Ion's middleware leaves it. */
  readonly path: string;
  /** The query string as it was sent, without the question mark. */
  readonly search: string;
  readonly query: Pairs;
  /** The body as it was sent. */
  readonly body: Buffer;
  /** The form in the body; empty if the body is not a form. */
  readonly form: Pairs;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: ReadonlyMap<string, string>;
  /** The scheme and host that the request was sent to. Ion's URLs in the response begin with it. */
  readonly origin: string;
  /** The parts of the path that the route's pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A response, ready to be sent. */
export interface LocalResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** The value of a parameter. If it is there several times, the last value counts, as in Django. */
export function lastValue(pairs: Pairs, name: string): string | undefined {
  return pairs.findLast(([each]) => each === name)?.[1];
}

/** A response without a body. Django labels it as HTML all the same. */
export function empty(status: number, headers: OutgoingHttpHeaders = {}): LocalResponse {
  return html(status, '', headers);
}

/** A response with HTML. */
export function html(
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): LocalResponse {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}

/** A redirect by 302. */
export function redirect(location: string, headers: OutgoingHttpHeaders = {}): LocalResponse {
  return empty(302, { Location: location, ...headers });
}

/** The response to a method that the endpoint does not support. */
export function methodNotAllowed(allowed: string): LocalResponse {
  return empty(405, { Allow: allowed });
}

/** JSON of a flat object, with the spaces and escapes of Python's json.dumps. */
export function spacedJSON(object: Readonly<Record<string, string | number | boolean>>): string {
  const members = Object.entries(object).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{${members.join(', ')}}`.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The value of a Set-Cookie header. `maxAge` is in seconds. */
export function cookie(name: string, value: string, maxAge?: number): string {
  const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; HttpOnly${lifetime}; Path=/; SameSite=Lax`;
}
