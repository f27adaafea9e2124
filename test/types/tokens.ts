// Tests the types of the tokens, of TokenVault, and of token stores.

import { expectTypeOf } from 'expect-type';
import { isExpired, TokenVault, toIonTokens } from 'passport-ion';
import type { IonTokens, TokenStore } from 'passport-ion';

declare const tokens: IonTokens;

expectTypeOf<IonTokens>().toEqualTypeOf<{
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly tokenType: string;
  readonly scope: readonly string[];
  readonly expiresAt?: number;
}>();
// @ts-expect-error -- the tokens are read-only
tokens.accessToken = 'another';

expectTypeOf(toIonTokens).toEqualTypeOf<
  (accessToken: string, refreshToken: string | undefined, params: unknown) => IonTokens
>();
expectTypeOf(isExpired).toEqualTypeOf<
  (tokens: Pick<IonTokens, 'expiresAt'>, options?: { within?: number }) => boolean
>();
isExpired({ expiresAt: 0 }, { within: 60 });
isExpired({});
// @ts-expect-error -- `within` is a number of seconds
isExpired(tokens, { within: '60' });

expectTypeOf<TokenStore>().toEqualTypeOf<{
  load(): IonTokens | null | undefined | Promise<IonTokens | null | undefined>;
  save(tokens: IonTokens): unknown;
}>();
({ load: () => tokens, save: () => undefined }) satisfies TokenStore;
({
  load: async () => Promise.resolve(null),
  save: async () => Promise.resolve(),
}) satisfies TokenStore;
// @ts-expect-error -- a sealed string has to be opened first
({ load: () => 'ion1.…', save: () => undefined }) satisfies TokenStore;

expectTypeOf(TokenVault).toBeConstructibleWith(process.env['TOKEN_SECRET']);
expectTypeOf(TokenVault).toBeConstructibleWith(['newer', process.env['OLDER_SECRET']]);
expectTypeOf<TokenVault['seal']>().toEqualTypeOf<(tokens: IonTokens) => string>();
expectTypeOf<TokenVault['open']>().toEqualTypeOf<(sealed: string) => IonTokens>();
// @ts-expect-error -- a secret is a string
new TokenVault(Buffer.alloc(32));
// @ts-expect-error -- an access token alone is not IonTokens
new TokenVault('a secret').seal('token');
