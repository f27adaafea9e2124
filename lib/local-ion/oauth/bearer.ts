// Access tokens that come with a request (RFC 6750), and whom they make known.

import type { DirectoryEntry } from '../data/directory.js';
import { hasBrokenEncoding } from '../server/form-encoding.js';
import type { AccessToken } from './tokens.js';
import { BadRequest } from '../server/request.js';
import type { IonState } from '../data/state.js';
import { valueOf } from '../server/response.js';
import type { LocalRequest } from '../server/response.js';

/** The live access token of a request: a header of whatever kind wins over the form and the query. */
export function accessTokenIn(ion: IonState, request: LocalRequest): AccessToken | undefined {
  if (hasBrokenEncoding(request.search)) {
    throw new BadRequest('The query string is not percent-encoded as it must be.');
  }
  const sent = tokenIn(request);
  return sent === undefined ? undefined : ion.tokens.accessToken(sent);
}

function tokenIn({ headers, form, query }: LocalRequest): string | undefined {
  if (headers.authorization === undefined) {
    return valueOf(form, 'access_token') ?? valueOf(query, 'access_token');
  }
  const [scheme, token, ...more] = headers.authorization.split(/\s+/).filter(Boolean);
  return scheme?.toLowerCase() === 'bearer' && more.length === 0 ? token : undefined;
}

/**
 * Whom the header makes known to every page of Ion, with no login: trap of Ion's. Only `Bearer` in
 * just this case is looked for.
 */
export function personByHeader(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  const isBearer = request.headers.authorization?.startsWith('Bearer') === true;
  return isBearer ? accessTokenIn(ion, request)?.person : undefined;
}

/** Who is logged in in this browser, or else made known by the header. */
export function personKnown(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  return ion.sessions.personOf(request) ?? personByHeader(ion, request);
}
