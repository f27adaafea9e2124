import http = require('node:http');

import type { oauth2tokenCallback } from 'oauth';

import { IonConnectionError, IonResponseError, IonTokenError } from '../../lib/errors.js';
import { IonOAuth2 } from '../../lib/http/oauth2-client.js';
import { rawResponse, startRawServer } from '../support/raw-server.js';
import type { RawAnswer, RawServer } from '../support/raw-server.js';
import { spellingsOf, whatALogShows } from '../support/what-a-log-shows.js';

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
  answer: RawAnswer,
  { secret = SECRET, customHeaders = {} } = {},
): Promise<{ ion: RawServer; oauth2: IonOAuth2 }> {
  const ion = await startRawServer(answer);
  const token = `${ion.url}/oauth/token/`;
  const oauth2 = new IonOAuth2('id', secret, '', `${ion.url}/authorize`, token, customHeaders);
  return { ion, oauth2 };
}

/** All that node-oauth's callback was given. */
function called(call: (callback: oauth2tokenCallback) => void): Promise<unknown[]> {
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

/** The error that a token request for the code ends in. */
async function errorFor(answer: RawAnswer): Promise<unknown> {
  const { oauth2 } = await clientOf(answer);
  const results = await called((done) => {
    oauth2.getOAuthAccessToken(CODE, codeForm, done);
  });
  expect(results).toHaveLength(1);
  return results[0];
}

describe('a token request', () => {
  it('for a code sends a form with the code, its redirect URI and verifier, and the client', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await called((done) => {
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

  it('for a refresh token sends that, and no code', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await called((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect([...new URLSearchParams(ion.requests[0]?.body)]).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', REFRESH],
      ['client_id', 'id'],
      ['client_secret', SECRET],
    ]);
  });

  it('of a public client sends no client_secret, not even an empty one', async () => {
    const { ion, oauth2 } = await clientOf(json(granted), { secret: '' });
    await called((done) => {
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

  it('leaves out what is undefined', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await called((done) => {
      oauth2.getOAuthAccessToken(CODE, { grant_type: 'x', code_verifier: undefined }, done);
    });
    expect(ion.requests[0]?.body).not.toContain('code_verifier');
  });

  it('takes what is no well-formed text, as a session may hold it', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    await called((done) => {
      oauth2.getOAuthAccessToken(CODE, { grant_type: 'x', code_verifier: 'a\ud83db c' }, done);
    });
    const form = new URLSearchParams(ion.requests[0]?.body);
    expect(form.get('code_verifier')).toBe('a\ufffdb c');
  });

  it('leaves the caller his parameters as they were', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const params = Object.freeze({ ...codeForm });
    const [error] = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, params, done);
    });
    expect(error).toBeNull();
    expect(params).toEqual(codeForm);
  });

  it.each([
    ['undefined', undefined],
    ['null', null],
  ])('takes parameters that are %s, as node-oauth does', async (_name, params) => {
    const { ion, oauth2 } = await clientOf(json(granted));
    const [error, accessToken] = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, params, done);
    });
    expect(error).toBeNull();
    expect(accessToken).toBe('A1');
    expect(new URLSearchParams(ion.requests[0]?.body).get('code')).toBe(CODE);
  });

  it('goes through the agent of setAgent', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const agent = new http.Agent({ keepAlive: true });
    oauth2.setAgent(agent);
    await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  it('is made once more where a kept connection turns out dead', async () => {
    const { ion, oauth2 } = await clientOf((socket, { kept }) => {
      if (kept) socket.destroy();
      else socket.write(json(granted));
    });
    for (const code of ['first', 'second']) {
      const [error] = await called((done) => {
        oauth2.getOAuthAccessToken(code, codeForm, done);
      });
      expect(error).toBeNull();
    }
    const codes = ion.requests.map(({ body }) => new URLSearchParams(body).get('code'));
    expect(codes).toEqual(['first', 'second', 'second']);
  });

  it('carries the custom headers, which do not change its form', async () => {
    const customHeaders = { 'User-Agent': 'lunch/1', 'Content-Type': 'application/json' };
    const { ion, oauth2 } = await clientOf(json(granted), { customHeaders });
    await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(ion.requests[0]?.headers).toMatchObject({
      'user-agent': 'lunch/1',
      'content-type': 'application/x-www-form-urlencoded',
    });
  });
});

describe('a token response', () => {
  it('is called back as node-oauth does: null, both tokens, and the rest without the refresh token', async () => {
    const { oauth2 } = await clientOf(json(granted));
    const results = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    const { refresh_token: refreshToken, ...rest } = granted;
    expect(results).toEqual([null, 'A1', refreshToken, rest]);
  });

  it('may come without parameters between', async () => {
    const { ion, oauth2 } = await clientOf(json(granted));
    const [error, accessToken] = await called((done) => {
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
  ])('whose refresh token %s has none', async (_case, change) => {
    const { oauth2 } = await clientOf(
      json({ access_token: 'A1', token_type: 'Bearer', ...change }),
    );
    const results = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(results).toEqual([null, 'A1', undefined, { access_token: 'A1', token_type: 'Bearer' }]);
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('may have the token_type %s', async (token_type) => {
    const { oauth2 } = await clientOf(json({ ...granted, token_type }));
    const [error, accessToken] = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect([error, accessToken]).toEqual([null, 'A1']);
  });

  it.each(['text/html', 'text/plain; charset=latin1', ''])(
    'is read under the Content-Type %j',
    async (type) => {
      const { oauth2 } = await clientOf(json(granted, '200 OK', { 'Content-Type': type }));
      const [error, accessToken] = await called((done) => {
        oauth2.getOAuthAccessToken(CODE, codeForm, done);
      });
      expect([error, accessToken]).toEqual([null, 'A1']);
    },
  );
});

describe('an answer that is no token response', () => {
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
    ['an access token by inheritance', rawResponse('{"__proto__":{"access_token":"A1"}}')],
  ])('is refused where it is %s', async (_case, answer) => {
    const error = await errorFor(answer);
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
  ])('is refused if the token_type %s', async (_case, token_type) => {
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
    ['cut JSON', rawResponse('{"access_token":"A1"')],
    ['a form, as in old drafts', rawResponse('access_token=A1&token_type=Bearer')],
  ])('is refused as no JSON where it is %s', async (_case, answer) => {
    const error = await errorFor(answer);
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({
      code: 'ERR_ION_NOT_JSON',
      status: 502,
      message:
        'Ion answered 200 to the token request with something that is not JSON: check that baseURL is Ion, and that no proxy in between answers in its place',
    });
    expect(whatALogShows(error)).not.toContain('A1');
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
  ])('is refused with advice where its status is %s', async (line, status, code, advice) => {
    for (const answer of [page(line), json(granted, line), rawResponse('', { status: line })]) {
      const error = await errorFor(answer);
      expect(error).toBeInstanceOf(IonResponseError);
      expect(error).toMatchObject({ code, status, ionStatus: Number(line.slice(0, 3)) });
      const { message } = error as Error;
      expect(message).toMatch(advice);
      expect(message.startsWith(`Ion answered ${line.slice(0, 3)} to the token request: `)).toBe(
        true,
      );
    }
  });

  it('does not tell who has no token yet that a token was refused', async () => {
    expect(String(await errorFor(page('403 No')))).not.toContain('access token');
  });

  it('is called by its name where it came of a refresh', async () => {
    const { oauth2 } = await clientOf(page('503 Busy'));
    const [error] = await called((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect((error as Error).message).toMatch(/^Ion answered 503 to the refresh request: /);
  });

  it('may be none at all', async () => {
    const error = await errorFor((socket) => socket.destroy());
    expect(error).toBeInstanceOf(IonConnectionError);
  });

  it('is not waited for beyond the deadline', async () => {
    const { oauth2 } = await clientOf(() => undefined);
    oauth2.timeout = 50;
    const [error] = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect(error).toMatchObject({ code: 'ERR_ION_TIMEOUT' });
  });
});

describe('a refusal', () => {
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
  ])('says what Ion said and what to do: %s with %s', async (code, line, status, advice) => {
    const error = await errorFor(json({ error: code }, line));
    expect(error).toBeInstanceOf(IonTokenError);
    expect(error).toMatchObject({ code, status, ionStatus: Number(line.slice(0, 3)) });
    const { message } = error as Error;
    expect(message).toContain(advice);
    expect(message).toContain(`Ion refused the token request with ${line.slice(0, 3)} (${code}): `);
  });

  it('repeats what Ion says to it', async () => {
    const body = { error: 'invalid_request', error_description: 'Mismatching redirect URI.' };
    const error = await errorFor(json(body, '400 Bad'));
    expect((error as Error).message).toMatch(
      /^Ion refused the token request with 400 \(invalid_request, Mismatching redirect URI\.\): /,
    );
  });

  it('of a public client says that a secret may be missing', async () => {
    const { oauth2 } = await clientOf(json({ error: 'invalid_client' }, '401 No'), { secret: '' });
    const [error] = await called((done) => {
      oauth2.getOAuthAccessToken(CODE, codeForm, done);
    });
    expect((error as Error).message).toContain('clientSecret was not given');
  });

  it('of a refresh says so', async () => {
    const { oauth2 } = await clientOf(json({ error: 'invalid_grant' }, '400 Bad'));
    const [error] = await called((done) => {
      oauth2.getOAuthAccessToken(REFRESH, { grant_type: 'refresh_token' }, done);
    });
    expect((error as Error).message).toBe(
      'Ion refused the refresh request with 400 (invalid_grant): the refresh token was already used, revoked or deleted; sign in again',
    );
  });

  it('is read under text/html too, as Ion sends some', async () => {
    const body = {
      error: 'invalid_request',
      error_description: 'URL query parameters are not allowed',
    };
    const error = await errorFor(json(body, '400 Bad', { 'Content-Type': 'text/html' }));
    expect(error).toMatchObject({ code: 'invalid_request', status: 500, ionStatus: 400 });
  });

  it.each([
    ['is no text', { error: { code: 1 } }],
    ['is empty', { error: '' }],
    ['is prose', { error: 'Something went wrong' }],
    ['is very long', { error: 'a'.repeat(5000) }],
  ])('whose error %s is told by its status', async (_case, body) => {
    const error = await errorFor(json(body, '400 Bad'));
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE', status: 502, ionStatus: 400 });
  });
});

describe('an error', () => {
  const secrets = { SECRET, CODE, VERIFIER };
  const spelled = Object.entries(secrets).flatMap(([name, secret]) =>
    spellingsOf(secret).map((spelling): [string, string] => [name, spelling]),
  );
  const inBasic = Buffer.from(`id:${SECRET}`).toString('base64');
  const echoes: [string, string][] = [...spelled, ['the credentials', inBasic]];

  it.each(echoes)('holds nothing of an answer that repeats %s as %s', async (_name, echo) => {
    const answers = [
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
    for (const answer of answers) {
      const shown = whatALogShows(await errorFor(answer));
      for (const [, spelling] of echoes) expect(shown).not.toContain(spelling);
    }
  });

  it('holds neither a secret too short to look like one', async () => {
    const [secret, code, code_verifier, token] = ['s3cret', 'c0de', 'v3rifier', 't0ken'];
    for (const name of ['client_secret', 'code', 'code_verifier', 'token']) {
      const { ion, oauth2 } = await clientOf(
        (socket, { body }) => {
          const value = String(new URLSearchParams(body).get(name));
          socket.write(json({ error: 'x', error_description: `It is ${value}.` }));
        },
        { secret },
      );
      const [error] = await called((done) => {
        if (name !== 'token') oauth2.getOAuthAccessToken(code, { code_verifier }, done);
        else oauth2.revoke(`${ion.url}/revoke`, token, 'access_token').catch(done);
      });
      expect(error).toBeInstanceOf(IonTokenError);
      expect((error as Error).message).toContain(' (x): ');
    }
  });

  it('holds neither the new tokens', async () => {
    const { access_token, ...rest } = granted;
    for (const answer of [
      json({ ...rest, access_token: 'N3wAccessToken withaspace' }),
      json({ access_token: 'N3wAccessToken', ...rest }, '500 Oops'),
      json({ error: 'x', error_description: 'N3wAccessTokenOfThirtyCharacters' }),
    ]) {
      expect(whatALogShows(await errorFor(answer))).not.toContain('N3wAccessToken');
    }
    expect(access_token).toBe('A1');
  });
});

describe('get', () => {
  it.each([true, false])(
    'puts the access token in the header, never in the URL (useAuthorizationHeaderforGET: %s)',
    async (header) => {
      const { ion, oauth2 } = await clientOf(rawResponse('{"id":1}'));
      oauth2.useAuthorizationHeaderforGET(header);
      const results = await called((done) => {
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

  it('is what getProtectedResource does', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}'));
    await called((done) => {
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
  ])('ends in an error unless Ion grants it: %s', async (line, status, code) => {
    const { ion, oauth2 } = await clientOf(rawResponse('{"detail":"A1"}', { status: line }));
    const [error] = await called((done) => {
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
    expect(whatALogShows(error)).not.toContain('A1');
  });

  it('says of a dead token that one has to sign in again', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}', { status: '403 Forbidden' }));
    const [error] = await called((done) => {
      oauth2.get(`${ion.url}/api/profile`, 'A1', done as never);
    });
    expect((error as Error).message).toContain('it refused the access token; sign in again');
  });

  it('sends nothing where the token cannot be a header', async () => {
    const { ion, oauth2 } = await clientOf(rawResponse('{}'));
    const [error] = await called((done) => {
      oauth2.get(`${ion.url}/api/profile`, 'A1\r\nHost: evil', done as never);
    });
    expect(error).toBeInstanceOf(IonConnectionError);
    expect(whatALogShows(error)).not.toContain('evil');
    expect(ion.connections()).toBe(0);
  });
});

describe('a revocation', () => {
  const revocation = async (
    answer: RawAnswer,
    options = {},
  ): Promise<{ ion: RawServer; revoked: Promise<void> }> => {
    const { ion, oauth2 } = await clientOf(answer, options);
    const revoked = oauth2.revoke(`${ion.url}/oauth/revoke_token/`, REFRESH, 'refresh_token');
    return { ion, revoked };
  };

  it('sends the token, what it is, and the client', async () => {
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

  it('of a public client sends no secret', async () => {
    const { ion, revoked } = await revocation(rawResponse(''), { secret: '' });
    await revoked;
    expect(ion.requests[0]?.body).not.toContain('client_secret');
  });

  it('fails where Ion refuses', async () => {
    const { revoked } = await revocation(json({ error: 'invalid_client' }, '401 No'));
    await expect(revoked).rejects.toMatchObject({
      code: 'invalid_client',
      status: 500,
      ionStatus: 401,
    });
    await expect(revoked).rejects.toBeInstanceOf(IonTokenError);
  });

  it.each(['302 Found', '404 None', '500 Oops', '503 Busy'])('fails with %s', async (status) => {
    const { revoked } = await revocation(rawResponse('<html>', { status }));
    await expect(revoked).rejects.toBeInstanceOf(IonResponseError);
    await expect(revoked).rejects.toThrow(
      `Ion answered ${status.slice(0, 3)} to the revocation request: `,
    );
  });

  it('holds nothing of an answer that repeats the token', async () => {
    for (const spelling of spellingsOf(REFRESH)) {
      const body = { error: 'invalid_request', error_description: `Token ${spelling}` };
      const { revoked } = await revocation(json(body, '400 Bad'));
      const error: unknown = await revoked.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(IonTokenError);
      expect(whatALogShows(error)).not.toContain(spelling);
    }
  });
});
