// Starts an app that has installed the tarball, and signs someone in to it.

import type { LocalIon } from 'passport-ion/local-ion';

import { Browser } from '../support/browser.js';
import { firstMatch, start } from './program.js';

/** Signs someone in to the app that this command starts, and checks that `page` shows their name. */
export async function signIn(
  ion: LocalIon,
  folder: string,
  [program, ...parameters]: readonly [string, ...string[]],
  page = '/',
): Promise<void> {
  const app = start(folder, program, parameters, {
    PORT: '0',
    ION_BASE_URL: ion.baseURL,
    ION_CLIENT_ID: ion.clientID,
    ION_CLIENT_SECRET: ion.clientSecret,
    SESSION_SECRET: 'not a secret',
  });
  const url = await firstMatch(app, /(http:\/\/[\w.]+:\d+)/);
  const browser = new Browser();
  const { location = '' } = await browser.get(`${url}/login/ion`);
  const back = await browser.get(await ion.approve(location, { as: '2028znunez' }));
  expect(back).toMatchObject({ status: 302, location: `${url}${page}` });
  expect((await browser.get(`${url}${page}`)).text).toContain('Zoë Núñez-Łukasik');
}
