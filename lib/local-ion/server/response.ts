// Requests and answers as the endpoints see them, and the answers that several of them give.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

import type { Pairs } from './form-encoding.js';

/** A request, read whole. */
export interface LocalRequest {
  readonly method: string;
  /** With its final slash as Ion's middleware leaves it. */
  readonly path: string;
  /** The query string as it was sent, without the question mark. */
  readonly search: string;
  readonly query: Pairs;
  /** As it came. */
  readonly body: Buffer;
  /** The form in the body; empty where there is none. */
  readonly form: Pairs;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: ReadonlyMap<string, string>;
  /** Scheme and host that the request was sent to: Ion's own URLs in an answer begin with it. */
  readonly origin: string;
  /** What the route's pattern found in the path. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** An answer, ready to be sent. */
export interface LocalResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** The value of a parameter: the last one, as Django has it. */
export function lastValue(pairs: Pairs, name: string): string | undefined {
  return pairs.findLast(([each]) => each === name)?.[1];
}

/** An answer without a body, typed as Django types it. */
export function empty(status: number, headers: OutgoingHttpHeaders = {}): LocalResponse {
  return html(status, '', headers);
}

/** A page. */
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

/** The answer to a method that a view does not have. */
export function methodNotAllowed(allowed: string): LocalResponse {
  return empty(405, { Allow: allowed });
}

/** Flat JSON with the spaces and the escapes that Python's json.dumps puts in it. */
export function spacedJSON(object: Readonly<Record<string, string | number | boolean>>): string {
  const members = Object.entries(object).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{${members.join(', ')}}`.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A Set-Cookie line. */
export function cookie(name: string, value: string, maxAge?: number): string {
  const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; HttpOnly${lifetime}; Path=/; SameSite=Lax`;
}
