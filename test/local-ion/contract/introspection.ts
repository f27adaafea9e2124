import type { Contract } from './contract.js';
import { basic } from './ion.js';
import { another, confidential, publicApplication } from './provider.js';

const inactive = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '{"active": false}',
};
const forbidden = { status: 403, text: '' };
const none = { client_id: undefined, client_secret: undefined };

/** What an application may ask about a token. */
export function introspection(the: Contract): void {
  describe('an introspection', () => {
    it.each([confidential, another])(
      'by the application $name tells of an access token',
      async (to) => {
        const { access_token } = await the.ion.signIn();
        const answer = await the.ion.introspect(access_token, {}, to);
        expect(answer).toMatchObject({
          status: 200,
          headers: { 'content-type': 'application/json' },
        });
        expect(answer.text).toMatch(
          new RegExp(
            `^\\{"active": true, "scope": "read", "exp": \\d{10}, "client_id": "${confidential.clientID}", "username": "2028znunez"\\}$`,
          ),
        );
      },
    );

    it('takes the client by Basic, and GET', async () => {
      const { access_token: token } = await the.ion.signIn();
      const headers = basic(confidential.clientID, confidential.clientSecret);
      const posted = await the.ion.post('/oauth/introspect/', { token }, headers);
      const got = await the.ion.send(`/oauth/introspect/?token=${token}`, { headers });
      for (const { text } of [posted, got]) expect(text).toMatch(/^\{"active": true, /);
    });

    it('knows access tokens only, that live', async () => {
      const { access_token, refresh_token } = await the.ion.signIn();
      expect(await the.ion.introspect(refresh_token)).toMatchObject(inactive);
      expect(await the.ion.introspect('a'.repeat(30))).toMatchObject(inactive);
      await the.ion.revoke(access_token);
      expect(await the.ion.introspect(access_token)).toMatchObject(inactive);
    });

    it.each([
      ['a wrong secret', { client_secret: 'wrong' }],
      ['no client', none],
      ['a public application', { ...none, client_id: publicApplication.clientID }],
    ])('by %s is refused', async (_what, more) => {
      const { access_token } = await the.ion.signIn();
      expect(await the.ion.introspect(access_token, more)).toMatchObject(forbidden);
    });

    it('of no token fails, in HTML', async () => {
      const answer = await the.ion.introspect('', { token: undefined });
      expect(answer.status).toBe(500);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
    });

    it('by a bearer token is refused', async () => {
      const { access_token: token } = await the.ion.signIn();
      const headers = { authorization: `Bearer ${token}` };
      const answer = await the.ion.post('/oauth/introspect/', { token }, headers);
      expect(answer).toMatchObject(forbidden);
    });
  });
}
