// Tests that the code in the tokens guide seals the tokens that an older app has stored, and that they keep
// working.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { IonStrategy, TokenVault, toIonTokens } from 'passport-ion';

import { signIn } from '../local-ion/requests.js';
import { snippetsIn } from '../support/snippets.js';
import { runFragment } from './run-fragment.js';

const HOUR_MS = 60 * 60 * 1000;

let ion: LocalIon;
let now = Date.parse('2026-11-18T17:00:00Z');
beforeEach(async () => {
  ion = await startLocalIon({ now: () => now });
});
afterEach(() => ion.stop());

it("the tokens guide's code seals the tokens that an app has stored, and they are refreshed after they expire", async () => {
  const { access_token, refresh_token } = await signIn(ion, '2027jdoe');
  const vault = new TokenVault('p5Zt-wQ80-kV2x-nB6m-uJ3r-eH7d-gL9s');
  const kept = new Map<string, string>();

  const fragment = snippetsIn('docs/guides/tokens.md').find(({ code }) => code.includes('oldRows'));
  await runFragment(fragment?.code ?? '', {
    oldRows: () => Promise.resolve([{ user_id: '6', access_token, refresh_token }]),
    keepSealed: (id: string, sealed: string) => Promise.resolve(kept.set(id, sealed)),
    toIonTokens,
    vault,
  });

  const { baseURL, clientID, clientSecret } = ion;
  const callbackURL = '/complete/ion/';
  const options = { baseURL, clientID, clientSecret, callbackURL };
  const api = new IonStrategy(options, ({ profile }) => ({ id: profile.id })).api({
    load: () => vault.open(kept.get('6') ?? ''),
    save: (fresh) => {
      kept.set('6', vault.seal(fresh));
    },
  });
  expect(await api.get('/profile')).toMatchObject({ ion_username: '2027jdoe' });
  expect(vault.open(kept.get('6') ?? '')).toMatchObject({ accessToken: access_token });
  now += 11 * HOUR_MS;
  expect(await api.get('/profile')).toMatchObject({ ion_username: '2027jdoe' });
  expect(vault.open(kept.get('6') ?? '')).not.toMatchObject({ accessToken: access_token });
});
