// The contract, on the real software: what it says of Ion is true.

import { describeIon } from '../local-ion/contract/contract.js';
import { applications } from '../local-ion/contract/provider.js';
import { startDjangoProvider } from './django-provider.js';

describe('django-oauth-toolkit, as Ion runs it', () => {
  describeIon(() => startDjangoProvider({ applications }));
});
