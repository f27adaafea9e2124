// The contract, run against the local Ion.

import { describeIon } from './contract.js';
import { startLocalProvider } from './local-provider.js';

describe('the local Ion', () => {
  describeIon(startLocalProvider);
});
