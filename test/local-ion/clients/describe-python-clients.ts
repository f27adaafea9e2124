// Tests what OAuth clients for Python can do with Ion, and which of their requests Ion refuses.

import { join } from 'node:path';

import { Ion } from '../contract/support/provider-client.js';
import { confidential } from '../contract/support/applications.js';
import type { Provider } from '../contract/support/provider.js';
import { signInTo } from './client-program.js';

/** Runs the clients, with the Python interpreter `python`, against the provider that `start` starts. */
export function describePythonClients(python: string, start: () => Promise<Provider>): void {
  let ion: Ion;
  beforeAll(async () => {
    ion = new Ion(await start());
  });
  afterAll(() => ion.provider.stop());

  const run = (
    program: string,
    parameters: readonly string[],
    choice?: 'Cancel',
  ): Promise<unknown> => {
    const { clientID, clientSecret, redirectURIs } = confidential;
    const usual = [ion.provider.baseURL, clientID, clientSecret, redirectURIs[0] ?? ''];
    const command = [python, join(__dirname, program), ...parameters, ...usual] as const;
    return signInTo(command, ion.person(), choice);
  };

  describe('requests-oauthlib, with the code from Ion’s guide', () => {
    const scenario = (name: string, choice?: 'Cancel'): Promise<unknown> =>
      run('requests_oauthlib_client.py', [name], choice);

    it('signs in, gets the profile, refreshes, and gets the profile again', async () => {
      expect(await scenario('the guide')).toMatchObject({
        scope: ['read', 'write'],
        expires_in: 36000,
        profile: { ion_username: '2028znunez', full_name: 'Zoë Núñez-Łukasik' },
        changed: ['access_token', 'refresh_token'],
        'status after the refresh': 200,
      });
    });

    it('has valid new tokens and invalid old ones after a refresh', async () => {
      expect(await scenario('rotated')).toEqual({
        'status of the old access token': 403,
        'refresh with the old refresh token': 'InvalidGrantError',
        'status of the new access token': 200,
      });
    });

    it('gets a 403, and no exception, for an invalid token', async () => {
      expect(await scenario('dead at the server')).toEqual({
        status: 403,
        body: { detail: 'Authentication credentials were not provided.' },
      });
    });

    it.each([
      ['can send its client id in the body, too', 'id in the body', { status: 200 }],
      ['supports PKCE', 'PKCE', { status: 200 }],
      [
        'refreshes a token that has expired according to the client’s own clock',
        'expired by the clock',
        { status: 200 },
      ],
      [
        'refreshes automatically, and raises TokenUpdated',
        'auto refresh',
        { raised: 'TokenUpdated', status: 200 },
      ],
      ['gets InvalidGrantError for a used code', 'used code', { raised: 'InvalidGrantError' }],
      [
        'gets InvalidClientError for a wrong secret',
        'wrong secret',
        { raised: 'InvalidClientError' },
      ],
      ['gets MissingTokenError without a scope', 'no scope', { raised: 'MissingTokenError' }],
    ])('%s', async (_what, name, outcome) => {
      expect(await scenario(name)).toEqual(outcome);
    });

    it('gets AccessDeniedError if the person presses Cancel', async () => {
      expect(await scenario('cancelled', 'Cancel')).toEqual({ raised: 'AccessDeniedError' });
    });
  });

  describe('social-auth-core, with a backend like ion_oauth’s', () => {
    it('signs in, provides the user’s details, and refreshes', async () => {
      expect(await run('social_auth_core_client.py', [])).toEqual({
        uid: '3',
        details: {
          id: 3,
          username: '2028znunez',
          email: '2028znunez@tjhsst.edu',
          first_name: 'Zoë',
          last_name: 'Núñez-Łukasik',
          is_student: true,
          is_teacher: false,
        },
        extra: ['access_token', 'auth_time', 'expires', 'refresh_token', 'token_type'],
        refreshed: ['access_token', 'expires_in', 'refresh_token', 'scope', 'token_type'],
        'profile after the refresh': 3,
      });
    });

    it('gets AuthCanceled if the person presses Cancel', async () => {
      expect(await run('social_auth_core_client.py', [], 'Cancel')).toEqual({
        raised: 'AuthCanceled',
      });
    });
  });
}
