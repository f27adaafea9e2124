'use strict';

// The guide's Node.js client, brought to what simple-oauth2 5 is called by.
//
// Arguments: base URL, client id, client secret, redirect URI. It prints the authorization URL, reads
// the callback URL from standard input, and prints what came of it as JSON.

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

const profileOf = async ({ token }) => {
  const headers = { authorization: `Bearer ${token.access_token}` };
  const answer = await globalThis.fetch(`${base}/api/profile`, { headers });
  return { status: answer.status, ...(await answer.json()) };
};

const refusalOf = (promise) =>
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
  const profile = await profileOf(token);

  // As the guide has it: the tokens come from a session.
  const kept = client.createToken(JSON.parse(JSON.stringify(token)));
  const fresh = await kept.refresh();
  const old = await profileOf(token);
  const renewed = await profileOf(fresh);
  const again = await refusalOf(kept.refresh());
  const usedCode = await refusalOf(client.getToken({ code, redirect_uri }));
  return {
    expired: token.expired(),
    scope: token.token.scope,
    profile,
    old,
    renewed,
    again,
    usedCode,
  };
}

main().then((result) => console.log(JSON.stringify(result)));
