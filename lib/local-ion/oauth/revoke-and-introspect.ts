// /oauth/revoke_token/ revokes tokens, and /oauth/introspect/ says whether a token is valid.

import { authenticateClient, identifyClient } from './client-authentication.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import { empty, methodNotAllowed, spacedJSON } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { errorPage } from '../server/pages.js';
import { readCredentials, oauthError, queryErrorBody, echoState } from './token-endpoint.js';

/** The revocation endpoint (RFC 7009). */
export function revoke(ion: IonState, request: LocalRequest): LocalResponse {
  return echoState(revocation(ion, request), request);
}

function revocation(ion: IonState, request: LocalRequest): LocalResponse {
  const allowed = 'POST, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  if (request.method !== 'POST') return methodNotAllowed(allowed);
  if (request.search !== '')
    return { ...oauthError(400, 'invalid_request'), body: queryErrorBody() };
  const token = lastValue(request.form, 'token');
  if (!token) return oauthError(400, 'invalid_request', 'Missing token parameter.');
  const application = identifyClient(ion.applications, readCredentials(request));
  if (!application) return oauthError(401, 'invalid_client');
  // Quirk of Ion: an application may also revoke another application's tokens.
  ion.tokens.revoke(token);
  return empty(200);
}

/** The introspection endpoint (RFC 7662). Any application that has a secret may ask about any token. */
export function introspect(ion: IonState, request: LocalRequest): LocalResponse {
  const allowed = 'GET, POST, HEAD, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  const sent = [...request.query, ...request.form];
  if (!authenticateClient(ion.applications, readCredentials(request, sent))) return empty(403);
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) return methodNotAllowed(allowed);
  const token = lastValue(request.method === 'POST' ? request.form : request.query, 'token');
  if (token === undefined) {
    return errorPage(500, 'Server Error (500)', 'Ion fails if the request has no token.');
  }
  const found = ion.tokens.findAccessToken(token);
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
