// Makes random text with the characters of Ion's client ids, secrets, codes and tokens.

import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// Larger bytes are skipped: with them, the first letters would be more frequent.
const MAX_BYTE = 256 - (256 % ALPHABET.length);

/** `length` random characters of `A-Za-z0-9`. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    // Twice as many, so that one call nearly always suffices.
    for (const byte of randomBytes(2 * length)) {
      if (byte < MAX_BYTE && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}
