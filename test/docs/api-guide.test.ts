// The examples of the guide on the API print what the guide says.

import ts from 'typescript';

import * as passportIon from '../../lib/index.js';
import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { signIn } from '../local-ion/requests.js';
import { strategyAt } from '../support/strategy-at.js';
import { snippetsIn, textOf } from '../support/snippets.js';

// A Wednesday with eighth period, at noon in New York.
const NOW = Date.parse('2026-11-18T17:00:00Z');

const guide = textOf('docs/guides/api.md');
const examples = [
  ...guide.matchAll(/^<!-- prints -->\n\n```ts\n(.*?)^```\n\n```text\n(.*?)^```/gms),
].map(([, code = '', output = '']) => ({ code, output }));

let ion: LocalIon;

beforeAll(async () => {
  ion = await startLocalIon({ now: () => NOW });
});
afterAll(() => ion.stop());

it('has an example for the schedule, sign-ups, signing up, and a search', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
  expect(snippetsIn('docs/guides/api.md').length).toBeGreaterThan(examples.length);
});

it('prints what the guide says', async () => {
  const strategy = strategyAt(ion.baseURL);
  const response = await signIn(ion, '2027jdoe');
  const { access_token: accessToken, refresh_token: refreshToken } = response;
  const api = strategy.api(passportIon.toIonTokens(accessToken, refreshToken, response));
  const printed = [];
  for (const { code } of examples) {
    const lines: string[] = [];
    const body = ts.transpile(`async function example() {\n${code}}`, {
      target: ts.ScriptTarget.ES2022,
    });
    const { IonAPIError } = passportIon;
    const names = { IonAPIError, schoolDay: () => passportIon.schoolDay(NOW), api };
    const log = (line: string): unknown => lines.push(line);
    // The very text of the guide, as an app would hold it.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
    const example = new Function('console', ...Object.keys(names), `${body}\nreturn example();`);
    // eslint-disable-next-line @typescript-eslint/no-unsafe-call -- as above
    await example({ log }, ...Object.values(names));
    printed.push(lines.map((line) => `${line}\n`).join(''));
  }
  expect(printed).toEqual(examples.map(({ output }) => output));
});
