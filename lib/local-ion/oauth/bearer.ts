// Who sent a request: by a login in this browser, or by an access token (RFC 6750).

import type { DirectoryEntry } from '../data/directory.js';
import { hasBrokenEncoding } from '../server/form-encoding.js';
import type { AccessToken } from './issued-tokens.js';
import { BadRequest } from '../server/request.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';

/** The valid access token of a request. If there is an Authorization header, form and query are ignored. */
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
 * The person whose token is in the header. Quirk of Ion: on every page, not only in the API, such a request
 * counts as logged in, but only if `Bearer` is spelled with exactly this case.
 */
export function identifyByHeader(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  const isBearer = request.headers.authorization?.startsWith('Bearer') === true;
  return isBearer ? findAccessToken(ion, request)?.person : undefined;
}

/** The person logged in in this browser; if nobody is, the person whose token is in the header. */
export function identifyPerson(ion: IonState, request: LocalRequest): DirectoryEntry | undefined {
  return ion.sessions.personOf(request) ?? identifyByHeader(ion, request);
}
