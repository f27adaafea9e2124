// What an app does at a local Ion, for its tests: the authorization request, and codes made into tokens.

import type { LocalIon } from 'passport-ion/local-ion';

import { send } from './contract/send.js';
import type { HTTPResponse } from './contract/send.js';

export const CALLBACK = 'http://localhost:3000/complete/ion/';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
}

type Client = Pick<LocalIon, 'baseURL' | 'clientID' | 'clientSecret'>;

/** The URL that an app sends the browser to. */
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

/** Posts a form. */
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

/** Makes a token request with the client's id and secret. */
export function requestTokens(
  { baseURL, clientID, clientSecret }: Client,
  form: Readonly<Record<string, string>>,
): Promise<HTTPResponse> {
  const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
  return post(`${baseURL}/oauth/token/`, { client_id: clientID, ...secret, ...form });
}

/** Exchanges the code in a callback URL. */
export function exchange(
  ion: Client,
  callback: string,
  redirect_uri: string = CALLBACK,
): Promise<HTTPResponse> {
  const code = new URL(callback).searchParams.get('code') ?? '';
  return requestTokens(ion, { grant_type: 'authorization_code', code, redirect_uri });
}

/** The tokens of a person who approves. */
export async function signIn(
  ion: LocalIon,
  as: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Tokens> {
  const callback = await ion.approve(authorizationURL(ion, more), { as });
  const answer = await exchange(ion, callback, more['redirect_uri']);
  if (answer.status !== 200) throw new Error(`No tokens: ${answer.status} ${answer.text}`);
  // The cast: a good answer has them.
  return JSON.parse(answer.text) as Tokens;
}

/** Asks the API with a token. */
export function ask(
  { baseURL }: Client,
  path: string,
  token?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HTTPResponse> {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return send(`${baseURL}${path}`, { headers: { ...bearer, ...headers } });
}

/** What the action throws, or undefined. */
export function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
