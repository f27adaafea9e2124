// Exports the public API, and nothing else.

/**
 * Signs people in with Ion. Start with {@link IonStrategy}; {@link IonProfile} is what your app learns about
 * a person. After sign-in, {@link IonAPI} sends requests to Ion's API, and {@link TokenVault} seals tokens
 * for storage. If something goes wrong, you get one of the errors below, each with a stable `code`.
 *
 * @module passport-ion
 */

export { IonStrategy, IonStrategy as Strategy, IonStrategy as default } from './strategy.js';
export type {
  IonAuthenticateOptions,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
  SkipUserProfile,
} from './options.js';
export type { IonRequest } from './express-request.js';
export type { StateStore, StateStoreMetadata, StateStored, StateVerified } from './state-store.js';
export type {
  IonSignIn,
  VerifiedUser,
  VerifyCallback,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
  VerifySignIn,
} from './sign-in/verify.js';
export type { IonOAuth2 } from './http/oauth2-client.js';
export { IonAPI } from './api/api.js';
export type { IonPicture, IonPictureYear } from './api/api.js';
export type { TokenStore } from './api/token-source.js';
export type {
  IonBodyOptions,
  IonParameters,
  IonParameterValue,
  IonRequestOptions,
} from './api/request-options.js';
export type {
  IonAnnouncementBody,
  IonAPIItem,
  IonAPIMethod,
  IonAPIOptions,
  IonAPIResponse,
  IonBlocksQuery,
  IonDateQuery,
  IonDelete,
  IonEndpoint,
  IonFavoriteBody,
  IonGet,
  IonPageQuery,
  IonPatch,
  IonPaths,
  IonPost,
  IonPut,
  IonSignUpBody,
  IonSignUpChoice,
  IonSizedPageQuery,
} from './api/paths.js';
export type {
  IonActivity,
  IonActivityWithBlocks,
  IonAnnouncement,
  IonAPIIndex,
  IonBlock,
  IonBlockWithActivities,
  IonBusRoute,
  IonCompleteProfile,
  IonDay,
  IonDayType,
  IonEmergency,
  IonGrade,
  IonPage,
  IonPeriod,
  IonRoster,
  IonRosterMember,
  IonScheduledActivity,
  IonSearchResult,
  IonSignUp,
} from './api/response-types.js';
export { schoolDay } from './api/school-day.js';
export { safeReturnTo } from './sign-in/safe-return-to.js';
export { CookieStateStore } from './sign-in/cookie-state-store.js';
export type {
  CookieResponse,
  CookieStateStoreOptions,
  CookieStateVerified,
} from './sign-in/cookie-state-store.js';
export { stateOf } from './sign-in/state-of.js';
export type { InFlightSignIn } from './sign-in/in-flight-store.js';
export type { StateRefusalReason } from './sign-in/state-refusal.js';
export { TokenVault } from './token-vault.js';
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
  IonAPIError,
  IonAppError,
  IonAuthorizationError,
  IonConnectionError,
  IonOptionError,
  IonOriginError,
  IonResponseError,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
  IonTokensNotSavedError,
  IonURLError,
  IonVaultError,
} from './errors.js';
export type { IonAPIReason, IonResponseErrorCode } from './errors.js';
