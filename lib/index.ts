// The public surface, and nothing else.

export { IonStrategy, IonStrategy as Strategy, IonStrategy as default } from './strategy.js';
export type {
  IonAuthenticateOptions,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
  SkipUserProfile,
} from './options.js';
export type {
  IonLogin,
  IonRequest,
  VerifiedUser,
  VerifyCallback,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
  VerifyLogin,
} from './verify.js';
export type { IonOAuth2 } from './oauth2.js';
export type {
  IonPerson,
  IonPersonResponse,
  IonProfile,
  IonProfileResponse,
  IonUserType,
} from './profile.js';
export { isExpired, toIonTokens } from './tokens.js';
export type { IonTokens } from './tokens.js';
export {
  IonAuthorizationError,
  IonConnectionError,
  IonOptionError,
  IonResponseError,
  IonSessionError,
  IonTokenError,
  IonVerifyError,
} from './errors.js';
