// Runs other people's OAuth clients against the real django-oauth-toolkit, a server that they were made for.
// Also runs the clients for Python against the local Ion, because the local Ion's own tests run without Python.

import { join } from 'node:path';

import { describeNodeClients } from '../local-ion/clients/describe-node-clients.js';
import { describePythonClients } from '../local-ion/clients/describe-python-clients.js';
import { startLocalProvider } from '../local-ion/contract/support/local-provider.js';
import { applications } from '../local-ion/contract/support/applications.js';
import { startDjangoProvider } from './django-provider.js';

const python = join(__dirname, '.venv/bin/python');

describe('with the local Ion,', () => {
  describePythonClients(python, startLocalProvider);
});

describe('with django-oauth-toolkit, as Ion runs it,', () => {
  describePythonClients(python, () => startDjangoProvider({ applications }));
  describeNodeClients(() => startDjangoProvider({ applications }));
});
