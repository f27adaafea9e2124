// Creates the responses that endpoints return, and sends them.

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A response, ready to be sent. */
export interface LocalResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** Sends a response. */
export function send(response: ServerResponse, { status, headers, body }: LocalResponse): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** Creates a response without a body. Django labels even an empty body as HTML. */
export function empty(status: number, headers: OutgoingHttpHeaders = {}): LocalResponse {
  return html(status, '', headers);
}

/** Creates an HTML response. */
export function html(
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): LocalResponse {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}

/** Creates a redirect with status 302. */
export function redirect(location: string, headers: OutgoingHttpHeaders = {}): LocalResponse {
  return empty(302, { Location: location, ...headers });
}

/** Creates the response to a request with a method that the endpoint does not support. */
export function methodNotAllowed(allowed: string): LocalResponse {
  return empty(405, { Allow: allowed });
}

/** Converts a flat object to JSON with the same spaces and escapes as Python's json.dumps. */
export function spacedJSON(object: Readonly<Record<string, string | number | boolean>>): string {
  const members = Object.entries(object).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{${members.join(', ')}}`.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Builds the value of a Set-Cookie header. `maxAge` is in seconds. */
export function cookie(name: string, value: string, maxAge?: number): string {
  const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; HttpOnly${lifetime}; Path=/; SameSite=Lax`;
}
