// Makes random text with the characters of Ion's client ids, secrets, codes and tokens.

import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// Larger bytes are skipped: with them, the first letters would be more frequent.
const MAX_BYTE = 256 - (256 % ALPHABET.length);

// Longer than any text needs, so that one call of randomFillSync suffices.
const bytes = Buffer.alloc(256);

/** `length` random characters of `A-Za-z0-9`. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomFillSync(bytes)) {
      if (byte < MAX_BYTE) text += ALPHABET.charAt(byte % ALPHABET.length);
      if (text.length === length) break;
    }
  }
  return text;
}
