// Checks every page of the example app and the local Ion, except the error pages: each page must fit a
// phone, and axe-core must find nothing wrong with it in light or dark mode. Saves screenshots of each
// page.

import { people } from 'passport-ion/local-ion';
import type { Browser, Page } from 'playwright-core';

import { launchChromium } from './chromium.js';
import { startBuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { faultsOf } from './page-checks.js';
import { OverheardIon } from './overheard-ion.js';
import { arrivesAt, choosePerson, pressSignIn, signedInBefore } from './steps.js';
import { Visitor } from './visitor.js';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh';
const TIM = { ion_username: '2030tlong', first_name: 'Tim', last_name: LONG };

let browser: Browser;
let ion: OverheardIon;
let app: AppProgram;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchChromium();
  ion = await OverheardIon.start({ people: [...people, TIM] });
  app = await startBuiltApp(ion.settings);
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await ion.stop();
});
beforeEach(async () => {
  const origins = [new URL(app.home).origin, ion.baseURL];
  visitor = await Visitor.arrive(browser, { origins, secrets: ion.secrets });
});
afterEach(async () => {
  expect(await visitor.leave()).toEqual([]);
});

async function consent(name: string): Promise<Page> {
  const tab = await visitor.open(app.home);
  await pressSignIn(tab);
  await choosePerson(tab, name);
  await tab.getByRole('heading', { level: 1, name: 'Authorize' }).waitFor();
  return tab;
}

async function signedIn(username: string, path = ''): Promise<Page> {
  const tab = await signedInBefore(visitor, app, ion, username);
  if (path) await tab.goto(app.at(path));
  return tab;
}

async function loggedInAtIon(path: string): Promise<Page> {
  const tab = await visitor.open(`${ion.baseURL}/login`);
  await choosePerson(tab, 'Riley Oak');
  await arrivesAt(tab, 'You are logged in');
  await tab.goto(`${ion.baseURL}${path}`);
  return tab;
}

async function oldForm(): Promise<Page> {
  const tab = await visitor.open(`${ion.baseURL}/login`);
  await visitor.context.clearCookies();
  await tab.getByRole('button', { name: 'Jane Doe' }).click();
  return tab;
}

const authorization = (query: string): string =>
  `/oauth/authorize/?response_type=code&redirect_uri=http%3A%2F%2Flocalhost%2F&${query}`;

interface Sight {
  readonly name: string;
  readonly heading: RegExp;
  readonly open: () => Promise<Page>;
  readonly status?: number;
}

const SIGHTS: readonly Sight[] = [
  { name: 'app-home', heading: /^Who are you\?$/, open: () => visitor.open(app.home) },
  {
    name: 'app-signed-in',
    heading: /^You are signed in$/,
    open: () => signedIn('2028znunez'),
  },
  {
    name: 'app-signed-in-alum',
    heading: /^You are signed in$/,
    open: () => signedIn('2024sali'),
  },
  {
    name: 'app-signed-in-long-name',
    heading: /^You are signed in$/,
    open: () => signedIn(TIM.ion_username),
  },
  { name: 'app-today', heading: /^Today$/, open: () => signedIn('2027jdoe', 'today') },
  { name: 'app-today-alum', heading: /^Today$/, open: () => signedIn('2024sali', 'today') },
  { name: 'ion-home', heading: /^Local Ion$/, open: () => visitor.open(`${ion.baseURL}/`) },
  {
    name: 'ion-login',
    heading: /^Log in as…$/,
    open: () => visitor.open(`${ion.baseURL}/login`),
  },
  { name: 'ion-logged-in', heading: /^You are logged in$/, open: () => loggedInAtIon('/') },
  { name: 'ion-consent', heading: /^Authorize .*\?$/, open: () => consent('Jane Doe') },
  {
    name: 'ion-consent-long-name',
    heading: /^Authorize .*\?$/,
    open: () => consent(TIM.first_name),
  },
  {
    name: 'ion-consent-every-scope',
    heading: /^Authorize .*\?$/,
    open: () => loggedInAtIon(authorization(`client_id=${ion.ion.clientID}`)),
  },
  {
    name: 'ion-no-page',
    heading: /^Page not found$/,
    open: () => visitor.open(`${ion.baseURL}/eighth`),
    status: 404,
  },
  {
    name: 'ion-unknown-app',
    heading: /^Error: invalid_request$/,
    open: () => loggedInAtIon(authorization('client_id=nobody')),
    status: 400,
  },
  { name: 'ion-api', heading: /profile/i, open: () => loggedInAtIon('/api/profile') },
  {
    name: 'ion-api-refused',
    heading: /./,
    open: () => visitor.open(`${ion.baseURL}/api/profile`),
    status: 403,
  },
  { name: 'ion-old-form', heading: /^CSRF verification failed$/, open: oldForm, status: 403 },
];

it.each(SIGHTS)('looks right and is accessible: $name', async (sight) => {
  const { name, heading, open, status } = sight;
  if (status !== undefined) visitor.expectStatus(status);
  const tab = await open();
  const title = tab.getByRole('heading', { level: 1 });
  await title.waitFor();
  expect(await title.innerText()).toMatch(heading);
  expect(await faultsOf(tab, name)).toEqual([]);
});
