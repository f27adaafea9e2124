import type { Contract } from './contract.js';
import { invalidClient, oauthError } from './support/expected-responses.js';
import { basic } from './support/provider-client.js';
import { another, confidential, publicApplication } from './support/applications.js';

const { clientID, clientSecret } = confidential;
const [redirect_uri] = confidential.redirectURIs;
const noSecret = { client_secret: undefined };
const inHeader = { client_id: undefined, client_secret: undefined };

/** Tests how applications identify themselves at the token endpoint. A public application has no secret. */
export function clientAuthentication(contract: Contract): void {
  const withClient = async (): Promise<Record<string, string | undefined>> => ({
    grant_type: 'authorization_code',
    code: await contract.ion.code(),
    redirect_uri,
    client_id: clientID,
    client_secret: clientSecret,
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

  describe('a token request from a public application', () => {
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
}
