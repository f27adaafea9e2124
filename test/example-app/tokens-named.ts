import type { IonTokens } from 'passport-ion';

/** Returns tokens that contain `name`, so that a test can tell one person's tokens from another's. */
export function tokensNamed(name: string): IonTokens {
  return {
    accessToken: `access-${name}`,
    refreshToken: `refresh-${name}`,
    tokenType: 'Bearer',
    scope: ['read'],
    expiresAt: 1_800_000_000_000,
  };
}
