// /oauth/token/: exchanges codes and refresh tokens for new tokens.

import { createHash } from 'node:crypto';

import type { RegisteredApplication } from './applications.js';
import { authenticateClient, identifyClient } from './client-authentication.js';
import type { ClientCredentials } from './client-authentication.js';
import type { Pairs } from '../server/form-encoding.js';
import { ACCESS_TOKEN_LIFETIME_S } from './issued-tokens.js';
import type { AccessToken, AuthorizationCode, RefreshToken } from './issued-tokens.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import { empty, html, methodNotAllowed, spacedJSON } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { errorPage } from '../server/pages.js';
import { ALL_SCOPES, areKnownScopes, parseScopes } from './scopes.js';

const ALLOW = 'POST, OPTIONS';
const MISSING_REDIRECT_URI = 'Missing redirect URI.';

const JSON_HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
};

/** The token endpoint (RFC 6749, section 3.2). */
export function token(ion: IonState, request: LocalRequest): LocalResponse {
  return echoState(handleTokenRequest(ion, request), request);
}

/** Adds the request's `state` to an error response. Ion does so, although OAuth has no `state` in token requests. */
export function echoState(response: LocalResponse, { form }: LocalRequest): LocalResponse {
  const state = lastValue(form, 'state');
  const body = String(response.body);
  // Don't use Content-Type to find out whether the body is JSON, because the error for parameters in the URL
  // is JSON that is labeled as HTML.
  const isError = response.status >= 400 && body.startsWith('{');
  if (!isError || !state) return response;
  // The cast is safe because every value in an OAuth error is a string.
  const error = JSON.parse(body) as Record<string, string>;
  // Quirk of Ion: the error for a missing redirect_uri is the only one to which Ion does not add `state`.
  if (error['error_description'] === MISSING_REDIRECT_URI) return response;
  return { ...response, body: spacedJSON({ ...error, state }) };
}

function handleTokenRequest(ion: IonState, request: LocalRequest): LocalResponse {
  if (request.method === 'OPTIONS') return empty(200, { Allow: ALLOW });
  if (request.method !== 'POST') return methodNotAllowed(ALLOW);
  if (request.search !== '') {
    // Quirk of Ion: this JSON is labeled as HTML.
    return html(400, queryErrorBody());
  }
  switch (lastValue(request.form, 'grant_type')) {
    case 'authorization_code':
      return exchangeCode(ion, request);
    case 'refresh_token':
      return refresh(ion, request);
    case 'client_credentials':
      return grantToApplication(ion, request);
    case 'password':
      return refusePassword(ion, request);
    case undefined:
    default:
      return oauthError(400, 'unsupported_grant_type');
  }
}

/** Returns an OAuth error response (RFC 6749, section 5.2). */
export function oauthError(status: number, error: string, description?: string): LocalResponse {
  const body = spacedJSON({ error, ...(description ? { error_description: description } : {}) });
  const challenge = { 'WWW-Authenticate': `Bearer error="${error}"` };
  return { status, headers: { ...JSON_HEADERS, ...(status === 401 ? challenge : {}) }, body };
}

/** Returns the body of the error for parameters in the URL. Ion refuses them because servers log URLs. */
export function queryErrorBody(): string {
  const error_description = 'URL query parameters are not allowed';
  return spacedJSON({ error: 'invalid_request', error_description });
}

/** Reads the application's credentials from the Authorization header and from a form or query. */
export function readCredentials(
  request: LocalRequest,
  pairs: Pairs = request.form,
): ClientCredentials {
  return {
    authorization: request.headers.authorization,
    clientID: lastValue(pairs, 'client_id'),
    clientSecret: lastValue(pairs, 'client_secret'),
  };
}

function exchangeCode(ion: IonState, request: LocalRequest): LocalResponse {
  const code = lastValue(request.form, 'code');
  if (code === undefined) return oauthError(400, 'invalid_request', 'Missing code parameter.');
  const application = identifyClient(ion.applications, readCredentials(request));
  if (!application) return oauthError(401, 'invalid_client');
  if (application.grantType !== 'authorization-code') return oauthError(400, 'unauthorized_client');
  const grant = ion.tokens.findCode(code, application);
  if (!grant) return oauthError(400, 'invalid_grant');
  const refused =
    refuseVerifier(grant, lastValue(request.form, 'code_verifier')) ??
    refuseRedirectURI(grant, application, lastValue(request.form, 'redirect_uri'));
  if (refused) return refused;
  if (grant.scope.split(' ').includes('openid')) return openIDFailure();
  const { access, refresh } = ion.tokens.redeemCode(code, grant);
  return tokenResponse(access, refresh);
}

function refuseVerifier(
  { codeChallenge, codeChallengeMethod }: AuthorizationCode,
  verifier: string | undefined,
): LocalResponse | undefined {
  if (codeChallenge === '') return undefined;
  if (verifier === undefined) {
    return oauthError(400, 'invalid_request', 'Code verifier required.');
  }
  const transformed =
    codeChallengeMethod === 'S256'
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier;
  return transformed === codeChallenge ? undefined : oauthError(400, 'invalid_grant');
}

function refuseRedirectURI(
  grant: AuthorizationCode,
  application: RegisteredApplication,
  sent: string | undefined,
): LocalResponse | undefined {
  const redirectURI = sent ?? application.defaultRedirectURI;
  if (redirectURI === undefined) return oauthError(400, 'invalid_request', MISSING_REDIRECT_URI);
  return redirectURI === grant.redirectURI
    ? undefined
    : oauthError(400, 'invalid_request', 'Mismatching redirect URI.');
}

// Unless an application is registered for OpenID Connect, it has no key to sign an id_token, so Ion fails.
function openIDFailure(): LocalResponse {
  return errorPage(
    500,
    'Server Error (500)',
    'The authorization request had the scope openid, or no scope, which means every scope. Ion fails here if the application is not registered for OpenID Connect: ask for scope=read.',
  );
}

function refresh(ion: IonState, request: LocalRequest): LocalResponse {
  const sent = lastValue(request.form, 'refresh_token');
  if (sent === undefined) {
    return oauthError(400, 'invalid_request', 'Missing refresh token parameter.');
  }
  const application = identifyClient(ion.applications, readCredentials(request));
  if (!application) return oauthError(401, 'invalid_client');
  const old = ion.tokens.findRefreshToken(sent, application);
  if (!old) return oauthError(400, 'invalid_grant');
  // If the access token has been revoked, but not the refresh token, Ion no longer knows the scope. It then
  // treats the scope as empty.
  const granted = ion.tokens.scopeOf(old) ?? '';
  const requested = lastValue(request.form, 'scope');
  if (
    requested &&
    !parseScopes(requested).every((scope) => scope && granted.split(' ').includes(scope))
  ) {
    return oauthError(400, 'invalid_scope');
  }
  const fresh = ion.tokens.rotate(old, requested ? parseScopes(requested).join(' ') : granted);
  return tokenResponse(fresh.access, fresh.refresh);
}

function grantToApplication(ion: IonState, request: LocalRequest): LocalResponse {
  const application = authenticateClient(ion.applications, readCredentials(request));
  if (!application) return oauthError(401, 'invalid_client');
  if (application.grantType !== 'client-credentials') return oauthError(400, 'unauthorized_client');
  const requested = lastValue(request.form, 'scope');
  const scopes = requested === undefined ? ALL_SCOPES : parseScopes(requested);
  if (!areKnownScopes(scopes)) return oauthError(400, 'invalid_scope');
  return tokenResponse(ion.tokens.issueForApplication(application, scopes.join(' ')));
}

// The local Ion has no passwords, so every password is wrong.
function refusePassword(ion: IonState, request: LocalRequest): LocalResponse {
  const missing = ['username', 'password'].find((name) => !lastValue(request.form, name));
  if (missing !== undefined) {
    return oauthError(400, 'invalid_request', `Request is missing ${missing} parameter.`);
  }
  return identifyClient(ion.applications, readCredentials(request))
    ? oauthError(400, 'invalid_grant', 'Invalid credentials given.')
    : oauthError(401, 'invalid_client');
}

function tokenResponse(access: AccessToken, refreshToken?: RefreshToken): LocalResponse {
  const body = spacedJSON({
    access_token: access.token,
    expires_in: ACCESS_TOKEN_LIFETIME_S,
    token_type: 'Bearer',
    scope: access.scope,
    ...(refreshToken ? { refresh_token: refreshToken.token } : {}),
  });
  return { status: 200, headers: JSON_HEADERS, body };
}
