// Expects that an error is one of this package's, has a code and a status, and contains no secrets.

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

/** Expects one of this package's errors, with a code, a status, and no secrets at any depth. */
export function expectSafeError(error: unknown, secrets: readonly string[]): void {
  // Check the name first, so that a failure shows it.
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
  // A message must be one line, so that it can go into a log.
  expect(message).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
  const shown = logTextOf(error);
  for (const spelling of secrets.flatMap(spellingsOf)) expect(shown).not.toContain(spelling);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
