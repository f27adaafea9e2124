// /oauth/token/: codes and refresh tokens become tokens.

import { createHash } from 'node:crypto';

import type { RegisteredApplication } from './applications.js';
import { authenticateClient, identifyClient } from './client-authentication.js';
import type { ClientCredentials } from './client-authentication.js';
import type { Pairs } from '../server/form-encoding.js';
import { ACCESS_TOKEN_LIFETIME_S } from './tokens.js';
import type { AccessToken, AuthorizationCode, RefreshToken } from './tokens.js';
import type { IonState } from '../data/state.js';
import { empty, html, methodNotAllowed, spacedJSON, valueOf } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { errorPage } from '../server/pages.js';
import { ALL_SCOPES, areScopes, scopesIn } from './scopes.js';

const ALLOW = 'POST, OPTIONS';
const MISSING_REDIRECT_URI = 'Missing redirect URI.';

const NOT_CACHED = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
};

/** The token endpoint (RFC 6749, section 3.2). */
export function token(ion: IonState, request: LocalRequest): LocalResponse {
  return repeatState(answerTo(ion, request), request);
}

/** The answer with the state of the request, if it is an error: Ion repeats what has no use here. */
export function repeatState(answer: LocalResponse, { form }: LocalRequest): LocalResponse {
  const state = valueOf(form, 'state');
  const body = String(answer.body);
  // By the body: a refusal of parameters in the URL goes by the name of HTML.
  const isError = answer.status >= 400 && body.startsWith('{');
  if (!isError || !state) return answer;
  // The cast: flat JSON is what oauthError makes.
  const error = JSON.parse(body) as Record<string, string>;
  // Of all errors, Ion makes this one without a look at the request.
  if (error['error_description'] === MISSING_REDIRECT_URI) return answer;
  return { ...answer, body: spacedJSON({ ...error, state }) };
}

function answerTo(ion: IonState, request: LocalRequest): LocalResponse {
  if (request.method === 'OPTIONS') return empty(200, { Allow: ALLOW });
  if (request.method !== 'POST') return methodNotAllowed(ALLOW);
  if (request.search !== '') {
    // JSON under this type: a trap of Ion's.
    return html(400, queryRefusal());
  }
  switch (valueOf(request.form, 'grant_type')) {
    case 'authorization_code':
      return exchangeCode(ion, request);
    case 'refresh_token':
      return refresh(ion, request);
    case 'client_credentials':
      return forApplication(ion, request);
    case 'password':
      return byPassword(ion, request);
    case undefined:
    default:
      return oauthError(400, 'unsupported_grant_type');
  }
}

/** An error of OAuth as JSON (RFC 6749, section 5.2). */
export function oauthError(status: number, error: string, description?: string): LocalResponse {
  const body = spacedJSON({ error, ...(description ? { error_description: description } : {}) });
  const challenge = { 'WWW-Authenticate': `Bearer error="${error}"` };
  return { status, headers: { ...NOT_CACHED, ...(status === 401 ? challenge : {}) }, body };
}

/** The body that refuses parameters in the URL, where secrets would be logged. */
export function queryRefusal(): string {
  const error_description = 'URL query parameters are not allowed';
  return spacedJSON({ error: 'invalid_request', error_description });
}

/** What of a form or query tells the application. */
export function credentialsIn(
  request: LocalRequest,
  pairs: Pairs = request.form,
): ClientCredentials {
  return {
    authorization: request.headers.authorization,
    clientID: valueOf(pairs, 'client_id'),
    clientSecret: valueOf(pairs, 'client_secret'),
  };
}

function exchangeCode(ion: IonState, request: LocalRequest): LocalResponse {
  const code = valueOf(request.form, 'code');
  if (code === undefined) return oauthError(400, 'invalid_request', 'Missing code parameter.');
  const application = identifyClient(ion.applications, credentialsIn(request));
  if (!application) return oauthError(401, 'invalid_client');
  if (application.grantType !== 'authorization-code') return oauthError(400, 'unauthorized_client');
  const grant = ion.tokens.codeGrant(code, application);
  if (!grant) return oauthError(400, 'invalid_grant');
  const refused =
    refuseVerifier(grant, valueOf(request.form, 'code_verifier')) ??
    refuseRedirectURI(grant, application, valueOf(request.form, 'redirect_uri'));
  if (refused) return refused;
  if (grant.scope.split(' ').includes('openid')) return openIDFailure();
  const { access, refresh } = ion.tokens.redeem(code, grant);
  return tokens(access, refresh);
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

// What Ion does for every application that was not registered with OpenID Connect: there is no key to sign with.
function openIDFailure(): LocalResponse {
  return errorPage(
    500,
    'Server Error (500)',
    'The code was asked for with the scope openid, or with no scope at all, which means every scope. Ion fails here for an application that is registered without OpenID Connect: ask for scope=read.',
  );
}

function refresh(ion: IonState, request: LocalRequest): LocalResponse {
  const sent = valueOf(request.form, 'refresh_token');
  if (sent === undefined) {
    return oauthError(400, 'invalid_request', 'Missing refresh token parameter.');
  }
  const application = identifyClient(ion.applications, credentialsIn(request));
  if (!application) return oauthError(401, 'invalid_client');
  const old = ion.tokens.refreshToken(sent, application);
  if (!old) return oauthError(400, 'invalid_grant');
  // An access token that was revoked by itself took the scope along.
  const granted = ion.tokens.scopeBeside(old) ?? '';
  const asked = valueOf(request.form, 'scope');
  if (asked && !scopesIn(asked).every((scope) => scope && granted.split(' ').includes(scope))) {
    return oauthError(400, 'invalid_scope');
  }
  const fresh = ion.tokens.rotate(old, asked ? scopesIn(asked).join(' ') : granted);
  return tokens(fresh.access, fresh.refresh);
}

function forApplication(ion: IonState, request: LocalRequest): LocalResponse {
  const application = authenticateClient(ion.applications, credentialsIn(request));
  if (!application) return oauthError(401, 'invalid_client');
  if (application.grantType !== 'client-credentials') return oauthError(400, 'unauthorized_client');
  const asked = valueOf(request.form, 'scope');
  const scopes = asked === undefined ? ALL_SCOPES : scopesIn(asked);
  if (!areScopes(scopes)) return oauthError(400, 'invalid_scope');
  return tokens(ion.tokens.issueForApplication(application, scopes.join(' ')));
}

// There are no passwords here, so every password is wrong.
function byPassword(ion: IonState, request: LocalRequest): LocalResponse {
  const missing = ['username', 'password'].find((name) => !valueOf(request.form, name));
  if (missing !== undefined) {
    return oauthError(400, 'invalid_request', `Request is missing ${missing} parameter.`);
  }
  return identifyClient(ion.applications, credentialsIn(request))
    ? oauthError(400, 'invalid_grant', 'Invalid credentials given.')
    : oauthError(401, 'invalid_client');
}

function tokens(access: AccessToken, refreshToken?: RefreshToken): LocalResponse {
  const body = spacedJSON({
    access_token: access.token,
    expires_in: ACCESS_TOKEN_LIFETIME_S,
    token_type: 'Bearer',
    scope: access.scope,
    ...(refreshToken ? { refresh_token: refreshToken.token } : {}),
  });
  return { status: 200, headers: NOT_CACHED, body };
}
