// Tests what Ion does, on any provider that should behave like Ion.

import { apiAccess } from './api-access.js';
import { apiMethodsAndFormats } from './api-methods-and-formats.js';
import { authorization } from './authorization.js';
import { clientAuthentication } from './client-authentication.js';
import { clientCredentialsAndPassword } from './client-credentials-and-password.js';
import { codeExchange } from './code-exchange.js';
import { cookiesForAToken } from './cookies-for-a-token.js';
import { eighthPeriod } from './eighth-period.js';
import { endpoints } from './every-endpoint.js';
import { introspection } from './introspection.js';
import { Ion } from './support/provider-client.js';
import { lifetimes } from './lifetimes.js';
import { loginOrToken } from './login-or-token.js';
import { logout } from './logout.js';
import { pictures } from './pictures.js';
import { pkce } from './pkce.js';
import { profiles } from './profiles.js';
import type { Provider } from './support/provider.js';
import { refresh } from './refresh.js';
import { revocation } from './revocation.js';
import { school } from './school.js';
import { searchForPeople } from './search.js';
import { tokenEndpoint } from './token-endpoint.js';

/** What the tests in each part of the contract need. */
export interface Contract {
  /** A client of the provider under test. It does not exist yet while the tests are being defined. */
  readonly ion: Ion;
  /**
   * The major version of oauthlib that the provider runs or imitates. Ion does not pin the version, so it might run
   * either.
   */
  readonly oauthlib: 3 | 4;
  /** Starts another provider, for tests that would change this one. */
  start(): Promise<Provider>;
}

/** Runs the contract against the provider that `start` starts. */
export function describeIon(
  start: () => Promise<Provider>,
  { oauthlib = 3 }: { readonly oauthlib?: 3 | 4 } = {},
): void {
  let ion: Ion | undefined;
  const contract: Contract = {
    oauthlib,
    get ion() {
      if (!ion) throw new Error('The provider has not started');
      return ion;
    },
    start,
  };
  beforeAll(async () => {
    ion = new Ion(await start());
  });
  afterAll(() => ion?.provider.stop());

  endpoints(contract);
  authorization(contract);
  tokenEndpoint(contract);
  clientAuthentication(contract);
  codeExchange(contract);
  clientCredentialsAndPassword(contract);
  pkce(contract);
  refresh(contract);
  revocation(contract);
  introspection(contract);
  loginOrToken(contract);
  logout(contract);
  cookiesForAToken(contract);
  apiAccess(contract);
  apiMethodsAndFormats(contract);
  profiles(contract);
  pictures(contract);
  school(contract);
  searchForPeople(contract);
  eighthPeriod(contract);
  lifetimes(contract);
}
