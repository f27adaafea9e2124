// Tokens that come from outside this package: from the app, its store, or a vault.

import { IonOptionError } from './errors.js';
import { isRecord } from './json.js';
import { isToken } from './tokens.js';
import type { IonTokens } from './tokens.js';

type Parts = Partial<Record<keyof IonTokens, unknown>>;

/** The tokens that `value` is, without anything else it holds; undefined where it is none. */
export function tokensIn(value: unknown): IonTokens | undefined {
  if (!isRecord(value)) return undefined;
  const { accessToken, refreshToken, tokenType, scope, expiresAt }: Parts = value;
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

function isScope(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
