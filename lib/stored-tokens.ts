// Tokens that come from outside this package: from the app, its store, or a vault.

import { IonOptionError } from './errors.js';
import type { IonTokens } from './tokens.js';

// RFC 6749, appendix A.12: visible characters. No others go into a header.
const TOKEN = /^[\x21-\x7e]+$/;

/** The tokens that `value` is, without anything else it holds; undefined where it is none. */
export function tokensIn(value: unknown): IonTokens | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // The cast: of an object, any key may be asked for.
  const { accessToken, refreshToken, tokenType, scope, expiresAt } = value as Record<
    string,
    unknown
  >;
  if (!isToken(accessToken) || typeof tokenType !== 'string' || !isScope(scope)) return undefined;
  // A database has null for what is absent.
  if (isThere(refreshToken) && !isToken(refreshToken)) return undefined;
  if (isThere(expiresAt) && !isTime(expiresAt)) return undefined;
  return {
    accessToken,
    ...(isThere(refreshToken) ? { refreshToken } : {}),
    tokenType,
    scope: [...scope],
    ...(isThere(expiresAt) ? { expiresAt } : {}),
  };
}

/**
 * The tokens that `value` is.
 *
 * @param where - The method that was given them, for the error.
 * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where it is none.
 */
export function requireTokens(value: unknown, where: string): IonTokens {
  const tokens = tokensIn(value);
  if (tokens) return tokens;
  throw new IonOptionError(
    'tokens',
    `${where}: this is no IonTokens (see toIonTokens); did the person sign in, and were the tokens kept?`,
  );
}

function isThere<T>(value: T): value is T & {} {
  return value !== undefined && value !== null;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

function isScope(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
