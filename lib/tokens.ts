// IonTokens: what a login or a refresh yields; their expiry; safe to write as JSON and read back.

import { isRecord } from './json.js';

/** What Ion grants at a login or a refresh. Plain data: it survives JSON. */
export interface IonTokens {
  /** Opens Ion's API for 10 hours. A secret: see TokenVault before you keep it anywhere. */
  readonly accessToken: string;
  /** Gets new tokens, once: Ion gives another with each refresh. A secret. */
  readonly refreshToken?: string;
  /** How the access token is presented: `Bearer`. */
  readonly tokenType: string;
  /** What was granted, which may be less than what was asked. */
  readonly scope: readonly string[];
  /** When the access token ends, in milliseconds since the epoch. Absent where Ion did not say. */
  readonly expiresAt?: number;
}

// RFC 6749, appendix A.12: visible characters. No others go into a header.
const TOKEN = /^[\x21-\x7e]+$/;

/** Whether the value can be an access token or a refresh token. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

// When the token response with these parameters came, which is before the profile was fetched.
const arrivals = new WeakMap<object, number>();

/** Notes that a token response with these parameters came just now. */
export function noteArrival(params: object): void {
  arrivals.set(params, Date.now());
}

/**
 * The tokens in the form that the rest of this package takes, from what Passport's verify receives.
 *
 * ```ts
 * const verify: VerifyFunctionWithParams = async (accessToken, refreshToken, params, profile, done) => {
 *   await keepTokens(profile.id, toIonTokens(accessToken, refreshToken, params));
 *   done(null, { id: profile.id });
 * };
 * ```
 *
 * @param params - The token response without its tokens (RFC 6749, section 5.1): `expires_in` in
 *   seconds, `token_type`, `scope`. What is missing or malformed is left out.
 */
export function toIonTokens(
  accessToken: string,
  refreshToken: string | undefined,
  params: unknown,
): IonTokens {
  const response = isRecord(params) ? params : {};
  const arrival = arrivals.get(response) ?? Date.now();
  const lifetime = secondsIn(response['expires_in']);
  return {
    accessToken,
    ...(refreshToken ? { refreshToken } : {}),
    tokenType: typeof response['token_type'] === 'string' ? response['token_type'] : 'Bearer',
    scope:
      typeof response['scope'] === 'string' ? response['scope'].split(' ').filter(Boolean) : [],
    ...(lifetime === undefined ? {} : { expiresAt: arrival + lifetime * 1000 }),
  };
}

/**
 * Whether the access token has expired, or is about to. Tokens that do not say when they end count as
 * alive.
 *
 * @param tokens - The tokens, or what of them says when they end.
 * @param options - Settings.
 * @param options.within - How soon is about to, in seconds. Default 60, so that a token does not die
 *   on its way to Ion.
 */
export function isExpired(
  tokens: Pick<IonTokens, 'expiresAt'>,
  { within = 60 }: { within?: number } = {},
): boolean {
  return tokens.expiresAt !== undefined && Date.now() + within * 1000 >= tokens.expiresAt;
}

function secondsIn(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds < 1e10 ? seconds : undefined;
}
