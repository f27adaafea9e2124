// Signs in to the example app in a real browser. The app runs twice: without settings, so that it starts its
// own local Ion, and under a path, with an Ion that was started separately.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { OverheardIon } from './overheard-ion.js';
import {
  answerConsent,
  arrivesAt,
  choosePerson,
  pressSignIn,
  pressSignOut,
  signIn,
} from './steps.js';
import { Visitor } from './visitor.js';

let browser: Browser;
let ion: OverheardIon;
let apps: Readonly<Record<'with its own Ion' | 'under a path', AppProgram>>;
let app: AppProgram;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await OverheardIon.start();
  apps = {
    'with its own Ion': await startBuiltApp(),
    'under a path': await startBuiltApp({ ...ion.settings, BASE_PATH: '/2027jdoe/' }),
  };
});
afterAll(async () => {
  await browser.close();
  await Promise.all(Object.values(apps).map((each) => each.stop()));
  await ion.stop();
});
afterEach(async () => {
  expect(await visitor.leave()).toEqual([]);
});

async function arrive(options: BrowserContextOptions = {}): Promise<void> {
  const origins = [new URL(app.home).origin, app.ownIon || ion.baseURL];
  visitor = await Visitor.arrive(browser, { origins, secrets: ion.secrets }, options);
}

/** Returns the facts that the page shows about the person. */
async function factsOn(tab: Page): Promise<string[]> {
  return tab.locator('dl > div').allInnerTexts();
}

/** Collects the callback URLs that Ion redirects the visitor to. */
function callbacksIn(context: Visitor['context']): string[] {
  const urls: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/complete/ion')) urls.push(request.url());
  });
  return urls;
}

describe.each(['with its own Ion', 'under a path'] as const)('the example app, %s', (which) => {
  beforeEach(async () => {
    app = apps[which];
    await arrive();
  });

  it('signs someone in, and shows their name, year, and picture', async () => {
    const tab = await visitor.open(app.home);
    await arrivesAt(tab, 'Who are you?');
    await pressSignIn(tab);
    await choosePerson(tab, 'Zoë Núñez-Łukasik');
    await tab.getByText('2028znunez').waitFor();
    await answerConsent(tab, 'Authorize');

    await arrivesAt(tab, 'You are signed in');
    expect(tab.url()).toBe(app.home);
    expect(await factsOn(tab)).toEqual([
      'Name\nZoë Núñez-Łukasik',
      'Username\n2028znunez',
      expect.stringMatching(/^At school\n(Freshman|Sophomore|Junior|Senior|Graduate)$/) as string,
      'Class of\n2028',
    ]);
    await tab.waitForLoadState();
    const picture = tab.getByRole('img', { name: 'Your picture on Ion' });
    // This is the size of the pictures that the local Ion serves.
    expect(
      await picture.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => [
        naturalWidth,
        naturalHeight,
      ]),
    ).toEqual([172, 228]);
  });

  it('does not sign in a person who presses Cancel, and lets them change their mind', async () => {
    visitor.expectStatus(401);
    const tab = await visitor.open(app.home);
    await pressSignIn(tab);
    await choosePerson(tab, 'Jane Doe');
    await answerConsent(tab, 'Cancel');
    await arrivesAt(tab, 'You are not signed in');
    await tab.getByRole('link', { name: 'Example app' }).click();
    await arrivesAt(tab, 'Who are you?');
    await pressSignIn(tab);
    // Ion shows no login page, because the person is still logged in there.
    await answerConsent(tab, 'Authorize');
    await arrivesAt(tab, 'You are signed in');
  });

  it('brings people back to the page that needed a sign-in, with its query', async () => {
    const tab = await visitor.open(app.at('today?week=2'));
    await choosePerson(tab, 'Jane Doe');
    await answerConsent(tab, 'Authorize');
    await arrivesAt(tab, 'Today');
    expect(tab.url()).toBe(app.at('today?week=2'));
  });
});

describe('the example app, under a path', () => {
  beforeEach(async () => {
    app = apps['under a path'];
    await arrive();
  });

  it.each([
    ['first', [0, 1]],
    ['last', [1, 0]],
  ])(
    'signs in from two tabs at the same time, with the older one finished %s',
    async (_when, order) => {
      const tabs = [await visitor.open(app.at('today')), await visitor.open(app.home)] as const;
      await pressSignIn(tabs[1]);
      for (const tab of tabs) await arrivesAt(tab, 'Log in as…');
      const people = ['Jane Doe', 'Zoë Núñez-Łukasik'];
      for (const turn of order) {
        const tab = tabs[turn === 0 ? 0 : 1];
        await choosePerson(tab, people[turn] ?? '');
        await answerConsent(tab, 'Authorize');
        await arrivesAt(tab, turn === 0 ? 'Today' : 'You are signed in');
        expect(tab.url()).toBe(turn === 0 ? app.at('today') : app.home);
      }
      // Only one person is signed in per browser: the person who signed in last.
      await tabs[0].goto(app.home);
      expect(await factsOn(tabs[0])).toContain(`Name\n${people[order[1] ?? 0] ?? ''}`);
    },
  );

  it('shows who is signed in after going back to the previous page', async () => {
    const tab = await visitor.open(app.home);
    await signIn(tab);
    await arrivesAt(tab, 'You are signed in');
    for (const heading of ['Authorize', 'Log in as…', 'You are signed in']) {
      await tab.goBack({ waitUntil: 'commit' });
      await tab.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    expect(tab.url()).toBe(app.home);
    expect(await factsOn(tab)).toContain('Name\nJane Doe');
  });

  it('handles going back to the consent page and pressing the button again', async () => {
    const tab = await visitor.open(app.home);
    await signIn(tab);
    await arrivesAt(tab, 'You are signed in');
    await tab.goBack({ waitUntil: 'commit' });
    await answerConsent(tab, 'Authorize');
    await arrivesAt(tab, 'You are signed in');
    expect(await factsOn(tab)).toContain('Name\nJane Doe');
  });

  it('handles reloading the callback, and opening it again', async () => {
    const callbacks = callbacksIn(visitor.context);
    const tab = await visitor.open(app.home);
    await signIn(tab);
    await arrivesAt(tab, 'You are signed in');
    expect(callbacks).toHaveLength(1);
    await tab.goto(callbacks[0] ?? '');
    await arrivesAt(tab, 'You are signed in');
    expect(tab.url()).toBe(app.home);
    await tab.reload();
    await arrivesAt(tab, 'You are signed in');
    expect(await factsOn(tab)).toContain('Name\nJane Doe');
  });

  it('signs in a person who reloads the callback while Ion is slow', async () => {
    const tab = await visitor.open(app.home);
    await pressSignIn(tab);
    await choosePerson(tab, 'Jane Doe');
    ion.ion.failNext('token', { delay: 1_000 });
    const callback = visitor.context.waitForEvent('request', (request) =>
      request.url().includes('/complete/ion'),
    );
    // Not awaited, because the click waits until the next page has loaded.
    const pressed = answerConsent(tab, 'Authorize');
    await tab.goto((await callback).url());
    await arrivesAt(tab, 'You are signed in');
    await pressed;
  });

  it('limits its cookie to its path, and keeps it from scripts', async () => {
    const tab = await visitor.open(app.home);
    await signIn(tab);
    await arrivesAt(tab, 'You are signed in');
    const cookies = await visitor.context.cookies(app.home);
    expect(cookies).toEqual([
      expect.objectContaining({
        name: 'ion-example.session',
        path: '/2027jdoe',
        httpOnly: true,
        sameSite: 'Lax',
      }),
    ]);
    // The visitor looks for these secrets in everything the browser gets, so make sure that they were recorded.
    expect([...ion.secrets.values()]).toEqual(
      expect.arrayContaining([
        'the client secret',
        'a code verifier',
        'an access token',
        'a refresh token',
      ]),
    );
    for (const secret of ion.secrets.keys()) expect(secret).toMatch(/^[\w~.-]{30,}$/);
    for (const secret of ion.secrets.keys()) expect(app.printed).not.toContain(secret);
  });
});

it('works without JavaScript', async () => {
  app = apps['with its own Ion'];
  await arrive({ javaScriptEnabled: false });
  const tab = await visitor.open(app.at('today'));
  await choosePerson(tab, 'Jane Doe');
  await answerConsent(tab, 'Authorize');
  await arrivesAt(tab, 'Today');
  await tab.getByRole('link', { name: 'Example app' }).click();
  await arrivesAt(tab, 'You are signed in');
  await pressSignOut(tab);
  await arrivesAt(tab, 'Who are you?');
});
