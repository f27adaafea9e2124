import { Browser } from '../../support/browser.js';
import type { Contract } from './contract.js';
import { authorizationOf, query, tokensIn } from './support/provider-client.js';
import { confidential, unattended } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

/** Tests which cookies Ion sets in its response to a request with a token. */
export function cookiesForAToken(contract: Contract): void {
  describe('the cookies in responses to a token', () => {
    it('do not mix people up: two of them in one cookie jar each get their own profile', async () => {
      const { baseURL } = contract.ion.provider;
      const jar = new Browser();
      for (const as of ['2027jdoe', 'jteacher', '2027jdoe']) {
        const { access_token } = await contract.ion.signIn({ as });
        const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' };
        const page = await jar.get(`${baseURL}/api/profile`, headers);
        expect(JSON.parse(page.text)).toMatchObject({ ion_username: as });
      }
      expect([...jar.cookiesFor(baseURL).keys()]).toEqual(
        expect.arrayContaining(['dark-mode-enabled', 'sessionid']),
      );
    });

    const cookiesOf = ({ headers }: HTTPResponse): readonly string[] => headers['set-cookie'] ?? [];
    const namesIn = (response: HTTPResponse): readonly string[] =>
      cookiesOf(response).map((line) => line.slice(0, line.indexOf('=')));

    it('are sessionid, for two hours and HttpOnly', async () => {
      const { access_token } = await contract.ion.signIn();
      const line = cookiesOf(await contract.ion.api(access_token)).find((each) =>
        each.startsWith('sessionid='),
      );
      expect(line).toMatch(/^sessionid=[a-z0-9A-Z]{32};/);
      expect(line?.split('; ')).toEqual(
        expect.arrayContaining(['HttpOnly', 'Max-Age=7200', 'Path=/', 'SameSite=Lax']),
      );
    });

    it('are dark-mode-enabled, for thirty days and not HttpOnly', async () => {
      const { access_token } = await contract.ion.signIn();
      const line = cookiesOf(await contract.ion.api(access_token)).find((each) =>
        each.startsWith('dark-mode'),
      );
      expect(line).toMatch(/^dark-mode-enabled=[01];/);
      expect(line?.split('; ')).toEqual(expect.arrayContaining(['Max-Age=2592000', 'Path=/']));
      expect(line).not.toMatch(/HttpOnly/i);
    });

    it.each([
      ['after bearer in lower case', 'bearer '],
      ['in the query', undefined],
    ])('do not include sessionid if the token is sent %s', async (_how, scheme) => {
      const { access_token } = await contract.ion.signIn();
      const response = scheme
        ? await contract.ion.send('/api/profile', {
            headers: { authorization: `${scheme}${access_token}` },
          })
        : await contract.ion.send(`/api/profile?${query({ access_token })}`);
      expect(response).toMatchObject(ok);
      expect(namesIn(response)).toEqual(['dark-mode-enabled']);
    });

    it('are set on every path, even one that does not exist', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/nowhere');
      expect(response.status).toBe(404);
      expect([...namesIn(response)].sort()).toEqual(['dark-mode-enabled', 'sessionid']);
    });

    it('do not include sessionid on a 500', async () => {
      const { access_token } = await contract.ion.signIn();
      const request = authorizationOf(confidential, { scope: 'read openid', prompt: 'none' });
      const response = await contract.ion.api(access_token, `/oauth/authorize/?${query(request)}`);
      expect(response.status).toBe(500);
      expect(namesIn(response)).toEqual(['dark-mode-enabled']);
    });

    it('are not set for the token of an application', async () => {
      const form = { grant_type: 'client_credentials' };
      const { access_token } = tokensIn(await contract.ion.token(form, unattended));
      const response = await contract.ion.api(access_token, '/api/activities');
      expect(response).toMatchObject(ok);
      expect(response.headers).not.toHaveProperty('set-cookie');
    });

    it('are not set for an invalid token', async () => {
      expect((await contract.ion.api('none')).headers).not.toHaveProperty('set-cookie');
    });
  });
}
