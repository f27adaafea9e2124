// Two machines under a path of a host that others share.

import { UserAgent } from '../../support/user-agent.js';
import { Site } from './site.js';

it('sign people in as they do elsewhere', async () => {
  const site = await Site.start({ basePath: '/2027jdoe' });
  const browser = new UserAgent();
  const visitor = { browser, username: '2027jdoe' };
  const { request, page: begun } = await site.press(visitor, '?returnTo=/2027jdoe/today');
  expect(begun.headers.getSetCookie().join()).toContain('; Path=/2027jdoe;');
  expect(new URL(request).searchParams.get('redirect_uri')).toBe(`${site.url}/complete/ion/`);
  const finished = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
  expect(site.machinesOf(finished)).toEqual([site.otherThan(begun)]);
  expect(finished.location).toBe(`${site.url}/today`);
  for (const answer of await site.askBoth(visitor, '/today')) expect(answer.status).toBe(200);
});
