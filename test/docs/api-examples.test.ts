// Tests that the examples in the API guides print what the guides say.

import * as passportIon from '../../lib/index.js';
import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { signIn } from '../local-ion/requests.js';
import { strategyAt } from '../support/strategy-at.js';
import { examplesIn, textOf } from '../support/snippets.js';
import { runFragment } from './run-fragment.js';

// The time on the local Ion: noon in New York, on a Wednesday with eighth period.
const NOW = Date.parse('2026-11-18T17:00:00Z');

let ion: LocalIon;

// Use a new local Ion for each guide, so that sign-ups in one guide don't show up in another.
beforeEach(async () => {
  ion = await startLocalIon({ now: () => NOW });
});
afterEach(() => ion.stop());

it.each([
  ['docs/guides/api.md', 4],
  ['docs/guides/api-paths.md', 8],
])('the examples in %s print what it says', async (guide, atLeast) => {
  const examples = examplesIn(textOf(guide));
  expect(examples.length).toBeGreaterThanOrEqual(atLeast);

  const strategy = strategyAt(ion.baseURL);
  const response = await signIn(ion, '2027jdoe');
  const { access_token: accessToken, refresh_token: refreshToken } = response;
  const api = strategy.api(passportIon.toIonTokens(accessToken, refreshToken, response));
  const printed = [];
  for (const { code } of examples) {
    const lines: string[] = [];
    const log = (line: string): unknown => lines.push(line);
    const { IonAPIError } = passportIon;
    const schoolDay = (): string => passportIon.schoolDay(NOW);
    await runFragment(code, { IonAPIError, schoolDay, api, console: { log } });
    printed.push(lines.map((line) => `${line}\n`).join(''));
  }
  expect(printed).toEqual(examples.map(({ output }) => output));
});
