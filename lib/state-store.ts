// Types for the app's own state store: the option `store`.

import type OAuth2Strategy = require('passport-oauth2');

import type { IonRequest } from './express-request.js';

/**
 * A state store in passport-oauth2's format. Which arguments `store` and `verify` get depends on how many
 * parameters they declare. Both pass their result to `done`, even if they are `async`.
 *
 * `store` calls `done(error, handle)`; the handle is sent to Ion as `state`. If PKCE is on, which is the
 * default, `store` must declare all five parameters, or IonStrategy's constructor throws. `verify` calls
 * `done(null, verifier, state)` once for each handle (with `true` instead of the verifier if there is none),
 * and `done(null, false, { message })` for a handle that it does not know.
 */
export interface StateStore {
  /** Saves a sign-in, and calls `done` with a handle for it. */
  store: StoreWithVerifier | StoreWithState | StoreWithMetadata | StoreWithRequest;
  /** Finds the sign-in with this handle, and deletes it. */
  verify: VerifyState | VerifyStateWithMetadata;
}

/** What a state store is told about the strategy and the sign-in. */
export interface StateStoreMetadata extends OAuth2Strategy.Metadata {
  /** The redirect URI of this sign-in. */
  callbackURL: string;
  /** The scope that the sign-in requests. Only `store` gets it. */
  scope?: string | undefined;
}

/** The callback that `store` calls with the handle of a sign-in. */
export type StateStored = (error: Error | null, handle?: string) => void;

/**
 * The callback that `verify` calls with a sign-in: `ok` is the PKCE verifier, or `true` if there is none, or
 * false to refuse.
 */
export type StateVerified = (error: Error | null, ok?: string | boolean, state?: unknown) => void;

// Declared as methods, because TypeScript lets an app give a method's parameters narrower types.
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
