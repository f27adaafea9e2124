// Checks tokens that come from outside this package: from Ion, the app, its store, or a sealed text.

import { isRecord } from './json.js';
import type { IonTokens } from './tokens.js';

// The characters that RFC 6749, appendix A.12 allows in a token, except the space: in the Authorization
// header, a token cannot contain spaces (RFC 6750, section 2.1).
const TOKEN = /^[\x21-\x7e]+$/;

/** Whether the value can be an access token or a refresh token. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

/**
 * Checks tokens that come from outside this package: from the app, its store, or a vault.
 *
 * @returns The tokens, without any other properties of the value; undefined if the value is not IonTokens.
 */
export function parseTokens(value: unknown): IonTokens | undefined {
  if (!isRecord(value)) return undefined;
  const parts: Partial<Record<keyof IonTokens, unknown>> = value;
  const { accessToken, refreshToken, tokenType, scope, expiresAt } = parts;
  if (!isToken(accessToken) || typeof tokenType !== 'string' || !isScope(scope)) return undefined;
  if (isPresent(refreshToken) && !isToken(refreshToken)) return undefined;
  if (isPresent(expiresAt) && !isTime(expiresAt)) return undefined;
  return {
    accessToken,
    ...(isPresent(refreshToken) ? { refreshToken } : {}),
    tokenType,
    scope: [...scope],
    ...(isPresent(expiresAt) ? { expiresAt } : {}),
  };
}

// Databases return null for an absent value, so null counts as absent, too.
function isPresent<T>(value: T): value is T & {} {
  return value !== undefined && value !== null;
}

function isScope(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
