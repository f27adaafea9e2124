import type { Contract } from './contract.js';
import { invalidClient, noPermission, oauthError } from './support/expected-responses.js';
import { tokensIn } from './support/provider-client.js';
import { confidential, unattended } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

const { clientID, clientSecret } = confidential;
const [redirect_uri] = confidential.redirectURIs;

/** Tests how the token endpoint reads requests, and the client_credentials and password grants. */
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

    it('with client_credentials from an application registered for codes is unauthorized_client', async () => {
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

    it('may not have parameters in the URL: the error is JSON labeled as HTML', async () => {
      const form = await withClient();
      expect(await contract.ion.post(`/oauth/token/?${encoded(form)}`, form)).toMatchObject({
        status: 400,
        headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
        text: '{"error": "invalid_request", "error_description": "URL query parameters are not allowed"}',
      });
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

    it('gets a token that belongs to no one', async () => {
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
}
