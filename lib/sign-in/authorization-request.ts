// Builds the authorization request: the URL at Ion that begins a sign-in (RFC 6749, section 4.1.1).

import { URLSearchParams } from 'node:url';
import { createHash } from 'node:crypto';

import { IonOptionError } from '../errors.js';
import type { IonAuthenticateOptions } from '../options.js';

/** The parameters of an authorization request. */
export interface AuthorizationRequest {
  readonly clientID: string;
  readonly redirectURI: string;
  readonly scope: string;
  readonly state: string | undefined;
  /** The PKCE verifier. Only its challenge is sent (RFC 7636, section 4.3). */
  readonly verifier: string | undefined;
}

/** Returns the URL to send the browser to. The protocol's own parameters override `extra` ones. */
export function authorizationRequest(
  endpoint: string,
  extra: Readonly<Record<string, string | undefined>>,
  { clientID, redirectURI, scope, state, verifier }: AuthorizationRequest,
): string {
  const parameters: Record<string, string | undefined> = {
    ...extra,
    response_type: 'code',
    client_id: clientID,
    redirect_uri: redirectURI,
    // A scope is always sent: without one, Ion grants every scope, and then responds to the token request with a 500.
    scope,
    state,
    code_challenge: verifier && createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: verifier && 'S256',
  };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.append(name, value);
  }
  return `${endpoint}?${search.toString()}`;
}

/**
 * Returns the other parameters that Ion understands: `prompt` and `approval_prompt`.
 *
 * @throws {@link IonOptionError} for a value that Ion does not handle. For example, `prompt=none` ends in
 *   a 500 if the scope has openid, and is ignored otherwise.
 */
export function extraParameters({
  prompt,
  approvalPrompt,
}: IonAuthenticateOptions): Record<string, string | undefined> {
  return {
    prompt: requireOnly('prompt', 'login', prompt),
    approval_prompt: requireOnly('approvalPrompt', 'auto', approvalPrompt),
  };
}

function requireOnly(option: string, only: string, given: unknown): string | undefined {
  if (given === undefined || given === only) return given;
  throw new IonOptionError(
    option,
    `IonStrategy: ${option} of passport.authenticate must be '${only}', or left out`,
  );
}
