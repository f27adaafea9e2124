// The types of the errors: the class and the code of each.

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

/** An error whose codes are all known: each is a literal, so that a switch over them can be whole. */
interface Coded extends Error {
  readonly code: string;
}
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
// The codes of these errors come from Ion.
expectTypeOf<IonTokenError['code']>().toEqualTypeOf<string>();
expectTypeOf<IonAuthorizationError['code']>().toEqualTypeOf<string>();

// This package defines these codes, so each has a prefix that keeps other errors from having the same code.
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

// From an error's code, TypeScript knows its class.
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
