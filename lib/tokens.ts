// IonTokens: the tokens from a sign-in or a refresh, and when they expire.

import { isRecord } from './json.js';

/** The tokens that Ion issues at a sign-in or a refresh. They are plain data that JSON can represent. */
export interface IonTokens {
  /**
   * The token that gives access to Ion's API for 10 hours. It is a secret: see TokenVault before you store
   * it.
   */
  readonly accessToken: string;
  /**
   * The token that gets new tokens. It is a secret, and works only once: each refresh returns a new refresh
   * token.
   */
  readonly refreshToken?: string;
  /** The type of the access token: `Bearer`. */
  readonly tokenType: string;
  /** The scopes that Ion granted, which might be fewer than were requested. */
  readonly scope: readonly string[];
  /** When the access token expires, in milliseconds since the epoch. Absent if Ion did not say. */
  readonly expiresAt?: number;
}

/**
 * Turns the arguments of a verify function in Passport's form into the tokens that the rest of this package
 * uses.
 *
 * ```ts
 * const verify: VerifyFunctionWithParams = async (accessToken, refreshToken, params, profile, done) => {
 *   await keepTokens(profile.id, toIonTokens(accessToken, refreshToken, params));
 *   done(null, { id: profile.id });
 * };
 * ```
 *
 * @param params - The token response without the refresh token (RFC 6749, section 5.1): `expires_in` in
 *   seconds, counted from now, `token_type`, and `scope`. If one of these is missing or malformed, the
 *   tokens have no `expiresAt`, the type `Bearer`, or an empty scope.
 */
export function toIonTokens(
  accessToken: string,
  refreshToken: string | undefined,
  params: unknown,
): IonTokens {
  const { token_type: tokenType, scope, expires_in } = isRecord(params) ? params : {};
  const lifetime = parseSeconds(expires_in);
  return {
    accessToken,
    ...(refreshToken ? { refreshToken } : {}),
    tokenType: typeof tokenType === 'string' ? tokenType : 'Bearer',
    scope: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [],
    ...(lifetime === undefined ? {} : { expiresAt: Date.now() + lifetime * 1000 }),
  };
}

/**
 * Whether the access token has expired or is about to. Tokens without an expiration time count as valid.
 *
 * @param tokens - The tokens; only `expiresAt` is read.
 * @param options - Settings.
 * @param options.within - How soon counts as "about to", in seconds. Default 60, so that a token does
 *   not expire on its way to Ion.
 */
export function isExpired(
  tokens: Pick<IonTokens, 'expiresAt'>,
  { within = 60 }: { within?: number } = {},
): boolean {
  // Databases return null for a missing value. No number is at least NaN.
  return Date.now() + within * 1000 >= (tokens.expiresAt ?? NaN);
}

function parseSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds < 1e10 ? seconds : undefined;
}
