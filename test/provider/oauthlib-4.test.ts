// Runs the contract against the real django-oauth-toolkit with oauthlib 4, the version that a new Ion would install
// today.

import { describeIon } from '../local-ion/contract/contract.js';
import { applications } from '../local-ion/contract/support/applications.js';
import { startDjangoProvider } from './django-provider.js';

describe('django-oauth-toolkit with oauthlib 4', () => {
  describeIon(() => startDjangoProvider({ applications }, '.venv-oauthlib-4'), { oauthlib: 4 });
});
