// Tests the types of the errors, and above all those of their codes.

import { expectTypeOf } from 'expect-type';
import type {
  IonAPIError,
  IonAPIReason,
  IonAuthorizationError,
  IonConnectionError,
  IonOptionError,
  IonOriginError,
  IonResponseError,
  IonResponseErrorCode,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
  IonTokens,
  IonURLError,
  IonAppError,
  IonTokensNotSavedError,
  IonVaultError,
} from 'passport-ion';
import type OAuth2Strategy from 'passport-oauth2';

interface Coded extends Error {
  readonly code: string;
}
/** Whether the type lists every code that the error can have, so that a `switch` can handle them all. */
type OfKnownCodes<E extends Coded> = string extends E['code'] ? false : true;

expectTypeOf<OfKnownCodes<IonAPIError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonConnectionError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonOptionError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonOriginError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonResponseError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonSessionError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonSignInRequiredError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonURLError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonAppError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonTokensNotSavedError>>().toEqualTypeOf<true>();
expectTypeOf<OfKnownCodes<IonVaultError>>().toEqualTypeOf<true>();
// The codes of these errors come from Ion, so they can be any string.
expectTypeOf<IonTokenError['code']>().toEqualTypeOf<string>();
expectTypeOf<IonAuthorizationError['code']>().toEqualTypeOf<string>();

// The codes that this package defines begin with a prefix, so that they differ from the codes of other errors.
type Own =
  | IonAPIError
  | IonConnectionError
  | IonOptionError
  | IonOriginError
  | IonResponseError
  | IonSessionError
  | IonSignInRequiredError
  | IonURLError
  | IonAppError
  | IonTokensNotSavedError
  | IonVaultError;
expectTypeOf<Own['code']>().toExtend<`ERR_ION_${string}`>();
expectTypeOf<IonResponseError['code']>().toEqualTypeOf<IonResponseErrorCode>();

// TypeScript can tell the class of an error from its code.
declare const own: Own;
if (own.code === 'ERR_ION_TOKENS_NOT_SAVED')
  expectTypeOf(own).toEqualTypeOf<IonTokensNotSavedError>();
if (own.code === 'ERR_ION_API') expectTypeOf(own).toEqualTypeOf<IonAPIError>();
// @ts-expect-error -- no error has this code
expectTypeOf(own.code === 'ERR_ION_SAFE').toBeBoolean();

// Code that was written for passport-oauth2's classes still compiles.
expectTypeOf<IonConnectionError>().toExtend<OAuth2Strategy.InternalOAuthError>();
expectTypeOf<IonResponseError>().toExtend<OAuth2Strategy.InternalOAuthError>();
expectTypeOf<IonTokenError>().toExtend<OAuth2Strategy.TokenError>();
expectTypeOf<IonAuthorizationError>().toExtend<OAuth2Strategy.AuthorizationError>();
expectTypeOf<IonOptionError>().toExtend<TypeError>();

// The other properties of each error class.
expectTypeOf<IonOptionError['option']>().toEqualTypeOf<string>();
expectTypeOf<IonConnectionError['status']>().toEqualTypeOf<502 | 504>();
expectTypeOf<IonConnectionError['cause']>().toEqualTypeOf<Error | undefined>();
expectTypeOf<IonOriginError['status']>().toEqualTypeOf<400 | 421>();
expectTypeOf<IonResponseError['status']>().toEqualTypeOf<500 | 502 | 503>();
expectTypeOf<IonResponseError['ionStatus']>().toEqualTypeOf<number>();
expectTypeOf<IonResponseError['retryAfter']>().toEqualTypeOf<number | undefined>();
expectTypeOf<IonTokenError['status']>().toEqualTypeOf<number>();
expectTypeOf<IonTokenError['ionStatus']>().toEqualTypeOf<number>();
expectTypeOf<IonAuthorizationError['status']>().toEqualTypeOf<number>();
expectTypeOf<IonAPIError['status']>().toEqualTypeOf<500 | 502 | 503>();
expectTypeOf<IonAPIError['ionStatus']>().toEqualTypeOf<number>();
expectTypeOf<IonAPIError['retryAfter']>().toEqualTypeOf<number | undefined>();
expectTypeOf<IonAPIError['reasons']>().toEqualTypeOf<readonly IonAPIReason[]>();
expectTypeOf<IonAPIError['detail']>().toEqualTypeOf<string | undefined>();
expectTypeOf<IonSessionError['status']>().toExtend<number>();
expectTypeOf<IonAppError['status']>().toExtend<number>();
expectTypeOf<IonSignInRequiredError['status']>().toExtend<number>();
expectTypeOf<IonTokensNotSavedError['tokens']>().toEqualTypeOf<IonTokens>();
