// A client that uses oauth4webapi, which checks every response strictly against the RFCs.
//
// Its arguments are the base URL, the client id, the client secret ("" for a public application), and the
// redirect URI. It prints the authorization URL, reads the callback URL from standard input, and prints the
// results as JSON.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { URL } from 'node:url';

import * as oauth from 'oauth4webapi';

const [base, client_id, secret, redirect_uri] = process.argv.slice(2);

const server = {
  issuer: base,
  authorization_endpoint: `${base}/oauth/authorize/`,
  token_endpoint: `${base}/oauth/token/`,
  revocation_endpoint: `${base}/oauth/revoke_token/`,
  introspection_endpoint: `${base}/oauth/introspect/`,
};
const client = { client_id };
const authentication = secret === '' ? oauth.None() : oauth.ClientSecretBasic(secret);
const insecure = { [oauth.allowInsecureRequests]: true };

async function main() {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const request = new URL(server.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: 'read',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) request.searchParams.set(name, value);
  print(request.href);

  const callback = new URL(await readLine());
  let callbackParameters;
  try {
    callbackParameters = oauth.validateAuthResponse(server, client, callback, state);
  } catch (error) {
    return { refused: error.error };
  }
  const first = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callbackParameters,
      redirect_uri,
      verifier,
      insecure,
    ),
  );
  const profile = await get('/api/profile', first.access_token);
  const second = await refresh(first.refresh_token);
  const replayed = await refresh(first.refresh_token).catch(({ error, status }) => ({
    error,
    status,
  }));
  const introspection = await introspect(second.access_token);
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, authentication, second.refresh_token, insecure),
  );
  return {
    first: Object.keys(first),
    second: Object.keys(second),
    profile: await profile.json(),
    replayed,
    introspection,
    'status after revocation': (await get('/api/profile', second.access_token)).status,
  };
}

function get(path, token) {
  return oauth.protectedResourceRequest(
    token,
    'GET',
    new URL(base + path),
    undefined,
    undefined,
    insecure,
  );
}

async function refresh(token) {
  const response = await oauth.refreshTokenGrantRequest(
    server,
    client,
    authentication,
    token,
    insecure,
  );
  return oauth.processRefreshTokenResponse(server, client, response);
}

// Introspects the token. Returns null for a public application, which Ion does not let introspect tokens.
async function introspect(token) {
  if (secret === '') return null;
  const response = await oauth.introspectionRequest(
    server,
    client,
    authentication,
    token,
    insecure,
  );
  return oauth.processIntrospectionResponse(server, client, response);
}

function readLine() {
  return new Promise((resolve) => {
    const input = createInterface({ input: process.stdin }).once('line', (text) => {
      input.close();
      resolve(text);
    });
  });
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

print(JSON.stringify(await main()));
