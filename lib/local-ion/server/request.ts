// Turns Node's request into a LocalRequest: reads the body, fixes the trailing slash, and parses the form and cookies.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { formDecodePairs } from './form-encoding.js';
import type { Pairs } from './form-encoding.js';

/** A request whose body has been read completely. */
export interface LocalRequest {
  readonly method: string;
  /** The path. Its trailing slash has been added or removed, as in Ion's middleware. */
  readonly path: string;
  /** The query string as it was sent, without the question mark. */
  readonly search: string;
  readonly query: Pairs;
  /** The body as it was sent. */
  readonly body: Buffer;
  /** The fields of the form in the body; empty if the body is not a form. */
  readonly form: Pairs;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: ReadonlyMap<string, string>;
  /** The scheme and host that the request was sent to. URLs in API responses begin with them. */
  readonly origin: string;
  /** The parts of the path that the route's pattern names, such as `id`. */
  readonly parameters: Readonly<Record<string, string>>;
}

// The limits for the body's size and the number of parameters are Django's default values for
// DATA_UPLOAD_MAX_MEMORY_SIZE and DATA_UPLOAD_MAX_NUMBER_FIELDS.
const MAX_BODY_BYTES = 2_621_440;
const MAX_FIELDS = 1_000;

/** Returns the value of a parameter. If it appears several times, the last value counts, as in Django. */
export function lastValue(pairs: Pairs, name: string): string | undefined {
  return pairs.findLast(([each]) => each === name)?.[1];
}

/** Thrown for a request that cannot be read. The response is a 400. */
export class BadRequest extends Error {}

/** Splits a URL into path and query. Like Ion's middleware, adds or removes the path's trailing slash. */
export function splitTarget(target: string): { path: string; search: string } {
  // Requests to a proxy have a full URL in place of the path (RFC 9112, section 3.2.2).
  const url = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path: fixSlash(path), search: mark < 0 ? '' : url.slice(mark + 1) };
}

function fixSlash(path: string): string {
  if (path.startsWith('/oauth/.well-known/')) return path;
  if (path.startsWith('/oauth')) return path.endsWith('/') ? path : `${path}/`;
  // Don't use a regular expression, because /\/+$/ would take quadratic time.
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end) || '/';
}

/**
 * A request that Node's server has received. In Node's type, `url` and `method` can be undefined, because the type
 * is also for the responses that a client receives.
 */
export interface ReceivedMessage extends IncomingMessage {
  readonly url: string;
  readonly method: string;
}

/** Reads a request. `parameters` are the named parts of the path. */
export async function readRequest(
  message: ReceivedMessage,
  parameters: Readonly<Record<string, string>>,
): Promise<LocalRequest> {
  const { path, search } = splitTarget(message.url);
  const { headers } = message;
  const body = await readBody(message);
  // Ion trusts X-Forwarded-Proto, because the proxy in front of Ion, which terminates TLS, sets it.
  const scheme =
    String(headers['x-forwarded-proto']).split(',')[0]?.trim() === 'https' ? 'https' : 'http';
  return {
    method: message.method,
    path,
    search,
    query: parsePairs(search),
    body,
    form: parseForm(body, headers['content-type'] ?? ''),
    headers,
    cookies: parseCookies(headers.cookie),
    origin: `${scheme}://${headers.host ?? 'localhost'}`,
    parameters,
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read a body to its end even if it is too large, because many clients don't read the response until they have
  // sent all of the body.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES)
    throw new BadRequest(`The body has more than ${MAX_BODY_BYTES} bytes.`);
  return Buffer.concat(chunks);
}

// Returns no fields for a JSON body, because it is not a form: Ion's token endpoint ignores it, too.
function parseForm(body: Buffer, type: string): Pairs {
  if (/^multipart\/form-data\s*(;|$)/i.test(type)) {
    throw new BadRequest(
      'The local Ion does not read multipart/form-data: send application/x-www-form-urlencoded, as OAuth clients do.',
    );
  }
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return [];
  checkCharset(type);
  return parsePairs(body.toString());
}

// Like Django, refuses a form whose charset is a known one other than `utf-8`. Even the name `utf8` is
// refused. A charset that Django doesn't know is ignored.
function checkCharset(type: string): void {
  const [, quoted, plain] = /;\s*charset=(?:"([^"]*)"|([^\s;]*))/i.exec(type) ?? [];
  const charset = (quoted ?? plain ?? '').toLowerCase();
  if (charset !== 'utf-8' && isCharset(charset)) {
    throw new BadRequest(`The charset of a form must be utf-8, not ${charset}.`);
  }
}

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

function parsePairs(text: string): Pairs {
  // Count first, because decoding half a million parameters would take a long time.
  if (text.split('&', MAX_FIELDS + 1).length > MAX_FIELDS) throw tooManyFields();
  return formDecodePairs(text);
}

function tooManyFields(): BadRequest {
  return new BadRequest(`There are more than ${MAX_FIELDS} parameters.`);
}

function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0
      ? []
      : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const];
  });
  return new Map(pairs);
}
