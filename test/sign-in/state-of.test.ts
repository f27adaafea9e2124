// Tests that stateOf returns the state that the app gave the sign-in, no matter how the sign-in ended.

import { CookieStateStore, stateOf } from 'passport-ion';
import type { IonRequest, VerifySignIn } from 'passport-ion';

import { rememberState, withState } from '../../lib/sign-in/state-of.js';
import { logTextOf } from '../support/log-text.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

interface StartOptions {
  readonly store?: CookieStateStore | undefined;
  readonly verify?: VerifySignIn;
}

const site = useAppAtLocalIon();
/** What stateOf returned for each request that came back from Ion. */
let states: unknown[];

beforeEach(() => {
  states = [];
});

async function start({ store, verify }: StartOptions = {}): Promise<void> {
  await site.start({
    strategy: site.strategyOptions({ store }),
    ...(verify && { verify }),
    before: (made) => {
      made.use('/complete/ion', (req, res, next) => {
        res.on('finish', () => states.push(stateOf(req)));
        next();
      });
    },
  });
}

/** Begins a sign-in that should lead back to the page /lunch, and returns its callback. */
async function callbackFor(browser: Browser, decision: 'approve' | 'deny'): Promise<string> {
  const { location = '' } = await browser.get(`${site.app.url}/login?returnTo=/lunch`);
  return site.ion[decision](location, { as: '2027jdoe' });
}

describe('stateOf', () => {
  const store = new CookieStateStore({ secret: 'K3zq-pX81-vW0t-bN5m-yH2r-cJ7d-fL9s' });

  it.each([
    ['the session', undefined],
    ['a CookieStateStore', store],
  ])('returns the state of a sign-in that succeeds, with %s', async (_name, store) => {
    await start({ store });
    const browser = new Browser();
    const page = await browser.get(await callbackFor(browser, 'approve'));
    expect(page.status).toBe(200);
    expect(states).toEqual([{ returnTo: '/lunch' }]);
  });

  it('returns the state of a sign-in that the person declines', async () => {
    await start();
    const browser = new Browser();
    expect((await browser.get(await callbackFor(browser, 'deny'))).status).toBe(401);
    expect(states).toEqual([{ returnTo: '/lunch' }]);
  });

  it('returns the state of a sign-in that ends in an error from Ion, which itself does not show the state', async () => {
    await start();
    const browser = new Browser();
    const callback = await callbackFor(browser, 'approve');
    site.ion.failNext('token', { status: 503 });
    expect((await browser.get(callback)).status).toBe(503);
    expect(states).toEqual([{ returnTo: '/lunch' }]);
    expect(logTextOf(site.app.errors[0])).not.toContain('/lunch');
  });

  it('returns the state of a sign-in that ends in an error from verify, even a frozen one', async () => {
    const failure: Error = Object.freeze(new Error('The database is down'));
    await start({
      verify: () => {
        throw failure;
      },
    });
    const browser = new Browser();
    await browser.get(await callbackFor(browser, 'approve'));
    expect(site.app.errors).toEqual([failure]);
    expect(states).toEqual([{ returnTo: '/lunch' }]);
  });

  it('returns undefined in a browser that did not begin the sign-in', async () => {
    await start();
    const callback = await callbackFor(new Browser(), 'approve');
    expect((await new Browser().get(callback)).status).toBe(403);
    expect(states).toEqual([undefined]);
  });

  it('returns undefined for a sign-in without a state', async () => {
    await start();
    const browser = new Browser();
    const { location = '' } = await browser.get(`${site.app.url}/login`);
    await browser.get(await site.ion.approve(location, { as: '2027jdoe' }));
    expect(states).toEqual([undefined]);
  });

  it('returns the state for ctx.req in Koa, where Passport gets another request', () => {
    const ctx = { req: {} };
    // The cast is safe because koa-passport makes an object like this in place of a request.
    rememberState({ ctx } as unknown as IonRequest, { redirectURI: '', state: '/lunch' });
    expect(stateOf(ctx.req)).toBe('/lunch');
  });
});

describe('withState', () => {
  const state = { returnTo: '/lunch' };

  it.each([
    [undefined, { state }],
    [null, { state }],
    ['not on the list', { message: 'not on the list', state }],
    [
      { message: 'hello', scope: ['a'] },
      { message: 'hello', scope: ['a'], state },
    ],
    [{ state: 'its own' }, { state }],
  ])("adds the app's state to the info %j", (info, expected) => {
    expect(withState(info, state)).toEqual(expected);
  });

  it.each([[undefined], ['not on the list'], [{ state: 'its own' }]])(
    'returns the info %j unchanged if there is no state',
    (info) => {
      expect(withState(info, undefined)).toBe(info);
    },
  );

  it('does not change the info that it is given', () => {
    const info = Object.freeze({ message: 'hello' });
    expect(withState(info, state)).not.toBe(info);
  });

  it('adds a state that is null, 0 or false too', () => {
    for (const falsy of [null, 0, false, ''])
      expect(withState({}, falsy)).toEqual({ state: falsy });
  });
});
