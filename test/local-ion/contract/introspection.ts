import type { Contract } from './contract.js';
import { basic } from './support/provider-client.js';
import { another, confidential, publicApplication } from './support/applications.js';

const inactive = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '{"active": false}',
};
const forbidden = { status: 403, text: '' };
const none = { client_id: undefined, client_secret: undefined };

/** Tests what an application can find out about a token. */
export function introspection(contract: Contract): void {
  describe('POST /oauth/introspect/', () => {
    it.each([confidential, another])(
      'describes an access token to the application $name',
      async (to) => {
        const { access_token } = await contract.ion.signIn();
        const response = await contract.ion.introspect(access_token, {}, to);
        expect(response).toMatchObject({
          status: 200,
          headers: { 'content-type': 'application/json' },
        });
        expect(response.text).toMatch(
          new RegExp(
            `^\\{"active": true, "scope": "read", "exp": \\d{10}, "client_id": "${confidential.clientID}", "username": "2028znunez"\\}$`,
          ),
        );
      },
    );

    it('accepts HTTP Basic, and GET', async () => {
      const { access_token: token } = await contract.ion.signIn();
      const headers = basic(confidential.clientID, confidential.clientSecret);
      const posted = await contract.ion.post('/oauth/introspect/', { token }, headers);
      const got = await contract.ion.send(`/oauth/introspect/?token=${token}`, { headers });
      for (const { text } of [posted, got]) expect(text).toMatch(/^\{"active": true, /);
    });

    it('says active: false for refresh tokens and for invalid access tokens', async () => {
      const { access_token, refresh_token } = await contract.ion.signIn();
      expect(await contract.ion.introspect(refresh_token)).toMatchObject(inactive);
      expect(await contract.ion.introspect('a'.repeat(30))).toMatchObject(inactive);
      await contract.ion.revoke(access_token);
      expect(await contract.ion.introspect(access_token)).toMatchObject(inactive);
    });

    it.each([
      ['a wrong secret', { client_secret: 'wrong' }],
      ['no client', none],
      ['a public application', { ...none, client_id: publicApplication.clientID }],
    ])('responds with 403 to %s', async (_what, more) => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.introspect(access_token, more)).toMatchObject(forbidden);
    });

    it('fails with an HTML page if there is no token', async () => {
      const response = await contract.ion.introspect('', { token: undefined });
      expect(response.status).toBe(500);
      expect(response.headers['content-type']).toMatch(/^text\/html/);
    });

    it('responds with 403 to a bearer token', async () => {
      const { access_token: token } = await contract.ion.signIn();
      const headers = { authorization: `Bearer ${token}` };
      const response = await contract.ion.post('/oauth/introspect/', { token }, headers);
      expect(response).toMatchObject(forbidden);
    });
  });
}
