// Starts a server that speaks TLS, with a certificate from test/support/certificates.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startRawServer } from './raw-server.js';
import type { RawResponder, RawServer } from './raw-server.js';

const CERTIFICATES = join(__dirname, 'certificates');
/** The certificate of {@link startSecureServer}, for an agent to trust. */
export const ca = readFileSync(join(CERTIFICATES, 'good.pem'));
/** The private key of {@link startSecureServer}. */
export const key = readFileSync(join(CERTIFICATES, 'key.pem'));

/** Starts a server that speaks TLS. */
export function startSecureServer(response: RawResponder): Promise<RawServer> {
  return startRawServer(response, { key, cert: ca });
}
