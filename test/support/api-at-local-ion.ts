// Starts a local Ion for each test, and signs people in at it without an app, for tests of IonAPI.

import type { IonAPI } from '../../lib/api/api.js';
import { startLocalIon } from '../../lib/local-ion/index.js';
import type { LocalIon } from '../../lib/local-ion/index.js';
import { IonStrategy } from '../../lib/strategy.js';
import { toIonTokens } from '../../lib/tokens.js';
import type { IonTokens } from '../../lib/tokens.js';

const HOUR_MS = 60 * 60 * 1000;
const REDIRECT_URI = 'http://127.0.0.1:9/complete/ion/';

interface APIAtLocalIon {
  readonly ion: LocalIon;
  readonly strategy: IonStrategy;
  /** How far the local Ion's clock is ahead, in hours. */
  hoursAhead: number;
  /** The local Ion's log since the last sign-in, with one line for each request, such as `POST /oauth/token/ 200`. */
  readonly log: string[];
  /** Signs a person in, from the authorization request to the token response, and returns the tokens. */
  tokensOf(username: string): Promise<IonTokens>;
  /** Signs a person in, and returns an IonAPI with the tokens. */
  apiOf(username: string): Promise<IonAPI>;
}

/** Starts a local Ion, and creates a strategy for it, before each test. */
export function useAPIAtLocalIon(): APIAtLocalIon {
  let ion: LocalIon;
  let strategy: IonStrategy;
  const site: APIAtLocalIon = {
    hoursAhead: 0,
    log: [],
    get ion() {
      return ion;
    },
    get strategy() {
      return strategy;
    },
    async tokensOf(username) {
      const tokens = await signIn(ion, username);
      site.log.length = 0;
      return tokens;
    },
    async apiOf(username) {
      return strategy.api(await site.tokensOf(username));
    },
  };
  beforeEach(async () => {
    site.hoursAhead = 0;
    ion = await startLocalIon({
      now: () => Date.now() + site.hoursAhead * HOUR_MS,
      log: (line) => site.log.push(line),
    });
    const { baseURL, clientID, clientSecret } = ion;
    strategy = new IonStrategy(
      { baseURL, clientID, clientSecret, callbackURL: REDIRECT_URI },
      ({ profile }) => Promise.reject(new Error(`${profile.id} signed in`)),
    );
  });
  afterEach(() => ion.stop());
  return site;
}

async function signIn(ion: LocalIon, username: string): Promise<IonTokens> {
  const { baseURL, clientID, clientSecret = '' } = ion;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientID,
    redirect_uri: REDIRECT_URI,
    scope: 'read',
  });
  const callback = await ion.approve(`${baseURL}/oauth/authorize/?${query.toString()}`, {
    as: username,
  });
  const response = await fetch(`${baseURL}/oauth/token/`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(callback).searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
      client_id: clientID,
      client_secret: clientSecret,
    }),
  });
  const params = (await response.json()) as { access_token: string; refresh_token: string };
  return toIonTokens(params.access_token, params.refresh_token, params);
}
