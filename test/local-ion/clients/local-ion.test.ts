// Runs other OAuth clients for Node.js against the local Ion.

import { startLocalProvider } from '../contract/support/local-provider.js';
import { describeNodeClients } from './describe-node-clients.js';

describe('with the local Ion', () => {
  describeNodeClients(startLocalProvider);
});
