import type { Contract } from './contract.js';
import { oauthError } from './support/expected-responses.js';
import { confidential } from './support/applications.js';

const { clientID, clientSecret } = confidential;
const [redirect_uri] = confidential.redirectURIs;

/** Tests how the token endpoint reads requests. */
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
}
