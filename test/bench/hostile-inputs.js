// Makes inputs of any size that an attacker or a broken Ion could send.

'use strict';

const { Buffer } = require('node:buffer');
const { URL } = require('node:url');

const {
  CookieStateStore,
  IonStrategy,
  TokenVault,
  safeReturnTo,
  toIonTokens,
} = require('passport-ion');

const { internals } = require('./internals.js');

const {
  SessionState,
  endpointsOf,
  exchange,
  originOf,
  splitTarget,
  readCallback,
  readTokenResponse,
  requireAPISuccess,
  toAPIURL,
  toIonProfile,
} = internals(
  'api/api-url.js',
  'endpoints.js',
  'http/exchange.js',
  'http/responses.js',
  'local-ion/server/request.js',
  'profile.js',
  'sign-in/callback.js',
  'sign-in/request-address.js',
  'sign-in/session-state.js',
);

const SECRET = 'only for the benchmark: 0123456789';
const REDIRECT_URI = 'https://lunch.example/complete/ion/';
const endpoints = endpointsOf('https://ion.tjhsst.edu');
const { authorization: authorizationURL, token: tokenURL } = endpoints;

/** Repeats the text until it is `size` characters long. */
function fill(text, size) {
  return text.repeat(Math.ceil(size / text.length)).slice(0, size);
}

/** Returns about `size` characters of JSON: an object with the same value under every key. */
function fields(value, size) {
  const parts = [];
  for (let length = 0; length < size; length += parts.at(-1).length + 1) {
    parts.push(`"field ${parts.length}":${value}`);
  }
  return `{${parts.join()}}`;
}

/** Joins two JSON objects into one that has the members of both. */
function merge(one, other) {
  return `${one.slice(0, -1)},${other.slice(1)}`;
}

/** Calls a function that must throw, because it refuses the input. */
function refuse(call) {
  try {
    call();
  } catch {
    return;
  }
  throw new Error(`This was accepted: ${call}`);
}

function apiPath(path) {
  return () => toAPIURL(path, {}, endpoints);
}

function refusedAPIPath(path) {
  return () => refuse(apiPath(path));
}

/** Reads a list of this many pages from `ion`. Each page has an 8,000-character link to the next. */
function readPages(count, ion) {
  const strategy = new IonStrategy(
    { clientID: 'id', callbackURL: '/complete/ion/', baseURL: ion.pagesURL },
    ({ profile }) => ({ id: profile.id }),
  );
  const api = strategy.api(toIonTokens('token', undefined, { token_type: 'Bearer' }));
  return async () => {
    let pages = 0;
    for await (const item of api.pages(`/pages?left=${count}`)) pages += item;
    if (pages !== count) throw new Error(`There were ${pages} pages, not ${count}`);
  };
}

/** Reads a response from `ion`, which sends responses of any length in chunks of one byte. */
function readChunks(bytes, ion) {
  const request = {
    label: 'the request',
    method: 'GET',
    url: new URL(`${ion.chunksURL}/?bytes=${bytes}`),
    headers: {},
    repeatable: false,
  };
  return async () => {
    const { body } = await exchange(request, { timeout: 60_000 });
    if (body.length !== bytes) throw new Error(`There were ${body.length} bytes, not ${bytes}`);
  };
}

function callback(query) {
  const request = { method: 'GET', url: `/complete/ion/?${query}` };
  return () => readCallback(request, REDIRECT_URI);
}

function parsedCallback(count) {
  const request = { method: 'GET', url: '/complete/ion/', query: { code: Array(count).fill('1') } };
  return () => readCallback(request, REDIRECT_URI);
}

function forwardedHost(value) {
  const request = { headers: { host: 'lunch.example', 'x-forwarded-host': value }, socket: {} };
  return () => originOf(request, true);
}

/** Reads many forged cookies, all with the name of a cookie from CookieStateStore. */
function cookies(size) {
  const store = new CookieStateStore({ secret: SECRET });
  const meta = { authorizationURL, tokenURL, clientID: 'id', callbackURL: REDIRECT_URI };
  const set = [];
  const res = { getHeader: () => undefined, setHeader: (_name, lines) => set.push(...lines) };
  let handle;
  store.store({ headers: {}, res }, 'verifier', undefined, meta, (_error, made) => {
    handle = made;
  });
  const [name] = set[0].split('=');
  const req = { headers: { cookie: fill(`${name}=${'A'.repeat(40)}; `, size) }, res };
  return () => store.verify(req, handle, meta, () => set.splice(0));
}

/** Reads a session with many entries, as a forged session cookie might contain. */
function sessionEntries(count) {
  const settings = { sessionKey: 'ion', timeout: 1000, endpoints, clientID: 'id' };
  const sessions = new SessionState(settings);
  const entry = { handle: 'x', at: Date.now(), strategy: 'x', redirectURI: REDIRECT_URI };
  const session = { ion: Array(count).fill(entry) };
  const req = { session, headers: {} };
  return () => sessions.take(req, 'another', REDIRECT_URI);
}

const tokenRequest = { label: 'the token request', secrets: ['the code', 'the verifier', SECRET] };
const TOKEN_RESPONSE = '{"access_token":"token","token_type":"Bearer"}';

function responseOf(body, status) {
  return { status, headers: {}, body: Buffer.from(body) };
}

function parseAlone(more) {
  const text = merge(TOKEN_RESPONSE, more);
  return () => JSON.parse(text);
}

function grant(more) {
  const response = responseOf(merge(TOKEN_RESPONSE, more), 200);
  return () => {
    const { accessToken, refreshToken, rest } = readTokenResponse(response, tokenRequest);
    return toIonTokens(accessToken, refreshToken, rest);
  };
}

function tokenRefusal(description) {
  const body = { error: 'invalid_grant', error_description: description };
  const response = responseOf(JSON.stringify(body), 400);
  return () => refuse(() => readTokenResponse(response, tokenRequest));
}

function apiRefusal(body) {
  const response = responseOf(body, 400);
  return () => refuse(() => requireAPISuccess(response, 'GET /api/x', ['the token', 'another']));
}

function profile(more) {
  const text = merge('{"id":32233,"ion_username":"2027jdoe"}', more);
  return () => toIonProfile(text, endpoints);
}

function sealed(size) {
  const vault = new TokenVault(SECRET);
  const text = `ion1.${fill('A', size)}`;
  return () => refuse(() => vault.open(text));
}

function longTexts(size) {
  const [name, address] = [fill(' x', size / 2), fill('http://x/', size / 2)];
  return JSON.stringify({ display_name: name, picture: address });
}

const QUARTER_MIB = 256 * 1024;

/**
 * The inputs, each with a name, the smallest of three sizes, its unit, and a function that makes a reader for it.
 * The largest size is four times the smallest. Unless the name says "over the limit", that is close to the
 * longest input that is read: a response of 1 MiB, a path of 8,192 characters, a query or headers of 16,384.
 */
const INPUTS = [
  ['API: escapes of escapes in a path', 2_000, 'characters', (n) => apiPath(fill('/%252525', n))],
  ['API: a path over the limit', 100_000, 'characters', (n) => refusedAPIPath(fill('/%2525', n))],
  ['API: pages with links of 8,000 characters', 50, 'pages', readPages],
  [
    'API: reasons of an error, in a list',
    QUARTER_MIB,
    'characters',
    (n) => apiRefusal(`["No."${fill(',"No."', n - 12 - (n % 6))}]`),
  ],
  [
    'API: fields of an error, without a reason',
    QUARTER_MIB,
    'characters',
    (n) => apiRefusal(fields('[]', n)),
  ],
  [
    'API: one long reason of an error',
    QUARTER_MIB,
    'characters',
    (n) => apiRefusal(JSON.stringify({ detail: fill(`${'a'.repeat(30)} `, n) })),
  ],
  ['response: chunks of one byte', 64_000, 'bytes', readChunks],
  ['callback: equal names', 4_000, 'characters', (n) => callback(fill('x=1&', n))],
  ['callback: a query over the limit', 100_000, 'characters', (n) => callback(fill('code=1&', n))],
  ['callback: equal names in req.query', 20_000, 'values', parsedCallback],
  [
    'callback: separators in X-Forwarded-Host',
    4_000,
    'characters',
    (n) => forwardedHost(fill(' ,', n)),
  ],
  ['callback: cookies of CookieStateStore', 4_000, 'characters', cookies],
  ['callback: sign-ins in a session', 1_000, 'entries', sessionEntries],
  [
    'JSON.parse alone, for comparison: many fields',
    QUARTER_MIB,
    'characters',
    (n) => parseAlone(fields('1', n)),
  ],
  ['token response: many fields', QUARTER_MIB, 'characters', (n) => grant(fields('1', n))],
  [
    'token response: a long scope',
    QUARTER_MIB,
    'characters',
    (n) => grant(JSON.stringify({ scope: fill('read ', n) })),
  ],
  [
    'token response: a long description of an error',
    QUARTER_MIB,
    'characters',
    (n) => tokenRefusal(fill('No. ', n)),
  ],
  ['profile: many fields', QUARTER_MIB, 'characters', (n) => profile(fields('{"__proto__":1}', n))],
  ['profile: long texts', QUARTER_MIB, 'characters', (n) => profile(longTexts(n))],
  [
    'profile: lists in lists',
    1_000,
    'levels',
    (n) => profile(`{"x":${'['.repeat(n)}${']'.repeat(n)}}`),
  ],
  [
    'safeReturnTo: a path over the limit',
    100_000,
    'characters',
    (n) => {
      const path = fill('/%2e', n);
      return () => safeReturnTo(path);
    },
  ],
  ['TokenVault: a text that it never sealed', 32_000, 'characters', sealed],
  [
    'local Ion: slashes in a path',
    4_000,
    'characters',
    (n) => {
      const path = `${fill('/', n)}x`;
      return () => splitTarget(path);
    },
  ],
];

module.exports = { INPUTS };
