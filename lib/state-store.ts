// The types of a state store of the app's own: the option `store`.

import type OAuth2Strategy = require('passport-oauth2');

import type { IonRequest } from './express-request.js';

/**
 * A state store of the kind that passport-oauth2 takes. Which parameters `store` and `verify` get depends
 * on how many they declare. Both give their result by calling `done`, even if they are `async`.
 *
 * `store` calls `done(error, handle)`; the handle is sent to Ion as `state`. If PKCE is on, which is
 * the default, `store` must declare all five parameters, or the constructor of IonStrategy throws.
 * `verify` calls `done(null, verifier, state)` once for each handle (`true` in place of the verifier if
 * there is none), and `done(null, false, { message })` for a handle that it does not know.
 */
export interface StateStore {
  /** Keeps a sign-in, and calls back with its handle. */
  store: StoreWithVerifier | StoreWithState | StoreWithMetadata | StoreWithRequest;
  /** Finds the sign-in of a handle, and forgets it. */
  verify: VerifyState | VerifyStateWithMetadata;
}

/** What a state store is told about the strategy, and about the sign-in. */
export interface StateStoreMetadata extends OAuth2Strategy.Metadata {
  /** The redirect URI of this sign-in. */
  callbackURL: string;
  /** What the sign-in asks for; given to `store` only. */
  scope?: string | undefined;
}

/** How a state store hands over the handle of a sign-in. */
export type StateStored = (error: Error | null, handle?: string) => void;

/** How a state store hands over a sign-in: `ok` is the PKCE verifier, or `true`; false to refuse. */
export type StateVerified = (error: Error | null, ok?: string | boolean, state?: unknown) => void;

// Declared as methods, because TypeScript lets an app annotate a method's parameters more narrowly.
type StoreWithVerifier = {
  store(
    req: IonRequest,
    verifier: string | undefined,
    state: unknown,
    meta: StateStoreMetadata,
    done: StateStored,
  ): void;
}['store'];
type StoreWithState = {
  store(req: IonRequest, state: unknown, meta: StateStoreMetadata, done: StateStored): void;
}['store'];
type StoreWithMetadata = {
  store(req: IonRequest, meta: StateStoreMetadata, done: StateStored): void;
}['store'];
type StoreWithRequest = { store(req: IonRequest, done: StateStored): void }['store'];
type VerifyState = { verify(req: IonRequest, handle: string, done: StateVerified): void }['verify'];
type VerifyStateWithMetadata = {
  verify(req: IonRequest, handle: string, meta: StateStoreMetadata, done: StateVerified): void;
}['verify'];
