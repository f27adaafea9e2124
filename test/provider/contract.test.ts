// Runs the contract against the real django-oauth-toolkit, to show that what the contract says about Ion is true.

import { describeIon } from '../local-ion/contract/contract.js';
import { applications } from '../local-ion/contract/support/applications.js';
import { startDjangoProvider } from './django-provider.js';

describe('django-oauth-toolkit, as Ion runs it', () => {
  describeIon(() => startDjangoProvider({ applications }));
});
