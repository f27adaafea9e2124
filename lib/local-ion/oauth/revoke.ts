// /oauth/revoke_token/ and /oauth/introspect/: ending tokens, and asking what they are.

import { authenticateClient, identifyClient } from './client-authentication.js';
import type { IonState } from '../data/state.js';
import { empty, methodNotAllowed, spacedJSON, valueOf } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { errorPage } from '../server/pages.js';
import { credentialsIn, oauthError, queryRefusal, repeatState } from './token.js';

/** The revocation endpoint (RFC 7009). */
export function revoke(ion: IonState, request: LocalRequest): LocalResponse {
  return repeatState(revocation(ion, request), request);
}

function revocation(ion: IonState, request: LocalRequest): LocalResponse {
  const allowed = 'POST, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  if (request.method !== 'POST') return methodNotAllowed(allowed);
  if (request.search !== '') return { ...oauthError(400, 'invalid_request'), body: queryRefusal() };
  const token = valueOf(request.form, 'token');
  if (!token) return oauthError(400, 'invalid_request', 'Missing token parameter.');
  const application = identifyClient(ion.applications, credentialsIn(request));
  if (!application) return oauthError(401, 'invalid_client');
  // Trap of Ion's: any application may revoke any token.
  ion.tokens.revoke(token);
  return empty(200);
}

/** The introspection endpoint (RFC 7662), open to any application with its secret. */
export function introspect(ion: IonState, request: LocalRequest): LocalResponse {
  const allowed = 'GET, POST, HEAD, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  const sent = [...request.query, ...request.form];
  if (!authenticateClient(ion.applications, credentialsIn(request, sent))) return empty(403);
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) return methodNotAllowed(allowed);
  const token = valueOf(request.method === 'POST' ? request.form : request.query, 'token');
  if (token === undefined) {
    return errorPage(500, 'Server Error (500)', 'Ion fails where no token is sent.');
  }
  const found = ion.tokens.accessToken(token);
  const body = found
    ? spacedJSON({
        active: true,
        scope: found.scope,
        exp: Math.floor(found.expiresAt / 1000),
        client_id: found.application.clientID,
        ...(found.person ? { username: found.person.ion_username } : {}),
      })
    : spacedJSON({ active: false });
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}
