// What the guide's clients for Python have to be able to do with Ion, and where Ion has to fail them.

import { join } from 'node:path';

import { Ion } from '../contract/ion.js';
import { confidential } from '../contract/provider.js';
import type { Provider } from '../contract/provider.js';
import { signInTo } from './client-program.js';

/** Describes them, run by `python`, with the provider that `start` starts. */
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

  describe('requests-oauthlib, with the lines of the guide', () => {
    const scenario = (name: string, choice?: 'Cancel'): Promise<unknown> =>
      run('requests_oauthlib_client.py', [name], choice);

    it('fetches tokens, gets the profile, refreshes, and gets it again', async () => {
      expect(await scenario('the guide')).toMatchObject({
        scope: ['read', 'write'],
        expires_in: 36000,
        profile: { ion_username: '2028znunez', full_name: 'Zoë Núñez-Łukasik' },
        changed: ['access_token', 'refresh_token'],
        'status after the refresh': 200,
      });
    });

    it('after a refresh has an old pair that is dead and a new one that lives', async () => {
      expect(await scenario('rotated')).toEqual({
        'status of the old access token': 403,
        'refresh with the old refresh token': 'InvalidGrantError',
        'status of the new access token': 200,
      });
    });

    it('is not told by an exception that a token is dead: the answer is a 403', async () => {
      expect(await scenario('dead at the server')).toEqual({
        status: 403,
        body: { detail: 'Authentication credentials were not provided.' },
      });
    });

    it.each([
      ['sends its client id in the body too', 'id in the body', { status: 200 }],
      ['knows PKCE', 'PKCE', { status: 200 }],
      ['refreshes what has expired by its clock', 'expired by the clock', { status: 200 }],
      [
        'refreshes by itself, and raises that it has',
        'auto refresh',
        { raised: 'TokenUpdated', status: 200 },
      ],
      ['is refused a used code', 'used code', { raised: 'InvalidGrantError' }],
      ['is refused with a wrong secret', 'wrong secret', { raised: 'InvalidClientError' }],
      ['fails without a scope', 'no scope', { raised: 'MissingTokenError' }],
    ])('%s', async (_what, name, outcome) => {
      expect(await scenario(name)).toEqual(outcome);
    });

    it('is told of a Cancel', async () => {
      expect(await scenario('cancelled', 'Cancel')).toEqual({ raised: 'AccessDeniedError' });
    });
  });

  describe('social-auth-core, with a backend like that of ion_oauth', () => {
    it('signs in, yields all that its users rely on, and refreshes', async () => {
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

    it('is told of a Cancel', async () => {
      expect(await run('social_auth_core_client.py', [], 'Cancel')).toEqual({
        raised: 'AuthCanceled',
      });
    });
  });
}
