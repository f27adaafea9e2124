import {
  invalidClient,
  invalidGrant,
  noPermission,
  notAuthenticated,
  oauthError,
} from './responses.js';
import type { Contract } from './contract.js';
import { basic, tokensIn } from './ion.js';
import { another, confidential, publicApplication, several, unattended } from './provider.js';
import type { HTTPResponse } from './send.js';

const { clientID, clientSecret } = confidential;
const [redirect_uri] = confidential.redirectURIs;
const noSecret = { client_secret: undefined };
const inHeader = { client_id: undefined, client_secret: undefined };

/** Codes become tokens. */
export function tokenEndpoint(the: Contract): void {
  const request = async (): Promise<Record<string, string | undefined>> => ({
    grant_type: 'authorization_code',
    code: await the.ion.code(),
    redirect_uri,
  });
  const withClient = async (): Promise<Record<string, string | undefined>> => ({
    ...(await request()),
    client_id: clientID,
    client_secret: clientSecret,
  });

  describe('a code', () => {
    it('becomes tokens, in this answer', async () => {
      const answer = await the.ion.exchange(await the.ion.code());
      expect(answer).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'cache-control': 'no-store',
          pragma: 'no-cache',
        },
      });
      expect(answer.headers).not.toHaveProperty('set-cookie');
      expect(answer.text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read", "refresh_token": "[A-Za-z0-9]{30}"\}$/,
      );
    });

    it('gives its scopes in the order in which they were asked for', async () => {
      const tokens = await the.ion.signIn({ request: { scope: 'write read' } });
      expect(tokens.scope).toBe('write read');
    });

    it('works once; the tokens of its first use live on', async () => {
      const code = await the.ion.code();
      const tokens = tokensIn(await the.ion.exchange(code));
      expect(await the.ion.exchange(code)).toMatchObject(invalidGrant);
      expect((await the.ion.api(tokens.access_token)).status).toBe(200);
      expect((await the.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });

    it('gives tokens to one of several exchanges at the same moment', async () => {
      const code = await the.ion.code();
      const answers = await Promise.all([1, 2, 3, 4].map(() => the.ion.exchange(code)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => ![200, 400, 500].includes(status))).toEqual([]);
    });

    it.each([
      ['that is unknown', () => Promise.resolve('a'.repeat(30))],
      ['that is empty', () => Promise.resolve('')],
      ['of another application', () => the.ion.code({ to: another })],
    ])('%s is invalid_grant', async (_what, code) => {
      expect(await the.ion.exchange(await code())).toMatchObject(invalidGrant);
    });

    it('that is not there is missing', async () => {
      const form = { grant_type: 'authorization_code', redirect_uri };
      expect(await the.ion.token(form)).toMatchObject(
        oauthError(400, 'invalid_request', 'Missing code parameter.'),
      );
    });

    it('is not used up by an exchange that fails', async () => {
      const code = await the.ion.code();
      expect((await the.ion.exchange(code, { client_secret: 'wrong' })).status).toBe(401);
      expect((await the.ion.exchange(code, { redirect_uri: 'https://no.example/' })).status).toBe(
        400,
      );
      expect((await the.ion.exchange(code, {}, another)).status).toBe(400);
      expect((await the.ion.exchange(code)).status).toBe(200);
    });

    it('gives one more independent pair at each sign-in', async () => {
      const [first, second] = [await the.ion.signIn(), await the.ion.signIn()];
      expect(second.access_token).not.toBe(first.access_token);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      await the.ion.revoke(second.refresh_token);
      expect((await the.ion.api(first.access_token)).status).toBe(200);
      expect(await the.ion.api(second.access_token)).toMatchObject(notAuthenticated);
    });
  });

  describe('the redirect_uri of an exchange', () => {
    it.each(['https://app.example/complete/ion', `${redirect_uri ?? ''}?a=b`, ''])(
      'may not be %j',
      async (other) => {
        const answer = await the.ion.exchange(await the.ion.code(), { redirect_uri: other });
        expect(answer).toMatchObject(
          oauthError(400, 'invalid_request', 'Mismatching redirect URI.'),
        );
      },
    );

    it('may be left out where one is registered', async () => {
      const answer = await the.ion.exchange(await the.ion.code(), { redirect_uri: undefined });
      expect(answer.status).toBe(200);
    });

    it('has to repeat the query that it had', async () => {
      const given = { redirect_uri: `${redirect_uri ?? ''}?tab=1` };
      const code = await the.ion.code({ request: given });
      expect((await the.ion.exchange(code)).status).toBe(400);
      expect((await the.ion.exchange(code, given)).status).toBe(200);
    });

    it('has to repeat the port that it had', async () => {
      const given = { redirect_uri: 'http://127.0.0.1:4567/cb' };
      const other = { redirect_uri: 'http://127.0.0.1:4568/cb' };
      const code = await the.ion.code({ to: several, request: given });
      expect((await the.ion.exchange(code, other, several)).status).toBe(400);
      expect((await the.ion.exchange(code, given, several)).status).toBe(200);
    });
  });

  describe('the client', () => {
    const headers = basic(clientID, clientSecret);

    it.each([
      ['in the body', {}, {}],
      ['by Basic', inHeader, headers],
      ['by Basic, with its id in the body', noSecret, headers],
      ['by both', {}, headers],
      ['by a wrong Basic and a right body', {}, basic(clientID, 'wrong')],
    ])('is taken %s', async (_where, more, sent) => {
      const form = { ...(await withClient()), ...more };
      expect((await the.ion.post('/oauth/token/', form, sent)).status).toBe(200);
    });

    it('by Basic, beside another client_id in the body, is taken by oauthlib 3 and refused by oauthlib 4', async () => {
      const form = { ...(await withClient()), client_id: another.clientID };
      const answer = await the.ion.post('/oauth/token/', form, headers);
      if (the.oauthlib === 3) expect(answer.status).toBe(200);
      else {
        const description = 'Discrepency found between client identifier';
        expect(answer).toMatchObject(oauthError(400, 'server_error', description));
      }
    });

    it('is taken by Basic beside a wrong secret in the body: Basic counts first', async () => {
      const form = { ...(await withClient()), client_secret: 'wrong' };
      expect((await the.ion.post('/oauth/token/', form, headers)).status).toBe(200);
    });

    it.each([
      ['with a wrong secret', { client_secret: 'wrong' }, {}],
      ['with an empty secret', { client_secret: '' }, {}],
      ['without its secret', noSecret, {}],
      ['that is unknown', { client_id: 'nobody' }, {}],
      ['that is not there', inHeader, {}],
      ['with a wrong Basic', inHeader, basic(clientID, 'wrong')],
      ['with an unknown Basic', inHeader, basic('nobody', clientSecret)],
      ['with another scheme than Basic', inHeader, basic(clientID, clientSecret, 'basic')],
      ['with a Basic that is no base64', inHeader, { authorization: 'Basic %%%' }],
      ['with a Bearer', inHeader, { authorization: `Bearer ${clientSecret}` }],
    ])('%s is invalid_client', async (_what, more, sent) => {
      const form = { ...(await withClient()), ...more };
      expect(await the.ion.post('/oauth/token/', form, sent)).toMatchObject(invalidClient);
    });
  });

  describe('a public application', () => {
    const exchange = async (
      more: Record<string, string | undefined>,
      sent = {},
    ): Promise<object> => {
      const code = await the.ion.code({ to: publicApplication });
      const form = { grant_type: 'authorization_code', code, redirect_uri };
      const client = { client_id: publicApplication.clientID };
      return the.ion.post('/oauth/token/', { ...form, ...client, ...more }, sent);
    };

    it.each([{}, { client_secret: '' }])('needs no secret: %j', async (more) => {
      expect(await exchange(more)).toMatchObject({ status: 200 });
    });

    it('with a wrong secret is invalid_client', async () => {
      expect(await exchange({ client_secret: 'wrong' })).toMatchObject(invalidClient);
    });

    it('by Basic with an empty secret is invalid_client', async () => {
      const sent = basic(publicApplication.clientID, '');
      expect(await exchange({ client_id: undefined }, sent)).toMatchObject(invalidClient);
    });

    it('without its id is invalid_client', async () => {
      expect(await exchange({ client_id: undefined })).toMatchObject(invalidClient);
    });
  });

  describe('an application that was registered for client_credentials', () => {
    const ask = (more: Record<string, string> = {}): Promise<HTTPResponse> =>
      the.ion.token({ grant_type: 'client_credentials', ...more }, unattended);

    it('gets an access token alone, for every scope unless it names some', async () => {
      expect((await ask({ scope: 'read' })).text).toMatch(
        /^\{"access_token": "[A-Za-z0-9]{30}", "expires_in": 36000, "token_type": "Bearer", "scope": "read"\}$/,
      );
      expect(JSON.parse((await ask()).text)).toMatchObject({
        scope: 'read write openid profile email groups',
      });
    });

    it('gets a token that is good, but is nobody’s', async () => {
      const { access_token } = tokensIn(await ask());
      expect(await the.ion.api(access_token)).toMatchObject(noPermission);
      expect((await the.ion.introspect(access_token)).text).toMatch(/"client_id": "\w+"\}$/);
    });

    it('has to prove that it is itself', async () => {
      expect(await ask({ client_secret: 'wrong' })).toMatchObject(invalidClient);
    });

    it.each(['lunch', 'read,write'])('may not ask for the scope %j', async (scope) => {
      expect(await ask({ scope })).toMatchObject(oauthError(400, 'invalid_scope'));
    });

    it('may do nothing else', async () => {
      expect(await the.ion.exchange(await the.ion.code(), {}, unattended)).toMatchObject(
        oauthError(400, 'unauthorized_client'),
      );
    });
  });

  describe('the scope openid, of an application that was registered without OpenID Connect', () => {
    it.each(['read openid', undefined])('(%j) makes the exchange fail, in HTML', async (scope) => {
      const code = await the.ion.code({ request: { scope } });
      for (const answer of [await the.ion.exchange(code), await the.ion.exchange(code)]) {
        expect(answer.status).toBe(500);
        expect(answer.headers['content-type']).toMatch(/^text\/html/);
      }
    });
  });

  describe('the form of a token request', () => {
    const unsupported = oauthError(400, 'unsupported_grant_type');
    const urlencoded = 'application/x-www-form-urlencoded';

    async function post(body: string, headers: Record<string, string>): Promise<object> {
      return the.ion.send('/oauth/token/', { method: 'POST', headers, body });
    }
    const encoded = (form: Record<string, string | undefined>): string =>
      new URLSearchParams(form as Record<string, string>).toString();

    it.each([undefined, '', 'password-less', 'implicit'])(
      'with grant_type %j is unsupported_grant_type',
      async (grant_type) => {
        expect(await the.ion.token({ ...(await request()), grant_type })).toMatchObject(
          unsupported,
        );
      },
    );

    it('with client_credentials, for an application registered for codes, is unauthorized_client', async () => {
      expect(await the.ion.token({ grant_type: 'client_credentials' })).toMatchObject(
        oauthError(400, 'unauthorized_client'),
      );
    });

    it('with a wrong password is invalid_grant', async () => {
      const form = { grant_type: 'password', username: '2027jdoe', password: 'wrong' };
      expect(await the.ion.token(form)).toMatchObject(
        oauthError(400, 'invalid_grant', 'Invalid credentials given.'),
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

    it('may name a parameter twice: the last counts', async () => {
      const form = await withClient();
      const twice = `code=none&grant_type=none&${encoded(form)}`;
      expect(await post(twice, { 'content-type': urlencoded })).toMatchObject({ status: 200 });
    });

    it('may hold parameters that mean nothing', async () => {
      const more = { type: 'web_server', audience: 'api', state: 'a-state' };
      expect((await the.ion.token({ ...(await request()), ...more })).status).toBe(200);
    });

    it('may ask for a scope, in vain: it gets what the code is for', async () => {
      const answer = await the.ion.exchange(await the.ion.code(), { scope: 'read write' });
      expect(tokensIn(answer).scope).toBe('read');
    });

    it('has its state repeated in an error, escaped', async () => {
      const form = { grant_type: 'authorization_code', code: 'none', redirect_uri, state: 'é' };
      expect(await the.ion.token(form)).toMatchObject({
        status: 400,
        text: '{"error": "invalid_grant", "state": "\\u00e9"}',
      });
      const answer = await the.ion.post('/oauth/token/?x=y', { ...form, state: 'é' });
      expect(answer.text).toBe(
        '{"error": "invalid_request", "error_description": "URL query parameters are not allowed", "state": "\\u00e9"}',
      );
    });

    it('may not be in the URL: the refusal is JSON by the name of HTML', async () => {
      const form = await withClient();
      expect(await the.ion.post(`/oauth/token/?${encoded(form)}`, form)).toMatchObject({
        status: 400,
        headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
        text: '{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}',
      });
    });
  });
}
