// Tests that if an app uses helmet, Chromium blocks a sign-in button that is in a form, until the app has
// the lines from the hosting guide.

import { runInNewContext } from 'node:vm';

import type { Express } from 'express';
import helmet from 'helmet';
import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';
import type { Browser, Page } from 'playwright-core';

import { startApp } from '../../support/app.js';
import type { RunningApp } from '../../support/app.js';
import { snippetsIn } from '../../support/snippets.js';
import { launchChromium } from './chromium.js';
import { answerConsent, choosePerson } from './steps.js';
import { Visitor } from './visitor.js';

let browser: Browser;
let ion: LocalIon;
let app: RunningApp;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await startLocalIon();
});
afterAll(async () => {
  await browser.close();
  await ion.stop();
});
afterEach(() => app.stop());

/** Runs the guide's lines on this app, with Ion's address replaced with the local Ion's. */
function useGuidesHelmet(app: Express): void {
  const [snippet] = snippetsIn('docs/guides/hosting.md').filter(({ code }) =>
    code.includes('helmet('),
  );
  const lines = (snippet?.code ?? '')
    .replace(/^import .*\n/gm, '')
    .replace('https://ion.tjhsst.edu', ion.baseURL);
  expect(lines).toContain(ion.baseURL);
  runInNewContext(lines, { app, helmet });
}

/** Opens the app's page, which has the button in a form. */
async function openApp(useHelmet: (app: Express) => void): Promise<Page> {
  app = await startApp({
    strategy: {
      clientID: ion.clientID,
      clientSecret: ion.clientSecret,
      baseURL: ion.baseURL,
      callbackURL: '/complete/ion/',
    },
    before: (app) => {
      useHelmet(app);
      app.get('/favicon.ico', (_req, res) => res.sendStatus(204));
      app.get('/form', (_req, res) => {
        res.send('<form action="/login"><button>Sign in with Ion</button></form>');
      });
    },
  });
  visitor = await Visitor.arrive(browser, { origins: [new URL(app.url).origin, ion.baseURL] });
  return visitor.open(new URL('/form', app.url).href);
}

const pressButton = (tab: Page): Promise<void> =>
  tab.getByRole('button', { name: 'Sign in with Ion' }).click();

it("does nothing with helmet's defaults, and only the console says why", async () => {
  const tab = await openApp((app) => app.use(helmet()));
  const complaint = tab.waitForEvent('console', (message) =>
    message.text().includes('form-action'),
  );
  await pressButton(tab);
  await complaint;
  expect(new URL(tab.url()).pathname).toBe('/form');
  expect(await visitor.leave()).toEqual([expect.stringContaining('In the console')]);
});

it('signs in with the lines from the guide', async () => {
  const tab = await openApp(useGuidesHelmet);
  await pressButton(tab);
  await choosePerson(tab, 'Jane Doe');
  await answerConsent(tab, 'Authorize');
  await tab.getByText('Jane Doe').waitFor();
  expect(new URL(tab.url()).origin).toBe(new URL(app.url).origin);
  expect(await visitor.leave()).toEqual([]);
});
