// Tests requests to the callback URL, and requests that only look like callbacks, with the local Ion.

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

describe('IonStrategy, with a callback', () => {
  it('by HEAD, leaves the code unused', async () => {
    const { url } = await site.start();
    const browser = new Browser();
    const callback = await site.ion.approve(await site.begin(browser), { as: '2028znunez' });
    const cookie = [...browser.cookiesFor(url)].map((pair) => pair.join('=')).join('; ');
    const head = await fetch(callback, { method: 'HEAD', headers: { cookie }, redirect: 'manual' });
    expect(head.status).toBe(400);
    expect((await browser.get(`${url}/whoami`)).text).toBe('null');
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('whose error is not a plain word, fails and does not repeat it', async () => {
    const { url } = await site.start();
    const browser = new Browser();
    const state = (await site.begin(browser)).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: '<script>', state }).toString();
    const page = await browser.get(`${url}/complete/ion/?${query}`);
    expect(JSON.parse(page.text)).toMatchObject({ name: 'IonAuthorizationError' });
    expect(page.text).not.toContain('script');
  });

  it('that has only a state, refuses it, so that a proxy that drops the code causes no loop', async () => {
    const { url } = await site.start();
    const page = await new Browser().get(`${url}/complete/ion/?state=abc`);
    expect([page.status, page.location]).toEqual([400, undefined]);
  });

  it.each(['state=abc', 'code=invite', 'error=1', 'code=a&code=b'])(
    'at another path, begins a sign-in: /login?%s',
    async (search) => {
      const { url } = await site.start();
      const request = await site.begin(new Browser(), `/login?${search}`);
      expect(request.searchParams.get('redirect_uri')).toBe(`${url}/complete/ion/`);
      expect(request.searchParams.get('state')).toMatch(/^[\w-]{32}$/);
    },
  );
});
