// Starts the Django site for each test, and an app that signs people in with it.

import type { IonStrategyOptions, IonTokens, VerifySignIn } from 'passport-ion';

import { Person } from '../local-ion/contract/support/provider-client.js';
import { startApp } from '../support/app.js';
import type { RunningApp } from '../support/app.js';
import type { Page } from '../support/browser.js';
import { startDjangoProvider } from './django-provider.js';
import type { DjangoProvider } from './django-provider.js';

// For a loopback redirect URI that was registered without a port, Ion accepts any port.
const redirectURIs = ['http://127.0.0.1/complete/ion/', 'http://127.0.0.1/complete/ion'];
const registered = {
  name: 'The app',
  clientID: 'the-app'.padEnd(40, 'x'),
  clientSecret: 'the-app-secret'.padEnd(128, 'x'),
  redirectURIs,
};
const withoutSecret = { name: 'Public', clientID: 'public-app'.padEnd(40, 'x'), redirectURIs };

export let site: DjangoProvider;
let app: RunningApp | undefined;

beforeEach(async () => {
  site = await startDjangoProvider({ applications: [registered, withoutSecret] });
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  await site.stop();
});

/** Starts an app that signs people in with the site. */
export async function start(
  strategy: Partial<IonStrategyOptions> = {},
  verify?: VerifySignIn,
): Promise<RunningApp> {
  app = await startApp({
    strategy: { ...usualOptions(), ...strategy },
    ...(verify ? { verify } : {}),
  });
  return app;
}

/** Starts an app that is a public client of the site. */
export async function startWithoutSecret(): Promise<RunningApp> {
  const { clientID } = withoutSecret;
  const { baseURL } = site;
  app = await startApp({ strategy: { clientID, baseURL, callbackURL: '/complete/ion/' } });
  return app;
}

/** Returns the options of the app that has a client secret. */
export function usualOptions(): IonStrategyOptions {
  const { clientID, clientSecret } = registered;
  return { clientID, clientSecret, baseURL: site.baseURL, callbackURL: '/complete/ion/' };
}

/** Goes through a complete sign-in, and returns the page of the app that it ends on. */
export async function signIn(
  { url }: RunningApp,
  as = '2028znunez',
  choice: 'Authorize' | 'Cancel' = 'Authorize',
): Promise<Page> {
  const person = new Person(site, as);
  const { location = '' } = await person.browser.get(`${url}/login`);
  const request = Object.fromEntries(new URL(location).searchParams);
  const back = await person.authorize(request, choice);
  return person.browser.get(back.location ?? '');
}

/** Signs a person in to a new app, and returns the app and the tokens. */
export async function tokensOf(as = '2028znunez'): Promise<{ app: RunningApp; tokens: IonTokens }> {
  const kept: IonTokens[] = [];
  const running = await start({}, ({ profile, tokens }) => {
    kept.push(tokens);
    return { id: profile.id };
  });
  await signIn(running, as);
  const [tokens] = kept;
  if (!tokens) throw new Error(`There was no sign-in: ${String(running.errors)}`);
  return { app: running, tokens };
}
