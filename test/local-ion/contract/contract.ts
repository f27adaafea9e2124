// What Ion does, exchange by exchange, for any provider that claims to be like it.

import { accessWithTokens } from './access.js';
import { authorization } from './authorization.js';
import { eighthPeriod } from './eighth-period.js';
import { endpoints } from './endpoints.js';
import { introspection } from './introspection.js';
import { Ion } from './ion.js';
import { lifetimes } from './lifetimes.js';
import { pictures } from './pictures.js';
import { pkce } from './pkce.js';
import { profiles } from './profiles.js';
import type { Provider } from './provider.js';
import { refresh } from './refresh.js';
import { revocation } from './revocation.js';
import { school } from './school.js';
import { search } from './search.js';
import { tokenEndpoint } from './token-endpoint.js';

/** A provider under the contract. */
export interface Contract {
  /** It, once the tests run. */
  readonly ion: Ion;
  /** The release of oauthlib that it runs, or follows. Ion pins none: 4 is what it would install today. */
  readonly oauthlib: 3 | 4;
  /** Starts another of its kind, for who changes it. */
  start(): Promise<Provider>;
}

/** Describes the provider that `start` starts. */
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
  pkce(contract);
  refresh(contract);
  revocation(contract);
  introspection(contract);
  accessWithTokens(contract);
  profiles(contract);
  pictures(contract);
  school(contract);
  search(contract);
  eighthPeriod(contract);
  lifetimes(contract);
}
