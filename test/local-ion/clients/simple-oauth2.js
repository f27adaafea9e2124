'use strict';

// The Node.js client from Ion's guide, adapted to simple-oauth2 5.
//
// Its arguments are the base URL, the client id, the client secret, and the redirect URI. It prints the
// authorization URL, reads the callback URL from standard input, and prints the results as JSON.

const { createInterface } = require('node:readline');
const { URL } = require('node:url');

const { AuthorizationCode } = require('simple-oauth2');

const [base, id, secret, redirect_uri] = process.argv.slice(2);

const client = new AuthorizationCode({
  client: { id, secret },
  auth: {
    tokenHost: `${base}/oauth/`,
    authorizePath: `${base}/oauth/authorize`,
    tokenPath: `${base}/oauth/token/`,
  },
});

const getProfile = async ({ token }) => {
  const headers = { authorization: `Bearer ${token.access_token}` };
  const response = await globalThis.fetch(`${base}/api/profile`, { headers });
  return { status: response.status, ...(await response.json()) };
};

const getError = (promise) =>
  promise.then(
    () => undefined,
    ({ output, data }) => ({ status: output.statusCode, payload: data.payload }),
  );

async function main() {
  console.log(client.authorizeURL({ scope: 'read', redirect_uri }));
  const input = createInterface({ input: process.stdin });
  const callback = await new Promise((resolve) => input.once('line', resolve));
  input.close();
  const { searchParams } = new URL(callback);
  if (searchParams.has('error')) return { error: searchParams.get('error') };

  const code = searchParams.get('code');
  const token = await client.getToken({ code, redirect_uri });
  const profile = await getProfile(token);

  // Rebuilds the tokens from JSON, because in the guide they come from a session.
  const stored = client.createToken(JSON.parse(JSON.stringify(token)));
  const fresh = await stored.refresh();
  const old = await getProfile(token);
  const refreshed = await getProfile(fresh);
  const again = await getError(stored.refresh());
  const usedCode = await getError(client.getToken({ code, redirect_uri }));
  return {
    expired: token.expired(),
    scope: token.token.scope,
    profile,
    old,
    refreshed,
    again,
    usedCode,
  };
}

main().then((result) => console.log(JSON.stringify(result)));
