// Tests SessionState, which keeps in-flight sign-ins in a request's session.

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { endpointsOf } from '../../lib/endpoints.js';
import { IonOptionError, IonSessionError } from '../../lib/errors.js';
import type { IonRequest } from '../../lib/express-request.js';
import { SIGN_IN_LIFETIME_MS } from '../../lib/sign-in/in-flight-store.js';
import type { InFlightSignIn } from '../../lib/sign-in/in-flight-store.js';
import { SessionState } from '../../lib/sign-in/session-state.js';
import { refusal } from '../../lib/sign-in/state-refusal.js';
import { useFakeTimers } from '../support/fake-timers.js';
import { fc, numberOfRuns } from '../support/fast-check.js';

const MINUTE = 60_000;
const KEY = 'oauth2:ion.example';
const ROOT = 'https://app.example/complete/ion/';
const signIn: InFlightSignIn = {
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
const signIns = new SessionState(settings);

/** Makes a request with this session. Cast because Express and Passport add the rest in a real app. */
function requestIn(session: unknown): IonRequest {
  return Object.assign(new IncomingMessage(new Socket()), { session }) as unknown as IonRequest;
}

/** Returns the session as a store would return it later. */
function kept<T>(session: T): T {
  // The cast is safe because JSON can represent everything in the session.
  return JSON.parse(JSON.stringify(session)) as T;
}

function take(session: unknown, handle: string | undefined): ReturnType<SessionState['take']> {
  return signIns.take(requestIn(session), handle, signIn.redirectURI);
}

const refused = refusal('no-cookie');

/** Stops the clock during the tests of the `describe` block that calls this. */
function stopClock(): void {
  beforeEach(() => {
    useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}

describe('SessionState.begin, with a state of the app that is not JSON', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const hasThrowingGetter = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw undefined as unknown as Error;
    },
  });

  it.each<[string, unknown]>([
    ['a BigInt', { id: 10n }],
    ['a cycle', cycle],
    ['a getter that throws', hasThrowingGetter],
  ])('throws IonOptionError: %s', async (_what, state) => {
    const request = requestIn({});
    const error: unknown = await signIns
      .begin(request, { ...signIn, state })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(IonOptionError);
    expect(error).toMatchObject({ option: 'state' });
    expect(request.session).toEqual({});
  });
});

describe('SessionState', () => {
  stopClock();

  it('finds a sign-in by its handle, with everything that it began with', async () => {
    const session = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    expect(await take(kept(session), handle)).toMatchObject({ signIn });
  });

  it('returns handles that no one can guess', async () => {
    const session = {};
    const handles = new Set<string>();
    for (let each = 0; each < 100; each += 1) {
      handles.add(await signIns.begin(requestIn(session), signIn));
    }
    expect(handles.size).toBe(100);
    // 32 characters hold 24 random bytes.
    for (const handle of handles) expect(handle).toMatch(/^[\w-]{32}$/);
  });

  it("keeps a sign-in without a verifier and the app's state", async () => {
    const session = {};
    const { redirectURI } = signIn;
    const handle = await signIns.begin(requestIn(session), { redirectURI });
    expect(await take(kept(session), handle)).toMatchObject({ signIn: { redirectURI } });
  });

  it('finds a sign-in only once', async () => {
    const session = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    await take(session, handle);
    expect(await take(session, handle)).toEqual(refused);
  });

  it('leaves nothing in the session once the sign-in was used', async () => {
    const session = { note: 1 };
    const handle = await signIns.begin(requestIn(session), signIn);
    expect(Object.keys(session)).toEqual(['note', KEY]);
    await take(session, handle);
    expect(session).toEqual({ note: 1 });
  });

  it('does not find a sign-in of another session', async () => {
    const [mine, other] = [{}, {}];
    const handle = await signIns.begin(requestIn(mine), signIn);
    await signIns.begin(requestIn(other), signIn);
    expect(await take(other, handle)).toEqual(refused);
    expect(await take({}, handle)).toEqual(refused);
    expect(
      await new SessionState({ ...settings, sessionKey: 'another key' }).take(
        requestIn(mine),
        handle,
        signIn.redirectURI,
      ),
    ).toEqual(refused);
    expect(await take(mine, handle)).toHaveProperty('signIn');
  });

  it.each([undefined, '', '0', 'length', '__proto__', 'constructor', 'toString'])(
    'finds nothing for the handle %p',
    async (handle) => {
      const session = {};
      await signIns.begin(requestIn(session), signIn);
      expect(await take(session, handle)).toEqual(refused);
      expect(await take({ [KEY]: [{}] }, handle)).toEqual(refused);
    },
  );

  it('keeps several sign-ins, which can finish in any order', async () => {
    const session = {};
    const begun = [1, 2, 3].map((state) => signIns.begin(requestIn(session), { ...signIn, state }));
    const [first = '', second = '', third = ''] = await Promise.all(begun);
    expect(await take(session, second)).toMatchObject({ signIn: { state: 2 } });
    expect(await take(session, third)).toMatchObject({ signIn: { state: 3 } });
    expect(await take(session, first)).toMatchObject({ signIn: { state: 1 } });
  });

  it('keeps the ten newest sign-ins', async () => {
    const session: Record<string, unknown> = {};
    const small = { redirectURI: signIn.redirectURI };
    const handles: string[] = [];
    for (let each = 0; each < 12; each += 1) {
      handles.push(await signIns.begin(requestIn(session), small));
      expect((session[KEY] as unknown[]).length).toBeLessThanOrEqual(10);
    }
    expect(await take(session, handles[1])).toEqual(refused);
    expect(await take(session, handles[2])).toHaveProperty('signIn');
    expect(await take(session, handles[11])).toHaveProperty('signIn');
  });

  it('drops the oldest sign-ins if the session is a cookie, which must stay small', async () => {
    const session: Record<string, unknown> = {};
    const handles: string[] = [];
    for (let each = 0; each < 10; each += 1) {
      handles.push(await signIns.begin(requestIn(session), signIn));
      expect(JSON.stringify(session[KEY]).length).toBeLessThanOrEqual(1500);
    }
    expect((session[KEY] as unknown[]).length).toBeGreaterThanOrEqual(4);
    expect(await take(session, handles[9])).toHaveProperty('signIn');
    expect(await take(session, handles[0])).toEqual(refused);
  });

  it('throws IonOptionError if the state is too large for a session in a cookie', async () => {
    const state = 'x'.repeat(1500);
    await expect(signIns.begin(requestIn({}), { ...signIn, state })).rejects.toMatchObject({
      code: 'ERR_ION_OPTION',
      option: 'state',
    });
  });

  it.each([
    ['Ion, on another port', { endpoints: endpointsOf('https://ion.example:8443') }, ROOT],
    ['client id', { clientID: 'another' }, ROOT],
    ['redirect path', {}, 'https://app.example/connect/ion/'],
  ])(
    'does not find a sign-in of a strategy with another %s',
    async (_what, change, redirectURI) => {
      const session = {};
      const handle = await signIns.begin(requestIn(session), signIn);
      const other = new SessionState({ ...settings, ...change });
      expect(await other.take(requestIn(session), handle, redirectURI)).toEqual(refused);
      const same = new SessionState(settings);
      expect(await same.take(requestIn(session), handle, ROOT)).toHaveProperty('signIn');
    },
  );

  it('keeps a sign-in for ten minutes', async () => {
    expect(SIGN_IN_LIFETIME_MS).toBe(10 * MINUTE);
    const session = {};
    const [first, second] = [
      await signIns.begin(requestIn(session), signIn),
      await signIns.begin(requestIn(session), signIn),
    ];
    jest.advanceTimersByTime(10 * MINUTE - 1);
    expect(await take(session, first)).toHaveProperty('signIn');
    jest.advanceTimersByTime(1);
    expect(await take(session, second)).toEqual(refusal('expired'));
  });

  it('does not count expired sign-ins', async () => {
    const session: Record<string, unknown> = {};
    for (let each = 0; each < 3; each += 1) await signIns.begin(requestIn(session), signIn);
    jest.advanceTimersByTime(10 * MINUTE);
    await signIns.begin(requestIn(session), signIn);
    expect(session[KEY]).toHaveLength(1);
  });
});

describe('SessionState, with a session that was tampered with', () => {
  stopClock();

  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('a-handle', Date.now(), undefined));
  const entry = fc.record(
    { handle: field, at: field, redirectURI: field, verifier: field, state: field },
    { requiredKeys: [] },
  );
  const contents = fc.oneof(fc.array(fc.oneof(entry, fc.anything())), fc.anything());

  it('returns a sign-in whose parts have the right types, or none', async () => {
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
      numberOfRuns(1000),
    );
  });

  it('can still begin a new sign-in', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (value) => {
        const session = { [KEY]: value };
        const handle = await signIns.begin(requestIn(session), signIn);
        expect(await take(session, handle)).toMatchObject({ signIn });
      }),
    );
  });

  it("returns anything as the app's state", async () => {
    const session: Record<string, unknown[]> = {};
    const handle = await signIns.begin(requestIn(session), signIn);
    Object.assign(session[KEY]?.[0] as object, { state: ['<script>', 5, null] });
    expect(await take(session, handle)).toMatchObject({ signIn: { state: ['<script>', 5, null] } });
  });
});

describe('SessionState, without a session', () => {
  it.each([undefined, null, 'x', 5, true])(
    'throws an error that names the missing line if req.session is %p',
    async (session) => {
      for (const trying of [signIns.begin(requestIn(session), signIn), take(session, 'a-handle')]) {
        await expect(trying).rejects.toBeInstanceOf(IonSessionError);
        await expect(trying).rejects.toMatchObject({ code: 'ERR_ION_SESSION', status: 500 });
        await expect(trying).rejects.toThrow(
          "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion').",
        );
      }
    },
  );
});
