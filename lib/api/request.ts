// The URL of a request to Ion's API: only ever of that API, since a token goes there.

import type { Endpoints } from '../endpoints.js';
import { IonURLError } from '../errors.js';
import { encoded } from './request-bodies.js';
import type { IonParameters } from './request-bodies.js';

/**
 * The URL of `path` in Ion's API, or `path` itself where it is such a URL already.
 *
 * Behind a proxy Ion may write `http` in its links though it is asked by `https`: of the host that
 * `endpoints` names, such a link is followed by `https`.
 *
 * @throws {@link IonURLError} for whatever leads, or might lead, elsewhere.
 */
export function apiURL(path: string, query: IonParameters, endpoints: Endpoints): URL {
  const url = isAbsolute(path) ? linked(path, endpoints) : below(path, endpoints);
  for (const [name, value] of encoded(query)) url.searchParams.append(name, value);
  if (url.searchParams.has('access_token')) {
    throw refused(
      'it holds an access_token, which Ion writes to its logs; leave it out, the token goes in a header',
    );
  }
  return url;
}

// Control characters: all but these.
const CONTROL = /[^ -~\u00a0-\uffff]/;

function isAbsolute(path: unknown): path is string {
  if (typeof path !== 'string') throw refused(`it must be a string, not ${typeof path}`);
  if (CONTROL.test(path) || path !== path.trim()) {
    throw refused('it holds control characters, or white space around it');
  }
  if (path.includes('\\')) throw refused('it holds a backslash');
  if (path.includes('#')) throw refused('it holds a #; use encodeURIComponent on what you put in');
  requireNoDots(path.replace(/\?.*$/, ''));
  return /^[a-z][a-z\d+.-]*:/i.test(path);
}

function below(path: string, endpoints: Endpoints): URL {
  if (!path.startsWith('/') || path.startsWith('//')) {
    throw refused("it must begin with one slash, such as '/schedule', or be a URL of Ion's API");
  }
  const { pathname } = new URL(endpoints.api);
  if (path === pathname || path.startsWith(`${pathname}/`)) {
    throw refused(`leave ${pathname} out at its beginning, as in '/schedule'`);
  }
  return linked(endpoints.api + path, endpoints);
}

function linked(link: string, endpoints: Endpoints): URL {
  if (!URL.canParse(link)) throw refused('it is no URL');
  const url = new URL(link);
  const api = new URL(endpoints.api);
  if (url.username || url.password) throw refused('it holds a username or a password');
  if (api.protocol === 'https:' && url.protocol === 'http:' && url.host === api.host) {
    url.protocol = 'https:';
  }
  if (url.origin !== api.origin) throw refused(`it leads away from ${api.origin}`);
  if (url.pathname !== api.pathname && !url.pathname.startsWith(`${api.pathname}/`)) {
    throw refused(`it leads out of Ion's API, ${endpoints.api}`);
  }
  return url;
}

// Encoded ones too, however often: a proxy in front of Ion may decode a path before it resolves it.
function requireNoDots(path: string): void {
  let text = path;
  for (;;) {
    if (text.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')) {
      throw refused('it holds a segment of dots');
    }
    if (CONTROL.test(text) || text.includes('\\')) {
      throw refused('it holds an encoded control character or backslash');
    }
    const decoded = decodedOnce(text);
    if (decoded === undefined && text === path) {
      throw refused('it holds a % that encodes nothing; use encodeURIComponent on what you put in');
    }
    if (decoded === undefined || decoded === text) return;
    text = decoded;
  }
}

function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

// The path is not quoted: it may hold a token.
function refused(why: string): IonURLError {
  return new IonURLError(
    `IonAPI: nothing was sent, for the path or link is not one of Ion's API: ${why}`,
  );
}
