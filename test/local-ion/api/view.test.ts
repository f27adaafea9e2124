// Who may use the API: the endpoints that the contract does not ask about.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { ask, signIn } from '../requests.js';

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

describe('what is not for everybody', () => {
  it.each(['/api/bus', '/api/bus/1', '/api/signups/scheduled_activity/1'])(
    '%s is 403 for alumni, and in other words for nobody',
    async (path) => {
      const { access_token } = await signIn(ion, '2024sali');
      const refused = (detail: string): object => ({
        status: 403,
        text: JSON.stringify({ detail }),
      });
      expect(await ask(ion, path, access_token)).toMatchObject(
        refused('You do not have permission to perform this action.'),
      );
      expect(await ask(ion, path)).toMatchObject(
        refused('Authentication credentials were not provided.'),
      );
    },
  );
});
