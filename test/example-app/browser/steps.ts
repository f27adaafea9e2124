// Does what a person does on a page, such as waiting for a heading or pressing a button.

import type { Page } from 'playwright-core';

import type { AppProgram } from '../app-in-own-process.js';
import type { OverheardIon } from './overheard-ion.js';
import type { Visitor } from './visitor.js';

/** Waits for the page with this heading. */
export async function arrivesAt(tab: Page, heading: string): Promise<void> {
  await tab.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
}

export async function pressSignIn(tab: Page): Promise<void> {
  await tab.getByRole('link', { name: 'Sign in with Ion', exact: true }).click();
}

/** Logs in at Ion by choosing someone from its list. */
export async function choosePerson(tab: Page, name: string): Promise<void> {
  await arrivesAt(tab, 'Log in as…');
  await tab.getByRole('button', { name }).click();
}

/** Presses a button on Ion's consent page. */
export async function answerConsent(tab: Page, button: 'Authorize' | 'Cancel'): Promise<void> {
  await tab.getByRole('button', { name: button, exact: true }).click();
}

/** Signs in, from pressing the button to the page that it leads to. */
export async function signIn(tab: Page, name = 'Jane Doe'): Promise<void> {
  await pressSignIn(tab);
  await choosePerson(tab, name);
  await answerConsent(tab, 'Authorize');
}

export async function pressSignOut(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
}

/** Opens the home page as someone who is already signed in, which is faster than signing in. */
export async function signedInBefore(
  visitor: Visitor,
  app: AppProgram,
  ion: OverheardIon,
  as = '2027jdoe',
): Promise<Page> {
  const { request } = visitor.context;
  const sentToIon = await request.get(app.at('login/ion'), { maxRedirects: 0 });
  const callback = await ion.approve(sentToIon.headers()['location'] ?? '', as);
  await request.get(callback, { maxRedirects: 0 });
  const tab = await visitor.open(app.home);
  await arrivesAt(tab, 'You are signed in');
  return tab;
}
