// All that a log could show of an error, however it is printed.

import { inspect } from 'node:util';

/** The error's texts, its JSON, and everything that hangs on it at any depth. */
export function whatALogShows(error: unknown, { getters = true } = {}): string {
  const shown = [
    inspect(error, { depth: Infinity, showHidden: true, maxStringLength: null, getters }),
    JSON.stringify(error),
    String(error),
  ];
  if (error instanceof Error) {
    shown.push(
      error.message,
      error.stack ?? '',
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
    );
    if (error.cause !== undefined) shown.push(whatALogShows(error.cause, { getters }));
  }
  return shown.join('\n');
}

/** How a secret may be spelled in what Ion sends back. */
export function spellingsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    base64,
    Buffer.from(secret).toString('base64url'),
    JSON.stringify(secret).slice(1, -1),
  ];
}
