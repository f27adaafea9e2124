// What the endpoints return, how it is sent, and the responses that several of them return.

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
