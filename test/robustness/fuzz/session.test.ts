// Whatever the session holds under the strategy's and Passport's keys, no one is signed in because of it, and
// the next sign-in in that browser works.

import type { RequestHandler } from 'express';

import { isRecord } from '../../../lib/json.js';
import { expressSession, startApp } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';
import { fc } from '../../support/fast-check.js';
import { withDeadline } from '../../support/with-deadline.js';
import { CODE, PROFILE, startFuzzedIon, strategyOptions } from './fuzzed-ion.js';
import type { FuzzedIon } from './fuzzed-ion.js';
import { RawBrowser } from './raw-browser.js';
import { expectSafeError } from './expect-safe-error.js';

const KEY = 'ion';
const HANDLE = 'a-handle';

let ion: FuzzedIon;
let app: RunningApp;
let planted: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  ion = await startFuzzedIon();
  app = await startApp({
    strategy: { ...strategyOptions(ion), sessionKey: KEY },
    session: planting(expressSession()),
  });
});
afterEach(() => app.stop());

/** Adds a /plant route that puts `planted` into the session. */
function planting(session: RequestHandler): RequestHandler {
  return (req, res, next) => {
    session(req, res, (error?: unknown) => {
      if (req.path !== '/plant') {
        next(error);
        return;
      }
      Object.assign(req.session, planted);
      res.end();
    });
  };
}

async function signIn(browser: RawBrowser): Promise<number> {
  const { location } = await browser.get('/login');
  const state = new URL(location).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ code: CODE, state });
  return (await browser.get(`/complete/ion/?${query.toString()}`)).status;
}

// Include lone surrogates, because JSON can contain them.
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: halfCharacters() }));
const at = fc.oneof(
  fc.integer({ min: -700_000, max: 100_000 }).map((offset) => Date.now() + offset),
  fc.double(),
);
const entry = fc.record(
  {
    handle: fc.oneof(fc.constant(HANDLE), text, fc.jsonValue()),
    at: fc.oneof(at, at, fc.jsonValue()),
    redirectURI: fc.oneof(fc.constant('http://127.0.0.1/complete/ion/'), text, fc.jsonValue()),
    verifier: fc.oneof(fc.constant('v'.repeat(43)), text, fc.jsonValue()),
    scope: fc.oneof(fc.constant('read'), text, fc.jsonValue()),
    state: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
/** An in-flight sign-in whose fields have the right types. */
const soundEntry = fc.record(
  {
    handle: fc.constant(HANDLE),
    at: fc.constant(1e15),
    redirectURI: text,
    verifier: text,
    scope: text,
    state: fc.jsonValue(),
  },
  { requiredKeys: ['handle', 'at', 'redirectURI'] },
);
const entries = fc.oneof(
  fc.array(fc.oneof(entry, soundEntry, fc.jsonValue()), { maxLength: 15 }),
  fc.jsonValue(),
);
// Leave out 0, because Passport would pass it to deserializeUser, and then fail every request in the session.
const passports = fc
  .oneof(fc.record({ user: fc.jsonValue() }, { requiredKeys: [] }), fc.jsonValue())
  .filter((passport) => !isRecord(passport) || passport.user !== 0);
const sessions = fc.record({ [KEY]: entries, passport: passports }, { requiredKeys: [] });

function halfCharacters(): fc.Arbitrary<string> {
  return fc.integer({ min: 0xd7f0, max: 0xe010 }).map((code) => String.fromCharCode(code));
}

it('IonStrategy, with anything in the session, signs no one in, and the next sign-in works', async () => {
  const property = fc.asyncProperty(sessions, fc.boolean(), async (session, withCode) => {
    app.errors.splice(0);
    planted = session;
    const browser = new RawBrowser(app.url);
    await browser.get('/plant');
    const before: unknown = JSON.parse((await browser.get('/whoami')).text);
    const query = withCode ? `code=${CODE}` : 'error=access_denied';
    const page = await withDeadline(browser.get(`/complete/ion/?${query}&state=${HANDLE}`));
    const after: unknown = JSON.parse((await browser.get('/whoami')).text);
    if (page.status === 200) expect(after).toMatchObject({ id: String(PROFILE.id) });
    else expect(after).toEqual(before);
    expect([200, 401, 403, 500]).toContain(page.status);
    expect(await withDeadline(signIn(browser))).toBe(200);
    expect((await browser.get('/whoami')).text).toContain(String(PROFILE.id));
    for (const error of app.errors) expectSafeError(error, ion.secrets());
  });
  await fc.assert(property);
});
