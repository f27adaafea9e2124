import {
  invalidClient,
  invalidGrant,
  noPermission,
  notAuthenticated,
  oauthError,
} from './expected-responses.js';
import type { Contract } from './contract.js';
import { basic, tokensIn } from './provider-client.js';
import { another, confidential, publicApplication, several, unattended } from './provider.js';
import type { HTTPResponse } from './send.js';

const { clientID, clientSecret } = confidential;
const [redirect_uri] = confidential.redirectURIs;
const noSecret = { client_secret: undefined };
const inHeader = { client_id: undefined, client_secret: undefined };

/** Exchanging codes for tokens, and the credentials of the client. */
export function tokenEndpoint(contract: Contract): void {
  const request = async (): Promise<Record<string, string | undefined>> => ({
    grant_type: 'authorization_code',
    code: await contract.ion.code(),
    redirect_uri,
  });
  const withClient = async (): Promise<Record<string, string | undefined>> => ({
    ...(await request()),
    client_id: clientID,
    client_secret: clientSecret,
  });

  describe('the exchange of a code', () => {
    it('returns tokens in exactly this form', async () => {
      const response = await contract.ion.exchange(await contract.ion.code());
      expect(response).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          pragma: 'no-cache',
        },
      });
      expect(response.headers).not.toHaveProperty('set-cookie');
      expect(response.text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read", "refresh_token": "[A-Za-z0-9]{30}"\}$/,
      );
    });

    it('returns the scopes in the order of the authorization request', async () => {
      const tokens = await contract.ion.signIn({ request: { scope: 'write read' } });
      expect(tokens.scope).toBe('write read');
    });

    it('works once; a second attempt leaves the tokens valid', async () => {
      const code = await contract.ion.code();
      const tokens = tokensIn(await contract.ion.exchange(code));
      expect(await contract.ion.exchange(code)).toMatchObject(invalidGrant);
      expect((await contract.ion.api(tokens.access_token)).status).toBe(200);
      expect((await contract.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });

    it('returns tokens only once if there are several at once', async () => {
      const code = await contract.ion.code();
      const responses = await Promise.all([1, 2, 3, 4].map(() => contract.ion.exchange(code)));
      const statuses = responses.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => ![200, 400, 500].includes(status))).toEqual([]);
    });

    it.each([
      ['an unknown code', () => Promise.resolve('a'.repeat(30))],
      ['an empty code', () => Promise.resolve('')],
      ['a code of another application', () => contract.ion.code({ to: another })],
    ])('with %s is invalid_grant', async (_what, code) => {
      expect(await contract.ion.exchange(await code())).toMatchObject(invalidGrant);
    });

    it('without a code is invalid_request', async () => {
      const form = { grant_type: 'authorization_code', redirect_uri };
      expect(await contract.ion.token(form)).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing code parameter.'),
      );
    });

    it('leaves the code valid if it fails', async () => {
      const code = await contract.ion.code();
      expect((await contract.ion.exchange(code, { client_secret: 'wrong' })).status).toBe(401);
      expect(
        (await contract.ion.exchange(code, { redirect_uri: 'https://no.example/' })).status,
      ).toBe(400);
      expect((await contract.ion.exchange(code, {}, another)).status).toBe(400);
      expect((await contract.ion.exchange(code)).status).toBe(200);
    });

    it('returns independent tokens at each sign-in', async () => {
      const [first, second] = [await contract.ion.signIn(), await contract.ion.signIn()];
      expect(second.access_token).not.toBe(first.access_token);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      await contract.ion.revoke(second.refresh_token);
      expect((await contract.ion.api(first.access_token)).status).toBe(200);
      expect(await contract.ion.api(second.access_token)).toMatchObject(notAuthenticated);
    });
  });

  describe('the redirect_uri of a token request', () => {
    it.each(['https://app.example/complete/ion', `${redirect_uri ?? ''}?a=b`, ''])(
      'may not be %j',
      async (other) => {
        const response = await contract.ion.exchange(await contract.ion.code(), {
          redirect_uri: other,
        });
        expect(response).toMatchObject(
          oauthError(400, 'invalid_request', 'Mismatching redirect URI.'),
        );
      },
    );

    it('may be left out if only one is registered', async () => {
      const response = await contract.ion.exchange(await contract.ion.code(), {
        redirect_uri: undefined,
      });
      expect(response.status).toBe(200);
    });

    it('must have the same query as before', async () => {
      const given = { redirect_uri: `${redirect_uri ?? ''}?tab=1` };
      const code = await contract.ion.code({ request: given });
      expect((await contract.ion.exchange(code)).status).toBe(400);
      expect((await contract.ion.exchange(code, given)).status).toBe(200);
    });

    it('must have the same port as before', async () => {
      const given = { redirect_uri: 'http://127.0.0.1:4567/cb' };
      const other = { redirect_uri: 'http://127.0.0.1:4568/cb' };
      const code = await contract.ion.code({ to: several, request: given });
      expect((await contract.ion.exchange(code, other, several)).status).toBe(400);
      expect((await contract.ion.exchange(code, given, several)).status).toBe(200);
    });
  });

  describe('the client of a token request', () => {
    const headers = basic(clientID, clientSecret);

    it.each([
      ['in the body', {}, {}],
      ['with HTTP Basic', inHeader, headers],
      ['with HTTP Basic, and its id in the body', noSecret, headers],
      ['with both', {}, headers],
      [
        'with a wrong secret in HTTP Basic and the right one in the body',
        {},
        basic(clientID, 'wrong'),
      ],
    ])('is accepted %s', async (_where, more, sent) => {
      const form = { ...(await withClient()), ...more };
      expect((await contract.ion.post('/oauth/token/', form, sent)).status).toBe(200);
    });

    it('with HTTP Basic, and another client_id in the body, is accepted by oauthlib 3 and refused by oauthlib 4', async () => {
      const form = { ...(await withClient()), client_id: another.clientID };
      const response = await contract.ion.post('/oauth/token/', form, headers);
      if (contract.oauthlib === 3) expect(response.status).toBe(200);
      else {
        const description = 'Discrepency found between client identifier';
        expect(response).toMatchObject(oauthError(400, 'server_error', description));
      }
    });

    it('is accepted with HTTP Basic and a wrong secret in the body', async () => {
      const form = { ...(await withClient()), client_secret: 'wrong' };
      expect((await contract.ion.post('/oauth/token/', form, headers)).status).toBe(200);
    });

    it.each([
      ['with a wrong secret', { client_secret: 'wrong' }, {}],
      ['with an empty secret', { client_secret: '' }, {}],
      ['without its secret', noSecret, {}],
      ['that is unknown', { client_id: 'nobody' }, {}],
      ['that is missing', inHeader, {}],
      ['with a wrong secret in HTTP Basic', inHeader, basic(clientID, 'wrong')],
      ['that is unknown, with HTTP Basic', inHeader, basic('nobody', clientSecret)],
      ['with basic in lower case', inHeader, basic(clientID, clientSecret, 'basic')],
      ['with HTTP Basic that is not base64', inHeader, { authorization: 'Basic %%%' }],
      [
        'with HTTP Basic without a colon',
        inHeader,
        { authorization: `Basic ${Buffer.from(clientID).toString('base64')}` },
      ],
      ['with Bearer', inHeader, { authorization: `Bearer ${clientSecret}` }],
    ])('%s is invalid_client', async (_what, more, sent) => {
      const form = { ...(await withClient()), ...more };
      expect(await contract.ion.post('/oauth/token/', form, sent)).toMatchObject(invalidClient);
    });
  });

  describe('a token request of a public application', () => {
    const exchange = async (
      more: Record<string, string | undefined>,
      sent = {},
    ): Promise<object> => {
      const code = await contract.ion.code({ to: publicApplication });
      const form = { grant_type: 'authorization_code', code, redirect_uri };
      const client = { client_id: publicApplication.clientID };
      return contract.ion.post('/oauth/token/', { ...form, ...client, ...more }, sent);
    };

    it.each([{}, { client_secret: '' }])('needs no secret: %j', async (more) => {
      expect(await exchange(more)).toMatchObject({ status: 200 });
    });

    it('with a wrong secret is invalid_client', async () => {
      expect(await exchange({ client_secret: 'wrong' })).toMatchObject(invalidClient);
    });

    it('with HTTP Basic and an empty secret is invalid_client', async () => {
      const sent = basic(publicApplication.clientID, '');
      expect(await exchange({ client_id: undefined }, sent)).toMatchObject(invalidClient);
    });

    it('without its id is invalid_client', async () => {
      expect(await exchange({ client_id: undefined })).toMatchObject(invalidClient);
    });
  });

  describe('an application registered for client_credentials', () => {
    const requestToken = (more: Record<string, string> = {}): Promise<HTTPResponse> =>
      contract.ion.token({ grant_type: 'client_credentials', ...more }, unattended);

    it('gets an access token without a refresh token, with every scope if it names none', async () => {
      expect((await requestToken({ scope: 'read' })).text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read"\}$/,
      );
      expect(JSON.parse((await requestToken()).text)).toMatchObject({
        scope: 'read write openid profile email groups',
      });
    });

    it('gets a token that belongs to nobody', async () => {
      const { access_token } = tokensIn(await requestToken());
      expect(await contract.ion.api(access_token)).toMatchObject(noPermission);
      expect((await contract.ion.introspect(access_token)).text).toMatch(/"client_id": "\w+"\}$/);
    });

    it('must send its secret', async () => {
      expect(await requestToken({ client_secret: 'wrong' })).toMatchObject(invalidClient);
    });

    it.each(['lunch', 'read,write'])('may not ask for the scope %j', async (scope) => {
      expect(await requestToken({ scope })).toMatchObject(oauthError(400, 'invalid_scope'));
    });

    it('may not exchange codes', async () => {
      expect(await contract.ion.exchange(await contract.ion.code(), {}, unattended)).toMatchObject(
        oauthError(400, 'unauthorized_client'),
      );
    });
  });

  describe('the scope openid, for an application not registered for OpenID Connect', () => {
    it.each(['read openid', undefined])(
      'makes the exchange fail with an HTML page: %j',
      async (scope) => {
        const code = await contract.ion.code({ request: { scope } });
        for (const response of [
          await contract.ion.exchange(code),
          await contract.ion.exchange(code),
        ]) {
          expect(response.status).toBe(500);
          expect(response.headers['content-type']).toMatch(/^text\/html/);
        }
      },
    );
  });

  describe('a token request', () => {
    const unsupported = oauthError(400, 'unsupported_grant_type');
    const urlencoded = 'application/x-www-form-urlencoded';

    async function post(body: string, headers: Record<string, string>): Promise<object> {
      return contract.ion.send('/oauth/token/', { method: 'POST', headers, body });
    }
    const encoded = (form: Record<string, string | undefined>): string =>
      new URLSearchParams(form as Record<string, string>).toString();

    it.each([undefined, '', 'password-less', 'implicit'])(
      'with grant_type %j is unsupported_grant_type',
      async (grant_type) => {
        expect(await contract.ion.token({ ...(await request()), grant_type })).toMatchObject(
          unsupported,
        );
      },
    );

    it('with client_credentials of an application registered for codes is unauthorized_client', async () => {
      expect(await contract.ion.token({ grant_type: 'client_credentials' })).toMatchObject(
        oauthError(400, 'unauthorized_client'),
      );
    });

    it('with a wrong password is invalid_grant', async () => {
      const form = { grant_type: 'password', username: '2027jdoe', password: 'wrong' };
      expect(await contract.ion.token(form)).toMatchObject(
        oauthError(400, 'invalid_grant', 'Invalid credentials given.'),
      );
    });

    it.each([
      ['username', {}],
      ['username', { username: '', password: 'wrong' }],
      ['password', { username: '2027jdoe' }],
    ])('with grant_type password and no %s is invalid_request: %j', async (missing, more) => {
      expect(await contract.ion.token({ grant_type: 'password', ...more })).toMatchObject(
        oauthError(400, 'invalid_request', `Request is missing ${missing} parameter.`),
      );
    });

    it('with a password and a wrong client secret is invalid_client', async () => {
      const form = { grant_type: 'password', username: '2027jdoe', password: 'wrong' };
      expect(await contract.ion.token({ ...form, client_secret: 'wrong' })).toMatchObject(
        invalidClient,
      );
    });

    it('as JSON is unsupported_grant_type', async () => {
      const body = JSON.stringify(await withClient());
      const headers = { 'content-type': 'application/json' };
      expect(await post(body, headers)).toMatchObject(unsupported);
    });

    it('without a Content-Type is unsupported_grant_type', async () => {
      expect(await post(encoded(await withClient()), {})).toMatchObject(unsupported);
    });

    it('that is empty is unsupported_grant_type', async () => {
      expect(await post('', { 'content-type': urlencoded })).toMatchObject(unsupported);
    });

    it('may name a charset, and have any Accept', async () => {
      const headers = { 'content-type': `${urlencoded}; charset=UTF-8`, accept: 'text/html' };
      expect(await post(encoded(await withClient()), headers)).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
    });

    it.each(['utf8', 'iso-8859-1'])('may not name the charset %s', async (charset) => {
      const headers = { 'content-type': `${urlencoded}; charset=${charset}` };
      expect(await post(encoded(await withClient()), headers)).toMatchObject({
        status: 400,
        headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
      });
    });

    it('may have a parameter twice: the last one counts', async () => {
      const form = await withClient();
      const twice = `code=none&grant_type=none&${encoded(form)}`;
      expect(await post(twice, { 'content-type': urlencoded })).toMatchObject({ status: 200 });
    });

    it('may have unknown parameters', async () => {
      const more = { type: 'web_server', audience: 'api', state: 'a-state' };
      expect((await contract.ion.token({ ...(await request()), ...more })).status).toBe(200);
    });

    it('gets the scope of the authorization request, even if it asks for another', async () => {
      const response = await contract.ion.exchange(await contract.ion.code(), {
        scope: 'read write',
      });
      expect(tokensIn(response).scope).toBe('read');
    });

    it('gets its state back in an error, escaped', async () => {
      const form = { grant_type: 'authorization_code', code: 'none', redirect_uri, state: 'é' };
      expect(await contract.ion.token(form)).toMatchObject({
        status: 400,
        text: '{"error": "invalid_grant", "state": "\\u00e9"}',
      });
      const response = await contract.ion.post('/oauth/token/?x=y', { ...form, state: 'é' });
      expect(response.text).toBe(
        '{"error": "invalid_request", "error_description": "URL query parameters are not allowed", "state": "\\u00e9"}',
      );
    });

    it('must have a redirect_uri if several are registered; the error has no state', async () => {
      const code = await contract.ion.code({ to: several });
      const form = { grant_type: 'authorization_code', code, state: 'x' };
      expect(await contract.ion.token(form, several)).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing redirect URI.'),
      );
    });

    it('may not have parameters in the URL: the error is JSON labeled as HTML', async () => {
      const form = await withClient();
      expect(await contract.ion.post(`/oauth/token/?${encoded(form)}`, form)).toMatchObject({
        status: 400,
        headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
        text: '{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}',
      });
    });
  });
}
