// Validates authorization requests (RFC 6749, section 4.1.1), in the same order as Ion.

import type { Applications, RegisteredApplication } from './applications.js';
import { formEncodePairs, hasBrokenEncoding } from '../server/form-encoding.js';
import type { Pairs } from '../server/form-encoding.js';
import { lastValue } from '../server/request.js';
import { isAbsoluteURI } from './redirect-uri.js';
import { ALL_SCOPES, areKnownScopes, parseScopes } from './scopes.js';

/** A valid authorization request, which a person can approve or cancel. */
export interface ValidAuthorizationRequest {
  readonly application: RegisteredApplication;
  readonly redirectURI: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string | undefined;
}

/** The parameters of an authorization request, not validated yet. */
export interface AuthorizationParameters {
  readonly clientID: string | undefined;
  readonly redirectURI: string | undefined;
  readonly responseType: string | undefined;
  readonly scope: string | undefined;
  readonly state: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string | undefined;
}

/** The reason for refusing an authorization request. */
export class AuthorizationRefusal {
  constructor(
    readonly error: string,
    readonly description: string,
    /** The app's URL, with the error, to redirect the browser to. If undefined, Ion shows the error on a page. */
    readonly location?: string,
  ) {}
}

/** Reads the parameters of an authorization request from a query or a form. */
export function readAuthorizationParameters(pairs: Pairs): AuthorizationParameters {
  return {
    clientID: lastValue(pairs, 'client_id'),
    redirectURI: lastValue(pairs, 'redirect_uri'),
    responseType: lastValue(pairs, 'response_type'),
    scope: lastValue(pairs, 'scope'),
    state: lastValue(pairs, 'state'),
    codeChallenge: lastValue(pairs, 'code_challenge'),
    codeChallengeMethod: lastValue(pairs, 'code_challenge_method'),
  };
}

/** Refuses a query that cannot be parsed or that has a parameter twice. */
export function refuseDuplicates(search: string, query: Pairs): AuthorizationRefusal | undefined {
  const hasBareName = search !== '' && search.split('&').some((pair) => !pair.includes('='));
  if (hasBareName || hasBrokenEncoding(search)) {
    return new AuthorizationRefusal('invalid_request', 'Unable to parse query string');
  }
  const duplicate = ['client_id', 'response_type', 'redirect_uri', 'scope', 'state'].find(
    (name) => query.filter(([each]) => each === name).length > 1,
  );
  return duplicate === undefined
    ? undefined
    : new AuthorizationRefusal('invalid_request', `Duplicate ${duplicate} parameter.`);
}

/** Returns the request if Ion would ask a person to approve it, or else the reason for refusing it. */
export function validateAuthorization(
  parameters: AuthorizationParameters,
  applications: Applications,
): ValidAuthorizationRequest | AuthorizationRefusal {
  const { clientID, state, codeChallenge } = parameters;
  if (!clientID) return new AuthorizationRefusal('invalid_request', 'Missing client_id parameter.');
  const application = applications.get(clientID);
  if (!application) {
    return new AuthorizationRefusal('invalid_request', 'Invalid client_id parameter value.');
  }
  const redirectURI = parameters.redirectURI ?? application.defaultRedirectURI;
  if (redirectURI === undefined) {
    return new AuthorizationRefusal('invalid_request', 'Missing redirect URI.');
  }
  const problem = findRedirectURIProblem(redirectURI, application);
  if (problem !== undefined) return new AuthorizationRefusal('invalid_request', problem);
  const scopes = parameters.scope === undefined ? ALL_SCOPES : parseScopes(parameters.scope);
  const refused = findError(parameters, application, scopes);
  if (refused) return refuseByRedirect(redirectURI, refused[0], refused[1], state);
  const codeChallengeMethod =
    codeChallenge === undefined ? undefined : (parameters.codeChallengeMethod ?? 'plain');
  return { application, redirectURI, scopes, state, codeChallenge, codeChallengeMethod };
}

/** Creates a refusal that redirects to the app with the error in the URL (RFC 6749, section 4.1.2.1). */
export function refuseByRedirect(
  redirectURI: string,
  error: string,
  description: string,
  state: string | undefined,
): AuthorizationRefusal {
  const pairs: [string, string][] = [['error', error]];
  if (description) pairs.push(['error_description', description]);
  if (state) pairs.push(['state', state]);
  const separator = redirectURI.includes('?') ? '&' : '?';
  const location = `${redirectURI}${separator}${formEncodePairs(pairs)}`;
  return new AuthorizationRefusal(error, description, location);
}

function findRedirectURIProblem(
  redirectURI: string,
  application: RegisteredApplication,
): string | undefined {
  if (!isAbsoluteURI(redirectURI)) return 'Invalid redirect URI.';
  return application.allowsRedirect(redirectURI) ? undefined : 'Mismatching redirect URI.';
}

function findError(
  { responseType, codeChallenge, codeChallengeMethod }: AuthorizationParameters,
  application: RegisteredApplication,
  scopes: readonly string[],
): readonly [error: string, description: string] | undefined {
  if (responseType === undefined) return ['invalid_request', 'Missing response_type parameter.'];
  if (responseType !== 'code' || application.grantType !== 'authorization-code') {
    // Ion knows these response types, but the application is not registered for them.
    const isKnown = /code|^none$|^(id_token )?token$|^id_token$/.test(responseType);
    return [isKnown ? 'unauthorized_client' : 'unsupported_response_type', ''];
  }
  const method = codeChallengeMethod ?? 'plain';
  if (codeChallenge !== undefined && method !== 'S256' && method !== 'plain') {
    return ['invalid_request', 'Transform algorithm not supported.'];
  }
  return areKnownScopes(scopes) ? undefined : ['invalid_scope', ''];
}
