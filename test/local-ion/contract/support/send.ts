// Sends one HTTP request exactly as given. fetch would add request headers and hide some response headers.

import { once } from 'node:events';
import http = require('node:http');

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string;
}

export interface HTTPResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends the request on a new connection, and returns the response. */
export async function send(
  url: string,
  { method, headers, body }: RequestOptions = {},
): Promise<HTTPResponse> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const request = http.request(url, {
    method: method ?? 'GET',
    headers: { ...length, ...headers },
    agent: false,
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text: bytes.toString('utf8'),
  };
}
