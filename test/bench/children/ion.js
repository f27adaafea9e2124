// A stand-in for Ion that does only what a sign-in needs, over TLS, with the delay that the benchmark sets.

'use strict';

const { Buffer } = require('node:buffer');
const { createHash, randomBytes } = require('node:crypto');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const https = require('node:https');
const { URL, URLSearchParams } = require('node:url');

const { linkTo } = require('../slow-link.js');
const profile = require('../profile.json');
const { CERTIFICATE, KEY } = require('../certificate.js');
const { serve } = require('../child-processes.js');

const TOKEN_RESPONSE = { expires_in: 36000, token_type: 'Bearer', scope: 'read' };

const credentials = { key: readFileSync(KEY), cert: readFileSync(CERTIFICATE) };
const codes = new Map();
/** Maps each access token to the ID of the person who authorized it. */
const accessTokens = new Map();
const ways = new Map();

const secret = () => randomBytes(15).toString('hex');

function authorize({ headers }, query, response) {
  const code = secret();
  codes.set(code, {
    redirectURI: query.get('redirect_uri'),
    challenge: query.get('code_challenge'),
    // The person who is logged in to Ion in this browser.
    person: Number(/\bperson=(\d+)/.exec(headers.cookie)?.[1] ?? profile.id),
  });
  const location = new URL(query.get('redirect_uri'));
  location.searchParams.set('code', code);
  if (query.has('state')) location.searchParams.set('state', query.get('state'));
  response.writeHead(302, { location: location.href }).end();
}

function grant(request, form, response) {
  const signIn = codes.get(form.get('code'));
  codes.delete(form.get('code'));
  const verifier = form.get('code_verifier') ?? '';
  const proof = createHash('sha256').update(verifier).digest('base64url');
  const good =
    signIn !== undefined &&
    form.get('redirect_uri') === signIn.redirectURI &&
    (signIn.challenge === null || signIn.challenge === proof) &&
    clientSecretIn(request, form) === 'a-secret';
  if (!good) return sendJSON(response, 400, { error: 'invalid_grant' });
  const [accessToken, refreshToken] = [secret(), secret()];
  accessTokens.set(accessToken, signIn.person);
  const tokens = { access_token: accessToken, ...TOKEN_RESPONSE, refresh_token: refreshToken };
  return sendJSON(response, 200, tokens);
}

function clientSecretIn({ headers }, form) {
  const [scheme, value = ''] = headers.authorization?.split(' ') ?? [];
  if (scheme !== 'Basic') return form.get('client_secret');
  return Buffer.from(value, 'base64').toString().split(':')[1];
}

function showProfile({ headers }, query, response) {
  const token = headers.authorization?.replace(/^Bearer /, '') ?? query.get('access_token');
  const id = accessTokens.get(token);
  // A token is used only once. Forget it, so that the stand-in's memory doesn't grow.
  if (accessTokens.delete(token)) sendJSON(response, 200, { ...profile, id });
  else sendJSON(response, 403, { detail: 'Authentication credentials were not provided.' });
}

function sendJSON(response, status, data) {
  const body = JSON.stringify(data);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // Set explicitly, so that Node doesn't add a Keep-Alive header. A proxy such as nginx doesn't send one.
    connection: 'keep-alive',
  };
  response.writeHead(status, headers).end(body);
}

async function handle(request, response) {
  const { pathname, searchParams: query } = new URL(request.url, 'https://ion');
  const chunks = await request.toArray();
  if (pathname === '/oauth/authorize/') authorize(request, query, response);
  else if (pathname === '/oauth/token/') {
    grant(request, new URLSearchParams(Buffer.concat(chunks).toString()), response);
  } else if (pathname === '/api/profile') showProfile(request, query, response);
  else sendJSON(response, 404, {});
}

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

serve({
  /** Opens two addresses for this Ion: `url` is `roundTrip` ms away, and `door` has no delay. */
  async open(roundTrip) {
    const server = https.createServer({ ...credentials, keepAliveTimeout: 75_000 }, handle);
    const way = { server, handshakes: 0 };
    server.on('secureConnection', () => (way.handshakes += 1));
    const near = await listen(server);
    const far = roundTrip > 0 ? await listen(linkTo(near, roundTrip)) : near;
    const [url, door] = [far, near].map((port) => `https://127.0.0.1:${port}`);
    ways.set(url, way);
    return { url, door };
  },
  handshakes: (url) => ways.get(url).handshakes,
  /** Closes idle connections, as a server does after they have been idle for too long. */
  closeIdle: (url) => ways.get(url).server.closeIdleConnections(),
});
