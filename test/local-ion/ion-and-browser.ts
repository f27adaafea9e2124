// Starts a local Ion, and a browser that visits it. The application and one of the people have names that contain
// HTML, which the pages must escape.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { Browser } from '../support/browser.js';
import type { Page } from '../support/browser.js';
import { formsOf } from './contract/support/html-form.js';
import type { HTMLForm } from './contract/support/html-form.js';
import { authorizationURL } from './requests.js';

export const HOSTILE = `<script>alert("x")</script> & 'y'`;

let time: number;
export let ion: LocalIon;
export let browser: Browser;

beforeAll(async () => {
  ion = await startLocalIon({
    now: () => time,
    people: [
      { ion_username: 'usual', first_name: 'Jane', last_name: 'Doe', graduation_year: 2027 },
      { ion_username: 'hostile', first_name: HOSTILE, last_name: 'Núñez', user_type: 'teacher' },
      { ion_username: 'office', is_eighth_admin: true, photo: false, user_type: 'counselor' },
    ],
    applications: [{ clientID: 'app', clientSecret: 'secret', name: HOSTILE }],
  });
});
afterAll(() => ion.stop());
beforeEach(() => {
  time = Date.parse('2026-11-24T12:00:00-05:00');
  browser = new Browser();
});

/** Moves the local Ion's clock forward. */
export function letPass(minutes: number): void {
  time += minutes * 60_000;
}

export function formOf(page: Page): HTMLForm {
  const [form] = formsOf(page);
  if (!form) throw new Error(`no form in ${page.text}`);
  return form;
}

/** Logs in as a person on the given login page. If no page is given, opens the login page first. */
export async function logIn(username: string, page?: Page): Promise<Page> {
  const form = formOf(page ?? (await browser.get(`${ion.baseURL}/login`)));
  return form.submit(
    browser,
    form.buttons.find(({ value }) => value === username),
  );
}

/** Logs in, and opens the consent page. */
export async function consentPage(more: Readonly<Record<string, string>> = {}): Promise<Page> {
  await logIn('usual');
  return browser.get(authorizationURL(ion, more));
}
