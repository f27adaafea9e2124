// Describes how people get to each of the example app's error pages, and what the page must show.

import type { Page } from 'playwright-core';

import type { BrokenApp } from './broken-app.js';
import type { AppProgram } from '../app-in-own-process.js';
import type { OverheardIon } from './overheard-ion.js';
import {
  answerConsent,
  arrivesAt,
  choosePerson,
  pressSignIn,
  pressSignOut,
  signedInBefore,
  signIn,
} from './steps.js';
import type { Visitor } from './visitor.js';

export interface Scene {
  readonly app: AppProgram;
  readonly brokenApp: BrokenApp;
  readonly ion: OverheardIon;
  readonly visitor: Visitor;
}

export interface Situation {
  readonly name: string;
  /** Brings a visitor to the error page. */
  readonly happen: (scene: Scene) => Promise<Page>;
  readonly status: number;
  readonly heading: string;
  /** The label of the page's button. */
  readonly button: 'Sign in with Ion' | 'Try again' | 'Go to the home page';
  /**
   * The heading of the page that the button leads to or, if it leads to Ion, of the page after Ion's pages.
   */
  readonly after: 'Today' | 'You are signed in' | 'Who are you?';
  /** Fixes the problem before the button is pressed, if the problem doesn't go away by itself. */
  readonly meanwhile?: (scene: Scene) => Promise<unknown>;
}

const NOT_YOURS = {
  status: 403,
  body: { detail: 'You do not have permission to perform this action.' },
};
const MAINTENANCE = { status: 503, body: '<h1>Ion is down for maintenance</h1>' };

async function signedIn({ app, ion, visitor }: Scene, path = ''): Promise<Page> {
  const tab = await signedInBefore(visitor, app, ion);
  if (path) await tab.goto(app.at(path));
  return tab;
}

/** Presses Authorize, so that the app runs into the problem that the test has prepared. */
async function throughIon({ app, visitor }: Scene): Promise<Page> {
  const tab = await visitor.open(app.home);
  await pressSignIn(tab);
  await choosePerson(tab, 'Jane Doe');
  await answerConsent(tab, 'Authorize');
  return tab;
}

async function declined({ app, visitor }: Scene): Promise<Page> {
  const tab = await visitor.open(app.at('today'));
  await choosePerson(tab, 'Jane Doe');
  await answerConsent(tab, 'Cancel');
  return tab;
}

async function callbackOfAnotherBrowser({ app, ion, visitor }: Scene): Promise<Page> {
  // Someone else begins a sign-in, and gets the visitor to open its callback URL.
  const { headers } = await fetch(app.at('login/ion'), { redirect: 'manual' });
  const callback = await ion.approve(headers.get('location') ?? '', 'jteacher');
  return visitor.open(callback);
}

function callbackThatIsNone({ app, visitor }: Scene): Promise<Page> {
  return visitor.open(app.at('complete/ion/?code=a&code=b'));
}

async function tokensRevoked(scene: Scene): Promise<Page> {
  const tab = await signedIn(scene);
  scene.ion.ion.revokeTokens('2027jdoe');
  await tab.goto(scene.app.at('today'));
  return tab;
}

function ionDownInSignIn(scene: Scene): Promise<Page> {
  scene.ion.ion.failNext('token', MAINTENANCE);
  return throughIon(scene);
}

function ionSlowInSignIn(scene: Scene): Promise<Page> {
  // This delay is longer than the strategy's timeout.
  scene.ion.ion.failNext('token', { delay: 15_000 });
  scene.visitor.context.setDefaultTimeout(30_000);
  return throughIon(scene);
}

function ionDown(scene: Scene): Promise<Page> {
  scene.ion.ion.failNext('schedule', MAINTENANCE);
  return signedIn(scene, 'today');
}

async function ionUnreachable(scene: Scene): Promise<Page> {
  const tab = await signedIn(scene);
  await scene.ion.goDown();
  await tab.goto(scene.app.at('today'));
  return tab;
}

function notAllowed(scene: Scene): Promise<Page> {
  scene.ion.ion.failNext('schedule', NOT_YOURS);
  return signedIn(scene, 'today');
}

function appRefused(scene: Scene): Promise<Page> {
  scene.ion.ion.failNext('token', { status: 401, body: { error: 'invalid_client' } });
  return throughIon(scene);
}

async function oldPageOfAnotherSignIn(scene: Scene): Promise<Page> {
  const old = await signedIn(scene);
  const other = await scene.visitor.open(scene.app.home);
  await pressSignOut(other);
  await arrivesAt(other, 'Who are you?');
  await signIn(other);
  await arrivesAt(other, 'You are signed in');
  await pressSignOut(old);
  return old;
}

async function oldPageWithoutCookie(scene: Scene): Promise<Page> {
  const tab = await signedIn(scene);
  await scene.visitor.context.clearCookies();
  await pressSignOut(tab);
  return tab;
}

function noPage({ app, visitor }: Scene): Promise<Page> {
  return visitor.open(app.at('tomorrow'));
}

async function formTooLarge(scene: Scene): Promise<Page> {
  const tab = await signedIn(scene);
  const field = tab.locator('input[name=csrf]');
  await field.evaluate((input: HTMLInputElement) => (input.value = 'x'.repeat(200_000)));
  await pressSignOut(tab);
  return tab;
}

function broken(scene: Scene): Promise<Page> {
  const { app } = scene.brokenApp;
  return signedIn({ ...scene, app }, 'today');
}

export const SITUATIONS: readonly Situation[] = [
  {
    name: 'declined',
    happen: declined,
    status: 401,
    heading: 'You are not signed in',
    button: 'Sign in with Ion',
    after: 'Today',
  },
  {
    name: 'callback-of-another-browser',
    happen: callbackOfAnotherBrowser,
    status: 403,
    heading: 'This sign-in is over',
    button: 'Sign in with Ion',
    after: 'You are signed in',
  },
  {
    name: 'callback-that-is-none',
    happen: callbackThatIsNone,
    status: 400,
    heading: 'This is not a response from Ion',
    button: 'Sign in with Ion',
    after: 'You are signed in',
  },
  {
    name: 'tokens-revoked',
    happen: tokensRevoked,
    status: 401,
    heading: 'Please sign in again',
    button: 'Sign in with Ion',
    after: 'Today',
  },
  {
    name: 'ion-down-in-sign-in',
    happen: ionDownInSignIn,
    status: 503,
    heading: 'Ion is not responding',
    button: 'Sign in with Ion',
    after: 'You are signed in',
  },
  {
    name: 'ion-slow-in-sign-in',
    happen: ionSlowInSignIn,
    status: 504,
    heading: 'Ion is not responding',
    button: 'Sign in with Ion',
    after: 'You are signed in',
  },
  {
    name: 'ion-down',
    happen: ionDown,
    status: 503,
    heading: 'Ion is not responding',
    button: 'Try again',
    after: 'Today',
  },
  {
    name: 'ion-unreachable',
    happen: ionUnreachable,
    status: 502,
    heading: 'Ion is not responding',
    button: 'Try again',
    after: 'Today',
    meanwhile: ({ ion }) => ion.comeBack(),
  },
  {
    name: 'not-allowed',
    happen: notAllowed,
    status: 403,
    heading: 'Ion does not show you this',
    button: 'Go to the home page',
    after: 'You are signed in',
  },
  {
    name: 'app-refused',
    happen: appRefused,
    status: 500,
    heading: 'No one can sign in right now',
    button: 'Sign in with Ion',
    after: 'You are signed in',
  },
  {
    name: 'old-page-of-another-sign-in',
    happen: oldPageOfAnotherSignIn,
    status: 403,
    heading: 'That page was too old',
    button: 'Go to the home page',
    after: 'You are signed in',
  },
  {
    name: 'old-page-without-cookie',
    happen: oldPageWithoutCookie,
    status: 403,
    heading: 'That page was too old',
    button: 'Go to the home page',
    after: 'Who are you?',
  },
  {
    name: 'no-page',
    happen: noPage,
    status: 404,
    heading: 'There is no such page',
    button: 'Go to the home page',
    after: 'Who are you?',
  },
  {
    name: 'form-too-large',
    happen: formTooLarge,
    status: 413,
    heading: 'That did not work',
    button: 'Go to the home page',
    after: 'You are signed in',
  },
  {
    name: 'broken',
    happen: broken,
    status: 500,
    heading: 'Something went wrong',
    button: 'Try again',
    after: 'Today',
    meanwhile: ({ brokenApp }) => brokenApp.mend(),
  },
];
