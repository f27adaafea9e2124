// A client that uses openid-client, which checks every response strictly against the RFCs.
//
// Its arguments are the base URL, the client id, the client secret ("" for a public application), and the
// redirect URI. It prints the authorization URL, reads the callback URL from standard input, and prints the
// results as JSON.

import process from 'node:process';
import { createInterface } from 'node:readline';
import { URL } from 'node:url';

import * as client from 'openid-client';

const [base, id, secret, redirect_uri] = process.argv.slice(2);

// The endpoints are listed here because Ion's discovery document is only for OpenID Connect.
const config = new client.Configuration(
  {
    issuer: base,
    authorization_endpoint: `${base}/oauth/authorize/`,
    token_endpoint: `${base}/oauth/token/`,
    revocation_endpoint: `${base}/oauth/revoke_token/`,
    introspection_endpoint: `${base}/oauth/introspect/`,
  },
  id,
  undefined,
  secret === '' ? client.None() : client.ClientSecretPost(secret),
);
client.allowInsecureRequests(config);

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();

const outcome = (promise) => promise.catch(({ error, status }) => ({ error, status }));

async function statusOf(token) {
  const url = new URL(`${base}/api/profile`);
  return (await client.fetchProtectedResource(config, token, url, 'GET')).status;
}

async function main() {
  const request = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'read write',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  process.stdout.write(`${request.href}\n`);
  const callback = new URL(await readLine());

  const exchange = (checks) =>
    outcome(client.authorizationCodeGrant(config, callback, { expectedState, ...checks }));
  const withoutVerifier = await exchange({});
  const first = await exchange({ pkceCodeVerifier });
  if (first.error) return { refused: first.error };
  const usedCode = await exchange({ pkceCodeVerifier });
  const narrow = await client.refreshTokenGrant(config, first.refresh_token, { scope: 'read' });
  const wider = await outcome(
    client.refreshTokenGrant(config, narrow.refresh_token, { scope: 'read write' }),
  );
  const introspection =
    secret === '' ? null : await client.tokenIntrospection(config, narrow.access_token);
  const before = await statusOf(narrow.access_token);
  await client.tokenRevocation(config, narrow.access_token);
  await client.tokenRevocation(config, narrow.refresh_token);
  return {
    withoutVerifier,
    scopes: [first.scope, narrow.scope],
    expiresIn: [first.expiresIn(), narrow.expiresIn()].map((seconds) => seconds > 35_000),
    usedCode,
    wider,
    introspection,
    statuses: [before, await statusOf(narrow.access_token)],
    revoked: await outcome(client.refreshTokenGrant(config, narrow.refresh_token)),
  };
}

function readLine() {
  return new Promise((resolve) => {
    const input = createInterface({ input: process.stdin }).once('line', (text) => {
      input.close();
      resolve(text);
    });
  });
}

process.stdout.write(`${JSON.stringify(await main())}\n`);
