// Code that TokenVault and CookieStateStore share: checking secrets, deriving keys, and AES-256-GCM.

import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { IonOptionError } from './errors.js';

const MIN_SECRET_CHARACTERS = 32;
const MIN_DIFFERENT_CHARACTERS = 8;
const HOW_TO_MAKE_ONE = `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
// Control characters, zero-width characters, and every space except the usual one. Created only when needed,
// because parsing the character classes takes as long as loading a module.
const invisible = (): RegExp => /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/u;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How many bytes longer a text becomes when it is encrypted. */
export const ENCRYPTION_OVERHEAD_BYTES: number = NONCE_BYTES + TAG_BYTES;

/**
 * Checks an option `secret` and returns its secrets, newest first. Only the newest must be hard to guess: if
 * the older ones had to be, too, no one could replace a weak secret.
 *
 * @param owner - The class that has the option, for error messages.
 * @throws {@link IonOptionError} for a secret that is missing, too short, or easy to guess.
 */
export function checkSecrets(owner: string, secret: unknown): readonly [string, ...string[]] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const [newest, ...older] = secrets;
  const checked = checkSecret(owner, 'secret', newest);
  const problem = weaknessOf(checked);
  if (problem !== undefined) throw secretError(owner, 'secret', problem);
  return [checked, ...older.map((each, index) => checkSecret(owner, `secret[${index + 1}]`, each))];
}

function checkSecret(owner: string, which: string, secret: unknown): string {
  if (typeof secret !== 'string') {
    const problem = 'is missing or not a string: is its environment variable set?';
    throw secretError(owner, which, problem);
  }
  if (secret.trim().length < MIN_SECRET_CHARACTERS) {
    throw secretError(owner, which, `is shorter than ${MIN_SECRET_CHARACTERS} characters`);
  }
  return secret;
}

function weaknessOf(secret: string): string | undefined {
  if (invisible().test(secret)) {
    return 'has an invisible character, such as a line break or a zero-width space';
  }
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) {
    return `has fewer than ${MIN_DIFFERENT_CHARACTERS} different characters, so it is easy to guess`;
  }
  return undefined;
}

function secretError(owner: string, which: string, problem: string): IonOptionError {
  return new IonOptionError(
    'secret',
    `${owner}: ${which} ${problem}; make one with ${HOW_TO_MAKE_ONE} and keep it in an environment variable`,
  );
}

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
