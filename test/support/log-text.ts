// Collects everything that a log could show about an error, however the error is printed.

import { inspect } from 'node:util';

/** Returns the error as a string, as JSON, and as util.inspect prints it at any depth, with all its causes. */
export function logTextOf(error: unknown, { getters = true } = {}): string {
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
    if (error.cause !== undefined) shown.push(logTextOf(error.cause, { getters }));
  }
  return shown.join('\n');
}

/** Returns the forms in which Ion might send a secret back, such as Base64. */
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
