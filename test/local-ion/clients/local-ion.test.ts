// Clients for Node.js that we did not write, as their users run them, against the local Ion.

import { startLocalProvider } from '../contract/local-provider.js';
import { describeNodeClients } from './node-clients.js';

describe('with the local Ion,', () => {
  describeNodeClients(startLocalProvider);
});
