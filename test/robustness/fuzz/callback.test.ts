// Whatever a callback's query contains, only Ion's response to a sign-in from this browser signs anyone in.

import { readCallback } from '../../../lib/sign-in/callback.js';
import { startApp } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';
import { fc, numberOfRuns } from '../../support/fast-check.js';
import { withDeadline } from '../../support/with-deadline.js';
import { CLIENT_SECRET, CODE, PROFILE, startFuzzedIon, strategyOptions } from './fuzzed-ion.js';
import type { FuzzedIon } from './fuzzed-ion.js';
import { RawBrowser } from './raw-browser.js';
import { expectSafeError } from './expect-safe-error.js';

/** A placeholder, replaced with the `state` of a sign-in that began in this browser. */
const STATE = '\u{e000}';

const latin1 = (least: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: 0xff }).map((code) => String.fromCharCode(code));
/** Characters that a path can contain without encoding. */
const unescaped = fc.string({ unit: latin1(0x21) });
const value = fc.oneof(
  fc.constantFrom(
    STATE,
    CODE,
    'access_denied',
    'server_error',
    '',
    '%00',
    '%0d%0a',
    '%ff',
    '%',
    '+',
  ),
  unescaped,
  fc.string({ unit: 'grapheme' }).map((text) => encodeURIComponent(text)),
);
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('code', 'state', 'error', 'error_description') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('code[]', 'state[x]', 'code.x', '%63ode', 'scope', '__proto__', ''),
  },
  { weight: 1, arbitrary: unescaped },
);
const pair = fc.tuple(name, value).map((parts) => parts.join('='));
/** The correct parameters, with others around and between them. */
const nearly = fc
  .tuple(...[0, 1, 2].map(() => fc.array(pair, { maxLength: 1 })))
  .map(([first = [], second = [], third = []]) => [
    ...first,
    `code=${CODE}`,
    ...second,
    `state=${STATE}`,
    ...third,
  ]);
const scraps = fc.constantFrom('code', 'state', '=', CODE, STATE, '&', '[', ']', '#', '?');
const query = fc
  .oneof(
    { weight: 3, arbitrary: nearly },
    { weight: 2, arbitrary: fc.array(pair) },
    { weight: 1, arbitrary: fc.array(scraps).map((parts) => [parts.join('')]) },
    { weight: 1, arbitrary: fc.array(unescaped) },
  )
  .map((pairs) => pairs.join('&'));

describe.each(['extended', 'simple', false] as const)('with query parser %j', (parser) => {
  let ion: FuzzedIon;
  let app: RunningApp;

  beforeEach(async () => {
    ion = await startFuzzedIon();
    app = await startApp({
      strategy: strategyOptions(ion),
      before: (made) => made.set('query parser', parser),
    });
  });
  afterEach(() => app.stop());

  async function begin(browser: RawBrowser): Promise<string> {
    const { location } = await browser.get('/login');
    return new URL(location).searchParams.get('state') ?? '';
  }

  it('IonStrategy signs in only for a code with the state of a sign-in from this browser', async () => {
    const property = fc.asyncProperty(query, async (text) => {
      app.errors.splice(0);
      const browser = new RawBrowser(app.url);
      const state = await begin(browser);
      const sent = text.replaceAll(STATE, state);
      const page = await withDeadline(browser.get(`/complete/ion/?${sent}`));
      const user: unknown = JSON.parse((await browser.get('/whoami')).text);
      const parameters = new URLSearchParams(sent.split('#')[0]);
      const isResponse =
        parameters.getAll('state').join() === state &&
        parameters.getAll('code').length === 1 &&
        parameters.get('code') !== '';
      if (page.status === 200) {
        expect(isResponse).toBe(true);
        expect(user).toMatchObject({ id: String(PROFILE.id) });
      } else {
        expect(user).toBeNull();
        // 302 redirects to Ion for a new sign-in. The others are failures and errors.
        expect([302, 400, 401, 403, 500, 502, 503]).toContain(page.status);
        if (page.status === 302) expect(page.location).toMatch(`${ion.url}/oauth/authorize/?`);
      }
      for (const error of app.errors)
        expectSafeError(error, [CLIENT_SECRET, CODE, ...ion.secrets()]);
    });
    await fc.assert(property, numberOfRuns(50));
    const browser = new RawBrowser(app.url);
    const response = new URLSearchParams({ code: CODE, state: await begin(browser) });
    expect((await browser.get(`/complete/ion/?${response.toString()}`)).status).toBe(200);
  });
});

it('readCallback reads or refuses anything as req.query', () => {
  const keys = fc.oneof(
    fc.constantFrom('code', 'state', 'error', 'error_description', 'code[x]', '__proto__'),
    fc.string(),
  );
  const text = fc.string({ unit: 'binary' });
  const queries = fc.oneof(
    fc.dictionary(keys, fc.oneof(text, fc.array(text), fc.anything())),
    fc.record({ code: text, state: text }),
    fc.anything(),
  );
  const urls = fc.option(fc.string({ unit: 'binary' }), { nil: undefined, freq: 2 });
  fc.assert(
    fc.property(urls, urls, queries, (url, originalUrl, given) => {
      const callback = readCallback(
        { url, originalUrl, query: given },
        'https://app.example/complete/ion/',
      );
      const values = Object.values(callback).filter((each) => each !== undefined);
      expect(values.every((each) => typeof each === 'string')).toBe(true);
      if (callback.kind === 'code') expect(callback.code).toMatch(/^[\x20-\x7e]{1,1024}$/);
    }),
    numberOfRuns(200),
  );
});
