// Generates random text from the same characters as Ion's client ids, secrets, codes and tokens.

import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
// Bytes from this value up are skipped. They would make the first letters of the alphabet more frequent.
const MAX_BYTE = 256 - (256 % ALPHABET.length);

// More bytes than any text needs, so that calling randomFillSync once is enough.
const bytes = Buffer.alloc(256);

/** Returns `length` random characters from `A-Za-z0-9`. */
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
