import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import fc from 'fast-check';

import { endpointsOf } from '../../lib/endpoints.js';
import { IonSessionError } from '../../lib/errors.js';
import { SIGN_IN_LIFETIME_MS, refusal } from '../../lib/sign-in/in-flight.js';
import type { InFlightSignIn } from '../../lib/sign-in/in-flight.js';
import { SessionState, explainSessionError } from '../../lib/sign-in/session-state.js';
import type { IonRequest } from '../../lib/options.js';
import { useFakeTimers } from '../support/fake-timers.js';

const MINUTE = 60_000;
const KEY = 'oauth2:ion.example';
const ROOT = 'https://app.example/complete/ion/';
const login: InFlightSignIn = {
  verifier: 'a-verifier',
  redirectURI: 'https://app.example/complete/ion/',
  state: { returnTo: '/lunch' },
};
const settings = {
  sessionKey: KEY,
  timeout: 10_000,
  endpoints: endpointsOf('https://ion.example'),
  clientID: 'an-id',
};
const logins = new SessionState(settings);

/** A request in this session. The cast: Express adds the session, Passport the rest. */
function requestIn(session: unknown): IonRequest {
  return Object.assign(new IncomingMessage(new Socket()), { session }) as unknown as IonRequest;
}

/** As it comes back from where sessions are kept. */
function kept<T>(session: T): T {
  // The cast: what survives JSON has the type that it had.
  return JSON.parse(JSON.stringify(session)) as T;
}

function take(session: unknown, handle: string | undefined): ReturnType<SessionState['take']> {
  return logins.take(requestIn(session), handle, login.redirectURI);
}

const refused = refusal('no-cookie');

beforeEach(() => {
  useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('a login in flight', () => {
  it('is found again by its state, with all that it began with', async () => {
    const session = {};
    const handle = await logins.begin(requestIn(session), login);
    expect(await take(kept(session), handle)).toMatchObject({ signIn: login });
  });

  it('has a state that nobody can guess', async () => {
    const session = {};
    const handles = new Set<string>();
    for (let each = 0; each < 100; each += 1) {
      handles.add(await logins.begin(requestIn(session), login));
    }
    expect(handles.size).toBe(100);
    // 24 bytes of randomness.
    for (const handle of handles) expect(handle).toMatch(/^[\w-]{32}$/);
  });

  it('may do without verifier and state of the app', async () => {
    const session = {};
    const { redirectURI } = login;
    const handle = await logins.begin(requestIn(session), { redirectURI });
    expect(await take(kept(session), handle)).toMatchObject({ signIn: { redirectURI } });
  });

  it('is used once', async () => {
    const session = {};
    const handle = await logins.begin(requestIn(session), login);
    await take(session, handle);
    expect(await take(session, handle)).toEqual(refused);
  });

  it('leaves the session as it was, once used', async () => {
    const session = { note: 1 };
    const handle = await logins.begin(requestIn(session), login);
    expect(Object.keys(session)).toEqual(['note', KEY]);
    await take(session, handle);
    expect(session).toEqual({ note: 1 });
  });

  it("is nobody else's", async () => {
    const [mine, other] = [{}, {}];
    const handle = await logins.begin(requestIn(mine), login);
    await logins.begin(requestIn(other), login);
    expect(await take(other, handle)).toEqual(refused);
    expect(await take({}, handle)).toEqual(refused);
    expect(
      await new SessionState({ ...settings, sessionKey: 'another key' }).take(
        requestIn(mine),
        handle,
        login.redirectURI,
      ),
    ).toEqual(refused);
    expect(await take(mine, handle)).toHaveProperty('signIn');
  });

  it.each([undefined, '', '0', 'length', '__proto__', 'constructor', 'toString'])(
    'is not found by %p',
    async (handle) => {
      const session = {};
      await logins.begin(requestIn(session), login);
      expect(await take(session, handle)).toEqual(refused);
      expect(await take({ [KEY]: [{}] }, handle)).toEqual(refused);
    },
  );

  it('is one of several, which end in any order', async () => {
    const session = {};
    const begun = [1, 2, 3].map((state) => logins.begin(requestIn(session), { ...login, state }));
    const [first = '', second = '', third = ''] = await Promise.all(begun);
    expect(await take(session, second)).toMatchObject({ signIn: { state: 2 } });
    expect(await take(session, third)).toMatchObject({ signIn: { state: 3 } });
    expect(await take(session, first)).toMatchObject({ signIn: { state: 1 } });
  });

  it('is one of the ten newest', async () => {
    const session: Record<string, unknown> = {};
    const small = { redirectURI: login.redirectURI };
    const handles: string[] = [];
    for (let each = 0; each < 12; each += 1) {
      handles.push(await logins.begin(requestIn(session), small));
      expect((session[KEY] as unknown[]).length).toBeLessThanOrEqual(10);
    }
    expect(await take(session, handles[1])).toEqual(refused);
    expect(await take(session, handles[2])).toHaveProperty('signIn');
    expect(await take(session, handles[11])).toHaveProperty('signIn');
  });

  it('is given up for newer ones if the session is a cookie, which must stay small', async () => {
    const session: Record<string, unknown> = {};
    const handles: string[] = [];
    for (let each = 0; each < 10; each += 1) {
      handles.push(await logins.begin(requestIn(session), login));
      expect(JSON.stringify(session[KEY]).length).toBeLessThanOrEqual(1500);
    }
    expect((session[KEY] as unknown[]).length).toBeGreaterThanOrEqual(4);
    expect(await take(session, handles[9])).toHaveProperty('signIn');
    expect(await take(session, handles[0])).toEqual(refused);
  });

  it('is refused if its state is too large for a session in a cookie', async () => {
    const state = 'x'.repeat(1500);
    await expect(logins.begin(requestIn({}), { ...login, state })).rejects.toMatchObject({
      code: 'ERR_ION_OPTION',
      option: 'state',
    });
  });

  it.each([
    ['Ion, on another port', { endpoints: endpointsOf('https://ion.example:8443') }, ROOT],
    ['client id', { clientID: 'another' }, ROOT],
    ['redirect path', {}, 'https://app.example/connect/ion/'],
  ])('is not taken by a strategy with another %s', async (_what, change, redirectURI) => {
    const session = {};
    const handle = await logins.begin(requestIn(session), login);
    const other = new SessionState({ ...settings, ...change });
    expect(await other.take(requestIn(session), handle, redirectURI)).toEqual(refused);
    const same = new SessionState(settings);
    expect(await same.take(requestIn(session), handle, ROOT)).toHaveProperty('signIn');
  });

  it('lives for ten minutes', async () => {
    expect(SIGN_IN_LIFETIME_MS).toBe(10 * MINUTE);
    const session = {};
    const [first, second] = [
      await logins.begin(requestIn(session), login),
      await logins.begin(requestIn(session), login),
    ];
    jest.advanceTimersByTime(10 * MINUTE - 1);
    expect(await take(session, first)).toHaveProperty('signIn');
    jest.advanceTimersByTime(1);
    expect(await take(session, second)).toEqual(refusal('expired'));
  });

  it('makes room once it has died', async () => {
    const session: Record<string, unknown> = {};
    for (let each = 0; each < 3; each += 1) await logins.begin(requestIn(session), login);
    jest.advanceTimersByTime(10 * MINUTE);
    await logins.begin(requestIn(session), login);
    expect(session[KEY]).toHaveLength(1);
  });
});

describe('a session that was tampered with', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('a-handle', Date.now(), undefined));
  const entry = fc.record(
    { handle: field, at: field, redirectURI: field, verifier: field, state: field },
    { requiredKeys: [] },
  );
  const contents = fc.oneof(fc.array(fc.oneof(entry, fc.anything())), fc.anything());

  it('gives a login whose parts are what they should be, or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        contents,
        fc.constantFrom('a-handle', '', undefined),
        async (value, handle) => {
          const taken = await take({ [KEY]: value }, handle);
          if ('reason' in taken) {
            expect(taken).toEqual(refused);
            return;
          }
          expect(typeof taken.signIn.redirectURI).toBe('string');
          expect(['string', 'undefined']).toContain(typeof taken.signIn.verifier);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes a new login all the same', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (value) => {
        const session = { [KEY]: value };
        const handle = await logins.begin(requestIn(session), login);
        expect(await take(session, handle)).toMatchObject({ signIn: login });
      }),
    );
  });

  it('is one whose state of the app may be anything', async () => {
    const session: Record<string, unknown[]> = {};
    const handle = await logins.begin(requestIn(session), login);
    Object.assign(session[KEY]?.[0] as object, { state: ['<script>', 5, null] });
    expect(await take(session, handle)).toMatchObject({ signIn: { state: ['<script>', 5, null] } });
  });
});

describe('no session', () => {
  it.each([undefined, null, 'x', 5, true])(
    'where it is %p, is told with the line that is missing',
    async (session) => {
      for (const trying of [logins.begin(requestIn(session), login), take(session, 'a-handle')]) {
        await expect(trying).rejects.toBeInstanceOf(IonSessionError);
        await expect(trying).rejects.toMatchObject({ code: 'ERR_ION_SESSION', status: 500 });
        await expect(trying).rejects.toThrow(
          "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion').",
        );
      }
    },
  );
});

describe('an error of a login', () => {
  const error = new TypeError('req.session.regenerate is not a function');
  const method = (): undefined => undefined;

  it.each([
    [{}, 'no regenerate and no save'],
    [{ regenerate: method }, 'no save'],
    [{ save: method }, 'no regenerate'],
    [{ save: 'x', regenerate: method }, 'no save'],
  ])('is explained where the session is %j', (session, lacking) => {
    const explanation = explainSessionError(requestIn(session), error);
    expect(explanation).toBeInstanceOf(IonSessionError);
    expect(explanation).toMatchObject({ code: 'ERR_ION_SESSION', status: 500, cause: error });
    expect((explanation as Error).message).toContain(
      `req.session has ${lacking}, which Passport calls`,
    );
    expect((explanation as Error).message).toContain(
      '"cookie-session" in passport-ion\'s guide on sessions',
    );
  });

  it('is left as it is where it is another', () => {
    for (const other of [new Error('my database is down'), 'x', undefined, new TypeError('save')]) {
      expect(explainSessionError(requestIn({}), other)).toBe(other);
    }
  });

  it('is left as it is where the session has what Passport calls, or is not there', () => {
    expect(explainSessionError(requestIn({ regenerate: method, save: method }), error)).toBe(error);
    expect(explainSessionError(requestIn(undefined), error)).toBe(error);
    expect(explainSessionError(requestIn(null), error)).toBe(error);
  });
});
