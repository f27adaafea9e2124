// Sends a local Ion the requests that an app sends: for authorization, for tokens, and to the API.

import type { LocalIon } from 'passport-ion/local-ion';

import { send } from './contract/support/send.js';
import type { HTTPResponse } from './contract/support/send.js';

export const CALLBACK = 'http://localhost:3000/complete/ion/';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
}

type Client = Pick<LocalIon, 'baseURL' | 'clientID' | 'clientSecret'>;

/** Returns the URL of an authorization request. */
export function authorizationURL(
  { baseURL, clientID }: Client,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientID,
    redirect_uri: CALLBACK,
    scope: 'read',
    ...more,
  });
  return `${baseURL}/oauth/authorize/?${query.toString()}`;
}

/** Sends a form by POST. */
export function post(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<HTTPResponse> {
  return send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

/** Sends a token request with the client's id and secret. */
export function requestTokens(
  { baseURL, clientID, clientSecret }: Client,
  form: Readonly<Record<string, string>>,
): Promise<HTTPResponse> {
  const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
  return post(`${baseURL}/oauth/token/`, { client_id: clientID, ...secret, ...form });
}

/** Exchanges the code in a callback URL for tokens. */
export function exchange(
  ion: Client,
  callback: string,
  redirect_uri: string = CALLBACK,
): Promise<HTTPResponse> {
  const code = new URL(callback).searchParams.get('code') ?? '';
  return requestTokens(ion, { grant_type: 'authorization_code', code, redirect_uri });
}

/** Signs a person in, and returns their tokens. */
export async function signIn(
  ion: LocalIon,
  as: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Tokens> {
  const callback = await ion.approve(authorizationURL(ion, more), { as });
  const response = await exchange(ion, callback, more['redirect_uri']);
  if (response.status !== 200) throw new Error(`No tokens: ${response.status} ${response.text}`);
  // The cast is safe because the contract tests check what a successful token response contains.
  return JSON.parse(response.text) as Tokens;
}

/** Sends a GET request to the API, with an access token if one is given. */
export function getAPI(
  { baseURL }: Client,
  path: string,
  token?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HTTPResponse> {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return send(`${baseURL}${path}`, { headers: { ...bearer, ...headers } });
}

/** Signs a person in, and returns their profile. */
export async function profileOf(ion: LocalIon, as: string): Promise<Record<string, unknown>> {
  const { access_token } = await signIn(ion, as);
  const response = await getAPI(ion, '/api/profile', access_token);
  // The cast is safe because the contract tests check what a profile contains.
  return JSON.parse(response.text) as Record<string, unknown>;
}
