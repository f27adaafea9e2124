import { notAuthenticated } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { authorizationOf, query } from './support/provider-client.js';

/** Tests what counts if a request has the cookies of a login at Ion, a token, or both. */
export function loginOrToken(contract: Contract): void {
  describe('a login at Ion, in the browser', () => {
    it('is accepted by the API, and takes precedence over the token of another person', async () => {
      const { browser } = contract.ion.person('2027jdoe');
      await contract.ion.code({ as: '2027jdoe' });
      const { access_token } = await contract.ion.signIn({ as: 'jteacher' });
      const url = `${contract.ion.provider.baseURL}/api/profile`;
      const page = await browser.get(url, {
        accept: 'application/json',
        authorization: `Bearer ${access_token}`,
      });
      expect(JSON.parse(page.text)).toMatchObject({ ion_username: '2027jdoe' });
    });

    it('does not come from a token: the cookie in a response to a token is not accepted', async () => {
      const { access_token } = await contract.ion.signIn();
      const { headers } = await contract.ion.api(access_token);
      const cookies = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      const response = await contract.ion.send('/api/profile', { headers: { cookie: cookies } });
      expect(response).toMatchObject(notAuthenticated);
    });
  });

  describe('the consent page', () => {
    it('is shown without a login if the request has a token in its header', async () => {
      const { access_token } = await contract.ion.signIn();
      const path = `/oauth/authorize/?${query(authorizationOf())}`;
      const page = await contract.ion.api(access_token, path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('name="allow"');
      expect((await contract.ion.api('none', path)).headers.location).toMatch(/^\/login/);
    });
  });
}
