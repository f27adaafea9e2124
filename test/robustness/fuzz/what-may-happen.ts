// What may come of anything that Ion, the browser or the session holds: an answer, or a decent error.

import {
  IonAPIError,
  IonAuthorizationError,
  IonConnectionError,
  IonResponseError,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
  IonURLError,
} from 'passport-ion';

import { spellingsOf, logTextOf } from '../../support/log-text.js';

const OURS = [
  IonAPIError,
  IonAuthorizationError,
  IonConnectionError,
  IonResponseError,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
  IonURLError,
];

const GUARD = 20_000;

/** One of this package's errors, with a code, a fitting status and no secret at any depth. */
export function expectDecent(error: unknown, secrets: readonly string[]): void {
  // By name, so that a failure tells which it was.
  expect(OURS.map(({ name }) => name)).toContain(nameOf(error));
  expect(OURS.some((each) => error instanceof each)).toBe(true);
  const {
    code,
    status = 500,
    message,
  } = error as { code: string; status?: number; message: string };
  expect(code).toMatch(/^[A-Za-z_]+$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThanOrEqual(599);
  // One line of text, which may go into a log.
  expect(message).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
  const shown = logTextOf(error);
  for (const spelling of secrets.flatMap(spellingsOf)) expect(shown).not.toContain(spelling);
}

/** What comes of it, where something does. */
export async function inTime<T>(happening: Promise<T>): Promise<T> {
  let guard: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_resolve, reject) => {
    guard = setTimeout(() => {
      reject(new Error(`Nothing came of it within ${GUARD} ms`));
    }, GUARD);
  });
  try {
    return await Promise.race([happening, never]);
  } finally {
    clearTimeout(guard);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
