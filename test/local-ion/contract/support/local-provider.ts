// Starts the local Ion as a provider for the contract.

import { startLocalIon } from 'passport-ion/local-ion';

import { formsOf } from './html-form.js';
import { people } from './people.js';
import { applications } from './applications.js';
import { START } from './provider.js';
import type { Provider } from './provider.js';

export async function startLocalProvider(): Promise<Provider> {
  let aheadMs = START - Date.now();
  const ion = await startLocalIon({
    applications,
    people,
    allowHosts: ['ion.example'],
    now: () => Date.now() + aheadMs,
  });
  return {
    baseURL: ion.baseURL,
    logIn: (browser, page, username) => {
      const [form] = formsOf(page);
      if (!form) throw new Error(`This is not the login page: ${page.status}: ${page.text}`);
      const button = form.buttons.find(({ value }) => value === username);
      return form.submit(browser, button);
    },
    advance: (milliseconds) => {
      aheadMs += milliseconds;
      return Promise.resolve();
    },
    stop: () => ion.stop(),
  };
}
