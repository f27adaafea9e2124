// Tests the web page that the API shows in a browser, and the permissions for endpoints that the contract tests
// leave out.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { browser, ion as ionOfBrowser, logIn } from '../ion-and-browser.js';
import { getAPI, signIn } from '../requests.js';

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

describe('a GET request to the API', () => {
  it.each(['/api/bus', '/api/bus/1', '/api/signups/scheduled_activity/1'])(
    'gets a 403 from %s for alumni, and without a token',
    async (path) => {
      const { access_token } = await signIn(ion, '2024sali');
      const refused = (detail: string): object => ({
        status: 403,
        text: JSON.stringify({ detail }),
      });
      expect(await getAPI(ion, path, access_token)).toMatchObject(
        refused('You do not have permission to perform this action.'),
      );
      expect(await getAPI(ion, path)).toMatchObject(
        refused('Authentication credentials were not provided.'),
      );
    },
  );
});

describe('the API in a browser', () => {
  it('shows a page that contains the data, escaped, and says what programs should send', async () => {
    await logIn('hostile');
    const page = await browser.get(`${ionOfBrowser.baseURL}/api/profile`, {
      accept: 'text/html,*/*;q=0.8',
    });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('its stand-in');
    expect(page.text).toContain('&quot;ion_username&quot;: &quot;hostile&quot;');
    expect(page.text).not.toContain('<script');
  });
});
