// Finds out who sent a request, from a login in the browser or from an access token (RFC 6750).

import type { DirectoryEntry } from '../data/directory.js';
import { hasBrokenEncoding } from '../server/form-encoding.js';
import type { AccessToken } from './issued-tokens.js';
import { BadRequest } from '../server/request.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';

/** Finds a valid access token in a request. If it has an Authorization header, ignores the form and the query. */
export function findAccessToken(ion: IonState, request: LocalRequest): AccessToken | undefined {
  if (hasBrokenEncoding(request.search)) {
    throw new BadRequest('The query string is not correctly percent-encoded.');
  }
  const sent = readToken(request);
  return sent === undefined ? undefined : ion.tokens.findAccessToken(sent);
}

function readToken({ headers, form, query }: LocalRequest): string | undefined {
  if (headers.authorization === undefined) {
    return lastValue(form, 'access_token') ?? lastValue(query, 'access_token');
  }
  const [scheme, token, ...more] = headers.authorization.split(/\s+/).filter(Boolean);
  return scheme?.toLowerCase() === 'bearer' && more.length === 0 ? token : undefined;
}

/**
 * Finds the person whose token is in the Authorization header. Quirk of Ion: such a request counts as logged in on
 * every page, not only in the API, if `Bearer` is capitalized exactly like this.
 */
export function identifyByHeader(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  const isBearer = request.headers.authorization?.startsWith('Bearer') === true;
  return isBearer ? findAccessToken(ion, request)?.person : undefined;
}

/** Finds the person who is logged in with this browser or, if no one is, the one whose token is in the header. */
export function identifyPerson(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  return ion.sessions.personOf(request) ?? identifyByHeader(ion, request);
}
