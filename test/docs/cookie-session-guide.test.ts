// Tests sign-ins with cookie-session, set up with the lines from the guide on sessions.

import cookieSession from 'cookie-session';
import type { Express, RequestHandler } from 'express';

import { snippetsIn } from '../support/snippets.js';
import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const [guide] = snippetsIn('docs/guides/sessions.md').filter(
  ({ heading }) => heading === 'cookie-session',
);
const lines = (guide?.code ?? '').replace(/^import .*$/gm, '');

const site = useAppAtLocalIon();

beforeEach(async () => {
  await site.start({
    session: (_req, _res, next) => {
      next();
    },
    before: (made) => {
      runLinesOfGuide(made);
    },
  });
});

const pass: RequestHandler = (_req, _res, next) => {
  next();
};

function runLinesOfGuide(made: Express): void {
  expect(lines).toContain('regenerate');
  // The test's app already has Passport's middleware, so the guide's `passport.session()` does nothing here.
  const passport = { session: () => pass };
  const process = { env: { SESSION_SECRET: 'a key' } };
  // Run the guide's code word for word.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- see above
  new Function('app', 'cookieSession', 'passport', 'process', lines)(
    made,
    cookieSession,
    passport,
    process,
  );
}

it('IonStrategy with cookie-session signs people in', async () => {
  const browser = new Browser();
  const page = await browser.get(
    await site.ion.approve(await site.begin(browser), { as: '2027jdoe' }),
  );
  expect(page.status).toBe(200);
  expect((await browser.get(`${site.app.url}/whoami`)).text).toContain('Jane Doe');
});

it('IonStrategy with cookie-session keeps the other in-flight sign-ins', async () => {
  const browser = new Browser();
  const [first, second] = [await site.begin(browser), await site.begin(browser)];
  for (const request of [second, first]) {
    const page = await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    expect(page.status).toBe(200);
  }
});

it('IonStrategy with cookie-session finishes a sign-in once, even if an old cookie still holds it', async () => {
  const browser = new Browser();
  const request = await site.begin(browser);
  const cookie = [...browser.cookiesFor(site.app.url)].map((pair) => pair.join('=')).join('; ');
  const callback = await site.ion.approve(request, { as: '2027jdoe' });
  expect((await browser.get(callback)).status).toBe(200);
  const other = callback.replace(/code=\w+/, 'code=another');
  expect((await new Browser({ cookie }).get(other)).status).toBe(403);
});
