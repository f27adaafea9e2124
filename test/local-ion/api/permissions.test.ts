// Tests who may use the API endpoints whose permissions the contract tests leave out.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, signIn } from '../requests.js';

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

describe('a GET request to the API', () => {
  it.each(['/api/bus', '/api/bus/1', '/api/signups/scheduled_activity/1'])(
    'gets a 403 from %s for alumni, and without a token',
    async (path) => {
      const { access_token } = await signIn(ion, '2024sali');
      const refused = (detail: string): object => ({
        status: 403,
        text: JSON.stringify({ detail }),
      });
      expect(await getAPI(ion, path, access_token)).toMatchObject(
        refused('You do not have permission to perform this action.'),
      );
      expect(await getAPI(ion, path)).toMatchObject(
        refused('Authentication credentials were not provided.'),
      );
    },
  );
});
