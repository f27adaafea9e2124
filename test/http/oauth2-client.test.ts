import http = require('node:http');

import type { oauth2tokenCallback } from 'oauth';

import { IonConnectionError, IonResponseError, IonTokenError } from '../../lib/errors.js';
import { IonOAuth2 } from '../../lib/http/oauth2-client.js';
import { rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawResponder, RawServer } from '../support/raw-server.js';
import { spellingsOf, logTextOf } from '../support/log-text.js';

const SECRET = 'Secret"with+every/sort of=char&acter%41';
const CODE = 'C0deThatIonGaveOutAsItAlwaysDoes';
const VERIFIER = 'verifier-verifier-verifier-verifier-1234567';
const REFRESH = 'R3freshTokenThatIonGaveOutBefore';

const granted = {
  access_token: 'A1',
  expires_in: 36000,
  token_type: 'Bearer',
  scope: 'read',
  refresh_token: 'R1',
};

function json(value: unknown, status = '200 OK', headers = {}): Buffer {
  return rawResponse(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

async function clientOf(
  response: RawResponder,
  { secret = SECRET, customHeaders = {} } = {},
): Promise<{ ion: RawServer; oauth2: IonOAuth2 }> {
  const ion = await startRawServer(response);
  const token = `${ion.url}/oauth/token/`;
  const oauth2 = new IonOAuth2('id', secret, '', `${ion.url}/authorize`, token, customHeaders);
  return { ion, oauth2 };
}

/** Returns the arguments that node-oauth's callback is called with. */
function resultsOf(call: (callback: oauth2tokenCallback) => void): Promise<unknown[]> {
  return new Promise((resolve) => {
    call((...results: unknown[]) => {
      resolve(results);
    });
  });
}

const codeForm = {
  grant_type: 'authorization_code',
  redirect_uri: 'https://app.example/complete/ion/?a=b c',
  code_verifier: VERIFIER,
};

/** Exchanges a code, and returns the error that this response leads to. */
async function errorFor(response: RawResponder): Promise<unknown> {
  const { oauth2 } = await clientOf(response);
  const results = await resultsOf((done) => {
    oauth2.getOAuthAccessToken(CODE, codeForm, done);
  });
  expect(results).toHaveLength(1);
  return results[0];
}

describe('IonOAuth2.getOAuthAccessToken', () => {
  it('sends a form with the code, its redirect URI and verifier, and the client', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(ion.requests).toHaveLength(1);
    expect(ion.requests[0]).toMatchObject({ method: 'POST', path: '/oauth/token/' });
    expect(ion.requests[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    });
    expect([...new URLSearchParams(ion.requests[0]?.body)]).toEqual([
      ['grant_type', 'authorization_code'],
      ['redirect_uri', 'https://app.example/complete/ion/?a=b c'],
      ['code_verifier', VERIFIER],
      ['code', CODE],
      ['client_id', 'id'],
      ['client_secret', SECRET],
    ]);
    expect(ion.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('sends the refresh token, and no code, to refresh', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect([...new URLSearchParams(ion.requests[0]?.body)]).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', REFRESH],
      ['client_id', 'id'],
      ['client_secret', SECRET],
    ]);
  });

  it('sends no client_secret for a public client, not even an empty one', async () => {
    const { ion, oauth2 } = await clientOf(json(granted), { secret: '' });
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect([...new URLSearchParams(ion.requests[0]?.body).keys()]).toEqual([
      'grant_type',
      'redirect_uri',
      'code_verifier',
      'code',
      'client_id',
    ]);
  });

  it('leaves out parameters that are undefined', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, { grant_type: 'x', code_verifier: undefined }, done);
    });
    expect(ion.requests[0]?.body).not.toContain('code_verifier');
  });

  it('accepts strings that are not well-formed, which a session may hold', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, { grant_type: 'x', code_verifier: 'a\ud83db c' }, done);
    });
    const form = new URLSearchParams(ion.requests[0]?.body);
    expect(form.get('code_verifier')).toBe('a\ufffdb c');
  });

  it('does not change the parameters that it is given', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const params = Object.freeze({ ...codeForm });
    const [error] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, params, done);
    });
    expect(error).toBeNull();
    expect(params).toEqual(codeForm);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
  ])('accepts parameters that are %s, as node-oauth does', async (_name, params) => {
    const { ion, oauth2 } = await clientOf(json(granted));
    const [error, accessToken] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, params, done);
    });
    expect(error).toBeNull();
    expect(accessToken).toBe('A1');
    expect(new URLSearchParams(ion.requests[0]?.body).get('code')).toBe(CODE);
  });

  it('goes through the agent that setAgent was given', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const agent = new http.Agent({ keepAlive: true });
    oauth2.setAgent(agent);
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  it('sends the request again if a kept connection is dead', async () => {
    const { ion, oauth2 } = await clientOf((socket, { kept }) => {
      if (kept) socket.destroy();
      else socket.write(json(granted));
    });
    for (const code of ['first', 'second']) {
      const [error] = await resultsOf((done) => {
        oauth2.getOAuthAccessToken(code, codeForm, done);
      });
      expect(error).toBeNull();
    }
    const codes = ion.requests.map(({ body }) => new URLSearchParams(body).get('code'));
    expect(codes).toEqual(['first', 'second', 'second']);
  });

  it('sends the custom headers, which cannot change its content type', async () => {
    const customHeaders = { 'User-Agent': 'lunch/1', 'Content-Type': 'application/json' };
    const { ion, oauth2 } = await clientOf(json(granted), { customHeaders });
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(ion.requests[0]?.headers).toMatchObject({
      'user-agent': 'lunch/1',
      'content-type': 'application/x-www-form-urlencoded',
    });
  });
});

describe('IonOAuth2.getOAuthAccessToken, with a token response', () => {
  it('calls back like node-oauth, with null, both tokens, and the rest without the refresh token', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const results = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    const { refresh_token: refreshToken, ...rest } = granted;
    expect(results).toEqual([null, 'A1', refreshToken, rest]);
  });

  it('accepts a call without parameters', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    const [error, accessToken] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, done);
    });
    expect([error, accessToken]).toEqual([null, 'A1']);
    expect(new URLSearchParams(ion.requests[0]?.body).get('code')).toBe(CODE);
  });

  it.each([
    ['is missing', {}],
    ['is null', { refresh_token: null }],
    ['is empty', { refresh_token: '' }],
    ['is a number', { refresh_token: 5 }],
    ['holds a line break', { refresh_token: 'R\n1' }],
  ])('calls back without a refresh token if it %s', async (_case, change) => {
    const { oauth2 } = await clientOf(
      json({ access_token: 'A1', token_type: 'Bearer', ...change }),
    );
    const results = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(results).toEqual([null, 'A1', undefined, { access_token: 'A1', token_type: 'Bearer' }]);
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('accepts the token_type %s', async (token_type) => {
    const { oauth2 } = await clientOf(json({ ...granted, token_type }));
    const [error, accessToken] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect([error, accessToken]).toEqual([null, 'A1']);
  });

  it.each(['text/html', 'text/plain; charset=latin1', ''])(
    'accepts the Content-Type %j',
    async (type) => {
      const { oauth2 } = await clientOf(json(granted, '200 OK', { 'Content-Type': type }));
      const [error, accessToken] = await resultsOf((done) => {
        oauth2.getOAuthAccessToken(CODE, codeForm, done);
      });
      expect([error, accessToken]).toEqual([null, 'A1']);
    },
  );
});

describe('IonOAuth2.getOAuthAccessToken, with a response that is not a token response', () => {
  const page = (status: string): Buffer =>
    rawResponse('<!doctype html><title>Ion</title>', {
      status,
      headers: { 'Content-Type': 'text/html' },
    });
  const noToken =
    'Ion answered 200 to the token request, but without an access token: check that baseURL is Ion, and try again';

  it.each([
    ['null', rawResponse('null')],
    ['an array', rawResponse('[]')],
    ['an array with a token response', json([granted])],
    ['a string', rawResponse('"x"')],
    ['a number', rawResponse('5')],
    ['an object without access token', json({ token_type: 'Bearer' })],
    ['an empty access token', json({ access_token: '' })],
    ['an access token that is null', json({ access_token: null })],
    ['an access token that is a number', json({ access_token: 5 })],
    ['an access token that is an array', json({ access_token: ['A1'] })],
    ['an access token with a line break', json({ access_token: 'A1\r\nX-Evil: 1' })],
    ['an access token with a space', json({ access_token: 'A1 A2' })],
    ['an access token that no header can carry', json({ access_token: 'A1é' })],
    ['an inherited access token', rawResponse('{"__proto__":{"access_token":"A1"}}')],
  ])('throws ERR_ION_RESPONSE for %s', async (_case, response) => {
    const error = await errorFor(response);
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502, message: noToken });
  });

  it.each([
    ['is missing', undefined],
    ['is null', null],
    ['is empty', ''],
    ['is MAC', 'MAC'],
    ['only begins with Bearer', 'Bearer2'],
    ['is an object', { toString: 'Bearer' }],
  ])('throws ERR_ION_RESPONSE if the token_type %s', async (_case, token_type) => {
    const error = await errorFor(json({ ...granted, token_type }));
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({
      code: 'ERR_ION_RESPONSE',
      status: 502,
      message:
        'Ion answered 200 to the token request, but without the token_type Bearer: check that baseURL is Ion, and try again',
    });
  });

  it.each([
    ['nothing', rawResponse('')],
    ['a page', page('200 OK')],
    ['JSON that is cut short', rawResponse('{"access_token":"A1"')],
    ['a form, as in old drafts', rawResponse('access_token=A1&token_type=Bearer')],
  ])('throws ERR_ION_NOT_JSON for %s', async (_case, response) => {
    const error = await errorFor(response);
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({
      code: 'ERR_ION_NOT_JSON',
      status: 502,
      message:
        'Ion answered 200 to the token request with something that is not JSON: check that baseURL is Ion, and that no proxy in between answers in its place',
    });
    expect(logTextOf(error)).not.toContain('A1');
  });

  it.each([
    ['500 Oops', 502, 'ERR_ION_RESPONSE', /something broke there, try again/],
    ['502 Bad', 503, 'ERR_ION_UNAVAILABLE', /it is down for maintenance, try again later/],
    ['503 Busy', 503, 'ERR_ION_UNAVAILABLE', /it is down for maintenance, try again later/],
    ['504 Late', 503, 'ERR_ION_UNAVAILABLE', /it is down for maintenance, try again later/],
    ['429 Slow', 503, 'ERR_ION_UNAVAILABLE', /too many requests, try again later/],
    ['404 None', 502, 'ERR_ION_RESPONSE', /check that baseURL is Ion, and that no proxy/],
    ['403 No', 502, 'ERR_ION_RESPONSE', /check that baseURL is Ion, and that no proxy/],
    ['401 No', 502, 'ERR_ION_RESPONSE', /check that baseURL is Ion, and that no proxy/],
    ['301 Moved', 502, 'ERR_ION_REDIRECT', /a redirect, which is never followed; check that/],
    ['302 Found', 502, 'ERR_ION_REDIRECT', /a redirect, which is never followed; check that/],
  ])('throws an error with advice for the status %s', async (line, status, code, advice) => {
    for (const response of [page(line), json(granted, line), rawResponse('', { status: line })]) {
      const error = await errorFor(response);
      expect(error).toBeInstanceOf(IonResponseError);
      expect(error).toMatchObject({ code, status, ionStatus: Number(line.slice(0, 3)) });
      const { message } = error as Error;
      expect(message).toMatch(advice);
      expect(message.startsWith(`Ion answered ${line.slice(0, 3)} to the token request: `)).toBe(
        true,
      );
    }
  });

  it('does not say that an access token was refused, since there is none yet', async () => {
    expect(String(await errorFor(page('403 No')))).not.toContain('access token');
  });

  it('throws an error that names the refresh request if that was sent', async () => {
    const { oauth2 } = await clientOf(page('503 Busy'));
    const [error] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect((error as Error).message).toMatch(/^Ion answered 503 to the refresh request: /);
  });

  it('throws ERR_ION_UNREACHABLE if there is no response', async () => {
    const error = await errorFor((socket) => socket.destroy());
    expect(error).toBeInstanceOf(IonConnectionError);
  });

  it('throws ERR_ION_TIMEOUT after the timeout', async () => {
    const { oauth2 } = await clientOf(() => undefined);
    oauth2.timeout = 50;
    const [error] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(error).toMatchObject({ code: 'ERR_ION_TIMEOUT' });
  });
});

describe('IonOAuth2.getOAuthAccessToken, when Ion refuses', () => {
  it.each([
    ['invalid_client', '401 No', 500, "clientID or clientSecret is not the application's"],
    ['invalid_grant', '400 Bad', 401, 'the code was already used, is over a minute old'],
    ['unauthorized_client', '400 Bad', 500, 'Authorization Grant Type must be'],
    ['invalid_request', '400 Bad', 500, 'callbackURL must be the same at both ends'],
    ['invalid_scope', '400 Bad', 500, 'the scope is unknown, or wider'],
    ['unsupported_grant_type', '400 Bad', 500, 'start the sign-in again'],
    ['temporarily_unavailable', '503 Busy', 503, 'start the sign-in again'],
    ['invalid_grant', '200 OK', 401, 'the code was already used'],
    ['invalid_grant', '302 Found', 401, 'the code was already used'],
  ])(
    "throws an error with Ion's words and what to do: %s with %s",
    async (code, line, status, advice) => {
      const error = await errorFor(json({ error: code }, line));
      expect(error).toBeInstanceOf(IonTokenError);
      expect(error).toMatchObject({ code, status, ionStatus: Number(line.slice(0, 3)) });
      const { message } = error as Error;
      expect(message).toContain(advice);
      expect(message).toContain(
        `Ion refused the token request with ${line.slice(0, 3)} (${code}): `,
      );
    },
  );

  it("quotes Ion's description", async () => {
    const body = { error: 'invalid_request', error_description: 'Mismatching redirect URI.' };
    const error = await errorFor(json(body, '400 Bad'));
    expect((error as Error).message).toMatch(
      /^Ion refused the token request with 400 \(invalid_request, Mismatching redirect URI\.\): /,
    );
  });

  it('says that a secret may be missing, for a public client', async () => {
    const { oauth2 } = await clientOf(json({ error: 'invalid_client' }, '401 No'), { secret: '' });
    const [error] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect((error as Error).message).toContain('clientSecret was not given');
  });

  it('names the refresh request, if that was refused', async () => {
    const { oauth2 } = await clientOf(json({ error: 'invalid_grant' }, '400 Bad'));
    const [error] = await resultsOf((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect((error as Error).message).toBe(
      'Ion refused the refresh request with 400 (invalid_grant): the refresh token was already used, revoked or deleted; sign in again',
    );
  });

  it('reads a refusal sent as text/html too, as Ion sends some', async () => {
    const body = {
      error: 'invalid_request',
      error_description: 'URL query parameters are not allowed',
    };
    const error = await errorFor(json(body, '400 Bad', { 'Content-Type': 'text/html' }));
    expect(error).toMatchObject({ code: 'invalid_request', status: 500, ionStatus: 400 });
  });

  it.each([
    ['is not a string', { error: { code: 1 } }],
    ['is empty', { error: '' }],
    ['is prose', { error: 'Something went wrong' }],
    ['is very long', { error: 'a'.repeat(5000) }],
  ])('throws an error about the status if the error %s', async (_case, body) => {
    const error = await errorFor(json(body, '400 Bad'));
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502, ionStatus: 400 });
  });
});

describe('IonOAuth2.getOAuthAccessToken: the error', () => {
  const secrets = { SECRET, CODE, VERIFIER };
  const spelled = Object.entries(secrets).flatMap(([name, secret]) =>
    spellingsOf(secret).map((spelling): [string, string] => [name, spelling]),
  );
  const inBasic = Buffer.from(`id:${SECRET}`).toString('base64');
  const echoes: [string, string][] = [...spelled, ['the credentials', inBasic]];

  it.each(echoes)('holds nothing of a response that repeats %s as %s', async (_name, echo) => {
    const responses = [
      json({ error: echo }, '400 Bad'),
      json({ error: 'invalid_grant', error_description: echo }, '400 Bad'),
      json(
        { error: 'invalid_grant', error_description: `The code ${echo} is not known` },
        '400 Bad',
      ),
      json({ error: 'invalid_grant', error_description: `'${echo}'`, error_uri: echo }, '400 Bad'),
      json({ error: 'invalid_grant', [echo]: echo }, '400 Bad'),
      rawResponse(echo, { status: '500 Oops' }),
      rawResponse(`{"access_token":"${echo}`),
      json({ detail: echo }),
      rawResponse('', {
        status: '302 Found',
        headers: { Location: `/?${encodeURIComponent(echo)}` },
      }),
      rawResponse('x', {
        status: '400 Bad',
        headers: { 'X-Echo': echo, 'Content-Encoding': echo },
      }),
      rawResponse('', { status: `400 ${echo}` }),
      Buffer.from(`${echo}\r\n\r\n`),
      Buffer.from(`HTTP/1.1 200 OK\r\n${echo}\r\n\r\n`),
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${echo}\r\n\r\n`),
    ];
    for (const response of responses) {
      const shown = logTextOf(await errorFor(response));
      for (const [, spelling] of echoes) expect(shown).not.toContain(spelling);
    }
  });

  it('does not hold a secret that is too short to look like one', async () => {
    const [secret, code, code_verifier, token] = ['s3cret', 'c0de', 'v3rifier', 't0ken'];
    for (const name of ['client_secret', 'code', 'code_verifier', 'token']) {
      const { ion, oauth2 } = await clientOf(
        (socket, { body }) => {
          const value = String(new URLSearchParams(body).get(name));
          socket.write(json({ error: 'x', error_description: `It is ${value}.` }));
        },
        { secret },
      );
      const [error] = await resultsOf((done) => {
        if (name !== 'token') oauth2.getOAuthAccessToken(code, { code_verifier }, done);
        else oauth2.revoke(`${ion.url}/revoke`, token, 'access_token').catch(done);
      });
      expect(error).toBeInstanceOf(IonTokenError);
      expect((error as Error).message).toContain(' (x): ');
    }
  });

  it('does not hold the new tokens', async () => {
    const { access_token, ...rest } = granted;
    for (const response of [
      json({ ...rest, access_token: 'N3wAccessToken withaspace' }),
      json({ access_token: 'N3wAccessToken', ...rest }, '500 Oops'),
      json({ error: 'x', error_description: 'N3wAccessTokenOfThirtyCharacters' }),
    ]) {
      expect(logTextOf(await errorFor(response))).not.toContain('N3wAccessToken');
    }
    expect(access_token).toBe('A1');
  });
});

describe('IonOAuth2.get', () => {
  it.each([true, false])(
    'sends the access token in the header, never in the URL (useAuthorizationHeaderforGET: %s)',
    async (header) => {
      const { ion, oauth2 } = await clientOf(rawResponse('{"id":1}'));
      oauth2.useAuthorizationHeaderforGET(header);
      const results = await resultsOf((done) => {
        oauth2.get(`${ion.url}/api/profile?format=json`, 'A1', done as never);
      });
      expect(results.slice(0, 2)).toEqual([null, '{"id":1}']);
      expect(results[2]).toBeInstanceOf(http.IncomingMessage);
      expect(ion.requests[0]).toMatchObject({ method: 'GET', path: '/api/profile?format=json' });
      expect(ion.requests[0]?.headers).toMatchObject({
        authorization: 'Bearer A1',
        accept: 'application/json',
      });
    },
  );

  it('does the same as getProtectedResource', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}'));
    await resultsOf((done) => {
      oauth2.getProtectedResource(`${ion.url}/api`, 'A1', done as never);
    });
    expect(ion.requests[0]).toMatchObject({ method: 'GET', path: '/api' });
    expect(ion.requests[0]?.headers['authorization']).toBe('Bearer A1');
  });

  it.each([
    ['200 OK', undefined, ''],
    ['401 No', 502, 'ERR_ION_FORBIDDEN'],
    ['403 No', 502, 'ERR_ION_FORBIDDEN'],
    ['404 None', 502, 'ERR_ION_RESPONSE'],
    ['500 Oops', 502, 'ERR_ION_RESPONSE'],
    ['503 Busy', 503, 'ERR_ION_UNAVAILABLE'],
    ['302 Found', 502, 'ERR_ION_REDIRECT'],
  ])('calls back with an error unless the status is a success: %s', async (line, status, code) => {
    const { ion, oauth2 } = await clientOf(rawResponse('{"detail":"A1"}', { status: line }));
    const [error] = await resultsOf((done) => {
      oauth2.get(`${ion.url}/api/profile?secret=A1`, 'A1', done as never);
    });
    if (status === undefined) {
      expect(error).toBeNull();
      return;
    }
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code, status });
    expect((error as Error).message).toMatch(
      new RegExp(`^Ion answered ${line.slice(0, 3)} to the request to /api/profile: `),
    );
    expect(logTextOf(error)).not.toContain('A1');
  });

  it('says to sign in again if Ion refuses the token', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}', { status: '403 Forbidden' }));
    const [error] = await resultsOf((done) => {
      oauth2.get(`${ion.url}/api/profile`, 'A1', done as never);
    });
    expect((error as Error).message).toContain('it refused the access token; sign in again');
  });

  it('sends nothing if the token does not fit into a header', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}'));
    const [error] = await resultsOf((done) => {
      oauth2.get(`${ion.url}/api/profile`, 'A1\r\nHost: evil', done as never);
    });
    expect(error).toBeInstanceOf(IonConnectionError);
    expect(logTextOf(error)).not.toContain('evil');
    expect(ion.connections()).toBe(0);
  });
});

describe('IonOAuth2._request, which subclasses of strategies call', () => {
  it('sends a body, and needs no headers and no token', async () => {
    const { ion, oauth2 } = await clientOf(json({ done: true }));
    const results = await resultsOf((done) => {
      // Cast because node-oauth's declarations make _request protected, and list its results in another
      // order.
      (oauth2 as unknown as Record<'_request', (...parameters: unknown[]) => void>)._request(
        'POST',
        `${ion.url}/api/signups/user`,
        null,
        'block=1&activity=2',
        null,
        done,
      );
    });
    expect(results.slice(0, 2)).toEqual([null, '{"done":true}']);
    expect(ion.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/signups/user',
      body: 'block=1&activity=2',
    });
    expect(ion.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('IonOAuth2._clientSecret', () => {
  it('can be set by the app, and the next token request sends it', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    Object.assign(oauth2, { _clientSecret: 'a new secret' });
    await resultsOf((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(new URLSearchParams(ion.requests[0]?.body).get('client_secret')).toBe('a new secret');
  });
});

describe('IonOAuth2.revoke', () => {
  const revocation = async (
    response: RawResponder,
    options = {},
  ): Promise<{ ion: RawServer; revoked: Promise<void> }> => {
    const { ion, oauth2 } = await clientOf(response, options);
    const revoked = oauth2.revoke(`${ion.url}/oauth/revoke_token/`, REFRESH, 'refresh_token');
    return { ion, revoked };
  };

  it('sends the token, its kind, and the client', async () => {
    const { ion, revoked } = await revocation(rawResponse(''));
    await expect(revoked).resolves.toBeUndefined();
    expect(ion.requests[0]).toMatchObject({ method: 'POST', path: '/oauth/revoke_token/' });
    expect([...new URLSearchParams(ion.requests[0]?.body)]).toEqual([
      ['token', REFRESH],
      ['token_type_hint', 'refresh_token'],
      ['client_id', 'id'],
      ['client_secret', SECRET],
    ]);
  });

  it('sends no secret for a public client', async () => {
    const { ion, revoked } = await revocation(rawResponse(''), { secret: '' });
    await revoked;
    expect(ion.requests[0]?.body).not.toContain('client_secret');
  });

  it('throws IonTokenError if Ion refuses', async () => {
    const { revoked } = await revocation(json({ error: 'invalid_client' }, '401 No'));
    await expect(revoked).rejects.toMatchObject({
      code: 'invalid_client',
      status: 500,
      ionStatus: 401,
    });
    await expect(revoked).rejects.toBeInstanceOf(IonTokenError);
  });

  it.each(['302 Found', '404 None', '500 Oops', '503 Busy'])(
    'throws IonResponseError for %s',
    async (status) => {
      const { revoked } = await revocation(rawResponse('<html>', { status }));
      await expect(revoked).rejects.toBeInstanceOf(IonResponseError);
      await expect(revoked).rejects.toThrow(
        `Ion answered ${status.slice(0, 3)} to the revocation request: `,
      );
    },
  );

  it('throws an error that holds nothing of a response that repeats the token', async () => {
    for (const spelling of spellingsOf(REFRESH)) {
      const body = { error: 'invalid_request', error_description: `Token ${spelling}` };
      const { revoked } = await revocation(json(body, '400 Bad'));
      const error: unknown = await revoked.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(IonTokenError);
      expect(logTextOf(error)).not.toContain(spelling);
    }
  });
});
