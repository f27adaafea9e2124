// Runs the built example app in two processes, as if on two machines. People must not notice that
// there are two.

import { people } from 'passport-ion/local-ion';

import { buttonOf, headingOf } from '../page-content.js';
import { newVisitor, Site } from './site-on-two-machines.js';
import type { Visitor } from './site-on-two-machines.js';

const HOUR = 60 * 60 * 1000;
const JANE = '2027jdoe';

let site: Site;
let killed: number[];

beforeAll(async () => {
  site = await Site.start();
});
beforeEach(async () => {
  killed = [];
  await site.renewProxy();
});
afterEach(async () => {
  for (const machine of [0, 1]) {
    // Whatever happened in the test, every process that it didn't kill must still be running.
    expect(site.isRunning(machine)).toBe(!killed.includes(machine));
    if (!site.isRunning(machine)) await site.startAgain(machine);
  }
});

async function kill(machine: number): Promise<void> {
  killed.push(machine);
  await site.kill(machine);
}

describe('a sign-in', () => {
  it('begins on one machine and ends on the other', async () => {
    const visitor = newVisitor(JANE);
    const { request, page: begun } = await site.press(visitor, '?returnTo=/today');
    expect(new URL(request).searchParams.get('redirect_uri')).toBe(`${site.url}/complete/ion/`);
    const callback = await site.ion.approve(request, { as: JANE });
    const finished = await visitor.browser.get(callback);
    expect(site.machinesOf(finished)).toEqual([site.otherThan(begun)]);
    expect(finished.location).toBe(`${site.url}/today`);
    for (let count = 0; count < 4; count += 1) {
      const page = await visitor.browser.get(`${site.url}/today`);
      expect(headingOf(page)).toBe('Today');
    }
  });

  it('is over on both machines after a sign-out on one', async () => {
    const { browser } = await site.signIn(JANE);
    const home = await browser.get(`${site.url}/`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(home.text)?.[1] ?? '';
    expect((await browser.post(`${site.url}/logout`, { csrf })).status).toBe(303);
    for (const response of await site.askBoth({ browser, username: JANE }, '/')) {
      expect(await response.text()).toContain('Who are you?');
    }
  });

  it('succeeds if the machine that began it is gone', async () => {
    const visitor = newVisitor(JANE);
    const { request, page: begun } = await site.press(visitor);
    await kill(1 - site.otherThan(begun));
    const page = await visitor.browser.follow(await site.ion.approve(request, { as: JANE }));
    expect(page.text).toContain('Jane Doe');
  });

  it('needs a second press of the button if a machine stops during its request to Ion', async () => {
    const visitor = newVisitor(JANE);
    const { request, page: begun } = await site.press(visitor);
    const callback = await site.ion.approve(request, { as: JANE });
    const dying = site.otherThan(begun);
    // The machine stops after Ion has used the code, and before it gets Ion's response.
    site.ion.failNext('token', { delay: 50_000 });
    const asked = site.clock.nextLook();
    const waiting = visitor.browser.get(callback);
    await asked;
    await kill(dying);
    const page = await waiting;
    expect(site.machinesOf(page)).toEqual([dying, 1 - dying]);
    expect(page.status).toBe(403);
    expect(headingOf(page)).toBe('This sign-in is over');
    const again = await visitor.browser.get(site.url + (buttonOf(page) ?? ''));
    const home = await visitor.browser.follow(
      await site.ion.approve(again.location ?? '', { as: JANE }),
    );
    expect(home.status).toBe(200);
    expect(home.text).toContain('Jane Doe');
  });
});

describe('a refresh on both machines at the same time', () => {
  async function expectEverybodySignedIn(visitors: readonly Visitor[]): Promise<void> {
    for (const { browser, username } of visitors) {
      const home = await browser.get(`${site.url}/`);
      expect(home.text).toContain(`<dd>${username}</dd>`);
      expect((await browser.get(`${site.url}/today`)).status).toBe(200);
    }
  }

  it('signs no one out', async () => {
    const visitors = await Promise.all(people.map(({ ion_username }) => site.signIn(ion_username)));
    expect(visitors.length).toBeGreaterThan(5);
    for (let day = 1; day <= 3; day += 1) {
      site.clock.ahead += 11 * HOUR;
      const before = site.ionLog.length;
      const responses = await Promise.all(visitors.map((each) => site.askBoth(each, '/today')));
      expect(responses.flat().map(({ status }) => status)).toEqual(
        visitors.flatMap(() => [200, 200]),
      );
      // Make sure that the tokens were refreshed, or this test would prove nothing.
      const refreshes = site.ionLog.slice(before).filter((line) => line.includes('/oauth/token'));
      expect(refreshes.length).toBeGreaterThanOrEqual(visitors.length);
      await expectEverybodySignedIn(visitors);
    }
  });

  it('signs no one out if the second refresh is too late for Ion and too early for the store', async () => {
    const visitor = await site.signIn(JANE);
    site.clock.ahead += 11 * HOUR;
    const before = site.ionLog.length;
    // When the second refresh arrives, Ion has carried out the first one, but has not responded to it yet.
    site.ion.failNext('token', { delay: 500 });
    const responses = await site.askBoth(visitor, '/today');
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    const refreshes = site.ionLog.slice(before).filter((line) => line.includes('/oauth/token'));
    expect(refreshes.map((line) => / (\d{3}) /.exec(line)?.[1]).sort()).toEqual(['200', '400']);
    await expectEverybodySignedIn([visitor]);
  });
});
