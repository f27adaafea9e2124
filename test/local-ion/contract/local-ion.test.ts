// Runs the contract against the local Ion.

import { describeIon } from './contract.js';
import { startLocalProvider } from './support/local-provider.js';

describe('the local Ion', () => {
  describeIon(startLocalProvider);
});
