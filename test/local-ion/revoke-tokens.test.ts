// Tests LocalIon.revokeTokens, which revokes a person's tokens.

import { people } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, requestTokens, signIn } from './requests.js';
import { thrownBy } from '../support/rejection.js';
import { start } from './start.js';

describe('LocalIon.revokeTokens', () => {
  const usernames = people.map(({ ion_username }) => ion_username).join(', ');
  let ion: LocalIon;
  beforeEach(async () => {
    ion = await start();
  });

  const isValid = async (token: string): Promise<boolean> =>
    (await getAPI(ion, '/api/profile', token)).status === 200;

  it('revokes every token of the person, and no others', async () => {
    const mine = [await signIn(ion, '2028znunez'), await signIn(ion, '2028znunez')];
    const other = await signIn(ion, 'jteacher');
    ion.revokeTokens('2028znunez');
    for (const { access_token, refresh_token } of mine) {
      expect(await isValid(access_token)).toBe(false);
      const response = await requestTokens(ion, { grant_type: 'refresh_token', refresh_token });
      expect(response).toMatchObject({ status: 400, text: '{"error": "invalid_grant"}' });
    }
    expect(await isValid(other.access_token)).toBe(true);
  });

  it('with only: access, revokes just the access tokens, so that a refresh returns no scope', async () => {
    const { access_token, refresh_token } = await signIn(ion, '4');
    ion.revokeTokens('4', { only: 'access' });
    expect(await isValid(access_token)).toBe(false);
    const response = await requestTokens(ion, { grant_type: 'refresh_token', refresh_token });
    expect(JSON.parse(response.text)).toMatchObject({ scope: '', expires_in: 36000 });
  });

  it.each<[unknown, string]>([
    ['nobody', `must be the username or id of one of ${usernames}; got "nobody"`],
    [
      undefined,
      `is missing: call revokeTokens('2027jdoe'), with the username or id of one of ${usernames}`,
    ],
  ])('refuses an unknown or missing person: %s', (person, message) => {
    const thrown = thrownBy(() => {
      // Cast to pass an invalid value, as a JavaScript app could.
      ion.revokeTokens(person as string);
    });
    expect(thrown).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: `local Ion: the person ${message}`,
    });
  });

  it('refuses any value of `only` except access', () => {
    const thrown = thrownBy(() => {
      // Cast to pass an invalid value, as a JavaScript app could.
      ion.revokeTokens('2027jdoe', { only: 'refresh' as 'access' });
    });
    expect(thrown).toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: 'local Ion: only must be \'access\' or left out; got "refresh"',
    });
  });
});
