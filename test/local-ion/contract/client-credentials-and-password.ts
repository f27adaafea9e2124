import type { Contract } from './contract.js';
import { invalidClient, noPermission, oauthError } from './support/expected-responses.js';
import { tokensIn } from './support/provider-client.js';
import { unattended } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

/** Tests the client_credentials and password grants. */
export function clientCredentialsAndPassword(contract: Contract): void {
  describe('a token request', () => {
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
