// Derives keys and encrypts with AES-256-GCM, for TokenVault and CookieStateStore.

import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How many bytes longer a text becomes when it is encrypted. */
export const ENCRYPTION_OVERHEAD_BYTES: number = NONCE_BYTES + TAG_BYTES;

/**
 * Derives a key for one purpose (HKDF-SHA256, RFC 5869). scrypt is not needed: it is for passwords, and the
 * secret is random.
 */
export function deriveKey(secret: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `passport-ion ${purpose}`, bytes));
}

/** Returns the nonce, ciphertext, and tag. `associatedData` is authenticated, but not part of the result. */
export function encrypt(key: KeyObject, text: Buffer, associatedData: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData);
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** Returns the text that was passed to {@link encrypt}; undefined if the key or any of the data is different. */
export function decrypt(
  key: KeyObject,
  encrypted: Buffer,
  associatedData: Buffer,
): Buffer | undefined {
  if (encrypted.length < ENCRYPTION_OVERHEAD_BYTES) return undefined;
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  const text = decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}
