// Tests two machines behind nginx, under a path on a host that is shared with other sites.

import { headingOf } from '../page-content.js';
import { Browser } from '../../support/browser.js';
import { Site } from './site-on-two-machines.js';

describe('an app under a path, behind nginx', () => {
  it.each([
    ['keeps the path', false],
    ['strips the path', true],
  ])(
    'signs people in, shows its pages, and signs them out if nginx %s',
    async (_what, stripsPath) => {
      const site = await Site.start({ basePath: '/2027jdoe', stripsPath });
      const browser = new Browser();
      const visitor = { browser, username: '2027jdoe' };
      const { request, page: begun } = await site.press(visitor, '?returnTo=/2027jdoe/today');
      expect(new URL(request).searchParams.get('redirect_uri')).toBe(`${site.url}/complete/ion/`);
      const finished = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
      expect(site.machinesOf(finished)).toEqual([site.otherThan(begun)]);
      expect(finished.headers.getSetCookie().join()).toContain('; Path=/2027jdoe;');
      expect(finished.location).toBe(`${site.url}/today`);
      const today = await browser.get(finished.location ?? '');
      expect(headingOf(today)).toBe('Today');
      expect((await browser.get(`${site.url}/style.css`)).status).toBe(200);
      for (const response of await site.askBoth(visitor, '/today'))
        expect(response.status).toBe(200);
      const csrf = /name="csrf" value="([^"]+)"/.exec(today.text)?.[1] ?? '';
      const out = await browser.post(`${site.url}/logout`, { csrf });
      expect(out.location).toBe(`${site.url}/`);
      expect((await browser.get(`${site.url}/`)).text).toContain('Who are you?');
    },
  );
});
