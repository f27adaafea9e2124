// Resolves the URL of a request to Ion's API. Each request carries a token, so its URL must not lead
// anywhere else.

import { Buffer } from 'node:buffer';
import { URL } from 'node:url';

import type { Endpoints } from '../endpoints.js';
import { IonURLError } from '../errors.js';
import { encodeParameters } from './encode.js';

// The limit for a path or link, because web servers accept request lines of up to about 8 KB. It leaves
// plenty of room: Ion's own links are shorter than 200 characters.
const MAX_PATH_CHARACTERS = 8192;

// Matches control characters, by excluding the two ranges of characters that are allowed.
const CONTROL = /[^ -~\u00a0-\uffff]/;

/**
 * Resolves `path`, which is a path in Ion's API (`/schedule`) or a full URL there, such as a link from one
 * of its responses.
 *
 * Behind a proxy, Ion might write `http` in its links, although apps reach it over `https`. An `http` link
 * to the host of `endpoints` is therefore requested over `https` if the URLs in `endpoints` use `https`.
 *
 * @throws {@link IonURLError} if `path` leads, or might lead, outside Ion's API.
 * @throws {@link IonOptionError} if `query` holds a value that a query cannot hold.
 */
export function toAPIURL(path: string, query: object, endpoints: Endpoints): URL {
  requirePlainText(path);
  const [pathOnly = ''] = path.split('?', 1);
  requireNoDotSegments(pathOnly);
  const isAbsolute = /^[a-z][a-z\d+.-]*:/i.test(path);
  const url = isAbsolute ? resolveLink(path, endpoints) : resolvePath(path, endpoints);
  for (const [name, value] of encodeParameters(query)) url.searchParams.append(name, value);
  if (url.searchParams.has('access_token')) {
    throw pathError(
      'it holds an access_token, which Ion writes to its logs; leave it out, the token goes in a header',
    );
  }
  return url;
}

function requirePlainText(path: unknown): asserts path is string {
  if (typeof path !== 'string') throw pathError(`it must be a string, not ${typeof path}`);
  if (path.length > MAX_PATH_CHARACTERS) {
    throw pathError(`it is longer than ${MAX_PATH_CHARACTERS} characters`);
  }
  if (CONTROL.test(path) || path !== path.trim()) {
    throw pathError('it holds control characters, or whitespace around it');
  }
  if (path.includes('\\')) throw pathError('it holds a backslash');
  if (path.includes('#'))
    throw pathError('it holds a #; use encodeURIComponent on what you put in');
}

function requireNoDotSegments(path: string): void {
  if (!canDecode(path)) {
    throw pathError('it holds a % that encodes nothing; use encodeURIComponent on what you put in');
  }
  // A proxy in front of Ion might decode a path, even more than once, before it resolves the dots.
  const decoded = decodeFully(path);
  if (CONTROL.test(decoded) || decoded.includes('\\')) {
    throw pathError('it holds an encoded control character or backslash');
  }
  // Encoded delimiters also end a segment, once they are decoded.
  if (decoded.split(/[/?#;]/).some((segment) => segment === '.' || segment === '..')) {
    throw pathError('it holds a segment of dots');
  }
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const PERCENT = 0x25;

/**
 * Decodes the path until no percent escape is left (`%252e` becomes `%2e`, which becomes a dot). It takes a
 * single pass: as soon as a byte completes an escape, the escape is replaced with the byte that it stands
 * for.
 */
function decodeFully(path: string): string {
  const bytes = Buffer.from(path);
  let length = 0;
  for (const byte of bytes) {
    bytes[length] = byte;
    length += 1;
    // The decoded byte can itself be the last digit of an escape.
    while (length >= 3 && bytes[length - 3] === PERCENT) {
      const digits = bytes.toString('latin1', length - 2, length);
      if (!/^[\da-f]{2}$/i.test(digits)) break;
      length -= 2;
      bytes[length - 1] = parseInt(digits, 16);
    }
  }
  return bytes.toString('utf8', 0, length);
}

function resolvePath(path: string, endpoints: Endpoints): URL {
  if (!path.startsWith('/') || path.startsWith('//')) {
    throw pathError("it must begin with one slash, such as '/schedule', or be a URL of Ion's API");
  }
  const { pathname } = new URL(endpoints.api);
  if (path === pathname || path.startsWith(`${pathname}/`)) {
    throw pathError(`leave out ${pathname} at its beginning, as in '/schedule'`);
  }
  return resolveLink(endpoints.api + path, endpoints);
}

function resolveLink(link: string, endpoints: Endpoints): URL {
  if (!URL.canParse(link)) throw pathError('it is not a URL');
  const url = new URL(link);
  const api = new URL(endpoints.api);
  if (url.username || url.password) throw pathError('it holds a username or a password');
  if (api.protocol === 'https:' && url.protocol === 'http:' && url.host === api.host) {
    url.protocol = 'https:';
  }
  if (url.origin !== api.origin) throw pathError(`it leads away from ${api.origin}`);
  if (url.pathname !== api.pathname && !url.pathname.startsWith(`${api.pathname}/`)) {
    throw pathError(`it leads out of Ion's API, ${endpoints.api}`);
  }
  return url;
}

// The message does not quote the path, because the path might hold a token.
function pathError(why: string): IonURLError {
  return new IonURLError(
    `IonAPI: nothing was sent, because the path or link is not one of Ion's API: ${why}`,
  );
}
