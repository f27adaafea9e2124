// Tests that while the Redis of two machines doesn't respond, people see an error page, and that everything
// works again once Redis is back.

import { headingOf } from '../page-content.js';
import { Browser } from '../../support/browser.js';
import { newVisitor, Site } from './site-on-two-machines.js';
import type { Visitor } from './site-on-two-machines.js';

const JANE = '2027jdoe';

let site: Site;

beforeAll(async () => {
  site = await Site.start();
});
afterEach(() => {
  // Whatever happened in the test, both processes must still be running.
  for (const machine of [0, 1]) expect(site.isRunning(machine)).toBe(true);
});

describe('if Redis', () => {
  async function expectErrorPages({ browser }: Visitor): Promise<void> {
    for (const path of ['/', '/today', '/login/ion', '/complete/ion/?code=a&state=b']) {
      for (const each of [browser, new Browser()]) {
        const page = await each.get(site.url + path);
        expect(page.status).toBe(503);
        expect(headingOf(page)).toBe('This app is out of order');
        expect(page.headers.get('cache-control')).toBe('no-store');
      }
    }
  }

  const silence = (): Promise<void> => {
    site.redis.fallSilent();
    return Promise.resolve();
  };
  const speech = (): Promise<void> => {
    site.redis.speakAgain();
    return Promise.resolve();
  };

  it.each([
    ['stopped', () => site.redis.stop(), () => site.redis.start()],
    ['silent', silence, speech],
  ])(
    'is %s, people see an error page, and everything works again once it is back',
    async (_how, end, begin) => {
      const [signedIn, underWay] = [await site.signIn(JANE), newVisitor(JANE)];
      const { request } = await site.press(underWay);
      const callback = await site.ion.approve(request, { as: JANE });
      const before = [0, 1].map((machine) => site.printedOn(machine).length);
      await end();
      // People who are signed in also get this page, even on their first request after Redis is gone.
      for (const response of await site.askBoth(signedIn, '/today'))
        expect(response.status).toBe(503);
      await site.bothRespond(503);
      await expectErrorPages(signedIn);
      expect((await underWay.browser.get(callback)).status).toBe(503);
      await begin();
      await site.bothRespond(200);
      expect(headingOf(await signedIn.browser.get(`${site.url}/today`))).toBe('Today');
      // A sign-in that began before Redis was gone can be finished now.
      const home = await underWay.browser.follow(callback);
      expect(home.text).toContain('Jane Doe');
      await site.signIn(JANE);
      for (const machine of [0, 1]) {
        const printed = site.printedOn(machine).slice(before[machine]);
        expect(printed.match(/^Redis .*$/gm)).toEqual([
          expect.stringMatching(/^Redis is not answering \(.+\), /),
          'Redis is answering again.',
        ]);
      }
    },
  );
});
