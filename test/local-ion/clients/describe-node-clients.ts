// Tests what other OAuth clients for Node.js can do with Ion, and which of their requests Ion refuses.

import { join } from 'node:path';

import { Ion } from '../contract/support/provider-client.js';
import { confidential, publicApplication } from '../contract/support/applications.js';
import type { Application } from '../contract/support/applications.js';
import type { Provider } from '../contract/support/provider.js';
import { signInTo } from './client-program.js';

/** Runs the clients against the provider that `start` starts. */
export function describeNodeClients(start: () => Promise<Provider>): void {
  let ion: Ion;
  beforeAll(async () => {
    ion = new Ion(await start());
  });
  afterAll(() => ion.provider.stop());

  const run = (
    program: string,
    { clientID, clientSecret = '', redirectURIs }: Application,
    choice?: 'Cancel',
  ): Promise<unknown> => {
    const parameters = [ion.provider.baseURL, clientID, clientSecret, redirectURIs[0] ?? ''];
    const command = [process.execPath, join(__dirname, program), ...parameters] as const;
    return signInTo(command, ion.person(), choice);
  };

  describe('simple-oauth2, with the code from Ion’s guide', () => {
    it('signs in, gets the profile and refreshes', async () => {
      const invalidGrant = { status: 400, payload: { error: 'invalid_grant' } };
      expect(await run('simple-oauth2.js', confidential)).toMatchObject({
        expired: false,
        scope: 'read',
        profile: { status: 200, ion_username: '2028znunez', full_name: 'Zoë Núñez-Łukasik' },
        old: { status: 403, detail: 'Authentication credentials were not provided.' },
        refreshed: { status: 200, ion_username: '2028znunez' },
        again: invalidGrant,
        usedCode: invalidGrant,
      });
    });

    it('gets access_denied if the person presses Cancel', async () => {
      expect(await run('simple-oauth2.js', confidential, 'Cancel')).toEqual({
        error: 'access_denied',
      });
    });
  });

  describe('oauth4webapi', () => {
    const keys = ['access_token', 'expires_in', 'token_type', 'scope', 'refresh_token'];
    const usual = {
      first: keys,
      second: keys,
      profile: { ion_username: '2028znunez' },
      replayed: { error: 'invalid_grant', status: 400 },
      'status after revocation': 403,
    };

    it('signs in to a confidential application, refreshes, introspects and revokes', async () => {
      expect(await run('oauth4webapi.mjs', confidential)).toMatchObject({
        ...usual,
        introspection: { active: true, scope: 'read', username: '2028znunez' },
      });
    });

    it('signs in to a public application, with PKCE', async () => {
      expect(await run('oauth4webapi.mjs', publicApplication)).toMatchObject(usual);
    });

    it('gets access_denied if the person presses Cancel', async () => {
      expect(await run('oauth4webapi.mjs', confidential, 'Cancel')).toEqual({
        refused: 'access_denied',
      });
    });
  });

  describe('openid-client', () => {
    const usual = {
      withoutVerifier: { error: 'invalid_request', status: 400 },
      scopes: ['read write', 'read'],
      expiresIn: [true, true],
      usedCode: { error: 'invalid_grant', status: 400 },
      wider: { error: 'invalid_scope', status: 400 },
      statuses: [200, 403],
      revoked: { error: 'invalid_grant', status: 400 },
    };

    it('signs in to a confidential application, with its secret in the body', async () => {
      expect(await run('openid-client.mjs', confidential)).toEqual({
        ...usual,
        introspection: {
          active: true,
          scope: 'read',
          exp: expect.any(Number) as number,
          client_id: confidential.clientID,
          username: '2028znunez',
        },
      });
    });

    it('signs in to a public application', async () => {
      expect(await run('openid-client.mjs', publicApplication)).toEqual({
        ...usual,
        introspection: null,
      });
    });

    it('gets access_denied if the person presses Cancel', async () => {
      expect(await run('openid-client.mjs', confidential, 'Cancel')).toEqual({
        refused: 'access_denied',
      });
    });
  });
}
