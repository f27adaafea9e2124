// From Node's request to ours: the body read whole, the slash fixed, form and cookies parsed.

import type { IncomingMessage } from 'node:http';

import { formDecodePairs } from './form-encoding.js';
import type { Pairs } from './form-encoding.js';
import type { LocalRequest } from './response.js';
import { multipartFields } from './multipart.js';

// Django's DATA_UPLOAD_MAX_MEMORY_SIZE and DATA_UPLOAD_MAX_NUMBER_FIELDS.
const MOST_BODY_BYTES = 2_621_440;
const MOST_FIELDS = 1_000;

/** A request that is answered with 400 before anybody looks at it. */
export class BadRequest extends Error {}

/** The path and query of a URL; the path's final slash is added or removed as Ion's middleware does. */
export function pathAndSearch(url: string): { path: string; search: string } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  return { path: fixSlash(path), search: mark < 0 ? '' : url.slice(mark + 1) };
}

function fixSlash(path: string): string {
  if (path.startsWith('/oauth/.well-known/')) return path;
  if (path.startsWith('/oauth')) return path.endsWith('/') ? path : `${path}/`;
  return path.replace(/\/+$/, '') || '/';
}

/** Reads a request; `parameters` are what its route found in the path. */
export async function readRequest(
  message: IncomingMessage,
  parameters: Readonly<Record<string, string>>,
): Promise<LocalRequest> {
  const { path, search } = pathAndSearch(message.url ?? '/');
  const { headers } = message;
  const body = await readBody(message);
  // A proxy in front may speak https; Ion believes it.
  const scheme =
    String(headers['x-forwarded-proto']).split(',')[0]?.trim() === 'https' ? 'https' : 'http';
  return {
    method: message.method ?? 'GET',
    path,
    search,
    query: pairsIn(search),
    body,
    form: formIn(body, headers['content-type'] ?? ''),
    headers,
    cookies: cookiesIn(headers.cookie),
    origin: `${scheme}://${headers.host ?? 'localhost'}`,
    parameters,
  };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to the end even when it is too much, so that the answer finds somebody who listens.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) throw new BadRequest('The body is too large.');
  return Buffer.concat(chunks);
}

// JSON is no form: that is Ion's way.
function formIn(body: Buffer, type: string): Pairs {
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    checkCharset(type);
    return pairsIn(body.toString());
  }
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) return [];
  const fields = multipartFields(body, type);
  if (fields === undefined) {
    throw new BadRequest('The multipart form has no boundary, or headers without an end.');
  }
  if (fields.length > MOST_FIELDS) throw tooManyFields();
  return fields;
}

// Trap of Django's: UTF-8 by any other name than that is refused. What it does not know, it does not mind.
function checkCharset(type: string): void {
  const [, quoted, plain] = /;\s*charset=(?:"([^"]*)"|([^\s;]*))/i.exec(type) ?? [];
  const charset = (quoted ?? plain ?? '').toLowerCase();
  if (charset !== 'utf-8' && isCharset(charset)) {
    throw new BadRequest(`A form is always utf-8, and not ${charset}.`);
  }
}

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

function pairsIn(text: string): Pairs {
  // Counted before they are taken apart, by what stands between them.
  if (text.split('&', MOST_FIELDS + 1).length > MOST_FIELDS) throw tooManyFields();
  return formDecodePairs(text);
}

function tooManyFields(): BadRequest {
  return new BadRequest(`There are more than ${MOST_FIELDS} parameters.`);
}

function cookiesIn(header: string | undefined): ReadonlyMap<string, string> {
  const pairs = (header ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0
      ? []
      : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const];
  });
  return new Map(pairs);
}
