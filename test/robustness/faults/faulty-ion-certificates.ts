// Reads the certificates that the faulty Ion presents, and those that the app trusts.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls = require('node:tls');

export type Certificate = 'good' | 'wrong-host' | 'expired' | 'not-yet-valid' | 'untrusted';

/** Writes a file in this folder with the certificates that the app trusts. Returns the file's path. */
export function writeTrustedCertificates(folder: string): string {
  const trusted = ['good', 'wrong-host', 'expired', 'not-yet-valid'] as const;
  const file = join(folder, 'trusted.pem');
  writeFileSync(file, trusted.map(pem).join(''));
  return file;
}

const contexts = new Map<Certificate, tls.SecureContext>();

/** Returns the TLS settings for a server with this certificate. */
export function contextFor(certificate: Certificate): tls.SecureContext {
  const key = pem(certificate === 'untrusted' ? 'stranger-key' : 'key');
  const known = contexts.get(certificate);
  const context = known ?? tls.createSecureContext({ cert: pem(certificate), key });
  contexts.set(certificate, context);
  return context;
}

function pem(name: Certificate | 'key' | 'stranger-key'): string {
  return readFileSync(join(__dirname, '../../support/certificates', `${name}.pem`), 'utf8');
}
