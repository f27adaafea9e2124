// The contract, on the local Ion: it does what Ion does.

import { describeIon } from './contract.js';
import { startLocalProvider } from './local-provider.js';

describe('the local Ion', () => {
  describeIon(startLocalProvider);
});
