// Decides which texts from Ion an error message may quote: short prose that contains no secret.

import { Buffer } from 'node:buffer';
import { URLSearchParams } from 'node:url';

const MAX_QUOTE_CHARACTERS = 300;
// Matches 20 or more such characters in a row, which might be a secret: Ion's codes and tokens are 30
// characters long and its client ids 40, but words of prose are shorter than 20.
const OPAQUE = /[\w\-.~+/=%]{20,}/g;
// Matches OAuth's error codes, such as unsupported_response_type: they can have 20 characters or more, but they
// consist of lowercase words, so they are not secrets.
const WORDS = /^[a-z]+(_[a-z]+)*$/;
// Matches control characters, invisible characters, and characters that change the direction of text.
// Created only when needed, because parsing the character classes takes as long as loading a module.
const unprintable = (): RegExp => new RegExp('[\\p{C}\\p{Zl}\\p{Zp}]', 'u');

/**
 * Returns the text if an error may quote it, otherwise undefined. `secrets` are the secrets in the request.
 */
export function quoteIfSafe(text: unknown, secrets: readonly string[]): string | undefined {
  if (typeof text !== 'string' || text === '' || text.length > MAX_QUOTE_CHARACTERS) {
    return undefined;
  }
  if (unprintable().test(text)) return undefined;
  if (text.match(OPAQUE)?.some((run) => !WORDS.test(run))) return undefined;
  const holdsSecret = secrets.some((secret) => spellings(secret).some((s) => text.includes(s)));
  return holdsSecret ? undefined : text;
}

/** Returns the code if it is an error code such as `invalid_grant` and may be quoted, otherwise undefined. */
export function quoteCodeIfSafe(code: unknown, secrets: readonly string[]): string | undefined {
  const text = quoteIfSafe(code, secrets);
  return text !== undefined && WORDS.test(text) ? text : undefined;
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  const bytes = Buffer.from(secret);
  // The secret is turned into bytes and back, which replaces any half of a surrogate pair: encodeURIComponent
  // would throw because of it.
  const inURL = encodeURIComponent(bytes.toString());
  const inQuery = inURL.replaceAll('%20', '+');
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  const inJSON = JSON.stringify(secret).slice(1, -1);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const base64url = bytes.toString('base64url');
  return [secret, inURL, inQuery, inForm, inJSON, base64, base64url];
}
