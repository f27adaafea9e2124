// Which of Ion's words an error may repeat: short prose that holds no secret.

import { percentEncoded } from './percent-encoding.js';

const LONGEST = 300;
// Ion's codes and tokens are 30 characters long, its client ids 40; no word of prose is.
const OPAQUE = /[\w\-.~+/=%]{20,}/g;
// OAuth's own codes are words in lower case: unsupported_response_type.
const WORDS = /^[a-z]+(_[a-z]+)*$/;
// Besides control characters, what cannot be seen, or turns the direction of what follows. Not a literal,
// and made when it is needed: merely to parse its classes takes as long as to load a module.
const unprintable = (): RegExp => new RegExp('[\\p{C}\\p{Zl}\\p{Zp}]', 'u');

/** `text` where it may be repeated in an error, else undefined. `secrets` are those the request held. */
export function quotable(text: unknown, secrets: readonly string[]): string | undefined {
  if (typeof text !== 'string' || text === '' || text.length > LONGEST) return undefined;
  if (unprintable().test(text)) return undefined;
  if (text.match(OPAQUE)?.some((run) => !WORDS.test(run))) return undefined;
  const holdsSecret = secrets.some((secret) => spellings(secret).some((s) => text.includes(s)));
  return holdsSecret ? undefined : text;
}

/** `code` where it is an error code such as `invalid_grant`, and may be repeated; else undefined. */
export function quotableCode(code: unknown, secrets: readonly string[]): string | undefined {
  const text = quotable(code, secrets);
  return text !== undefined && WORDS.test(text) ? text : undefined;
}

function spellings(secret: string): string[] {
  if (secret === '') return [];
  const inURL = percentEncoded(secret);
  const inJSON = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const base64url = bytes.toString('base64url');
  return [secret, inURL, inURL.replaceAll('%20', '+'), inJSON, base64, base64url];
}
