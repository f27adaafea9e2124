// Tests the types of the stores of in-flight sign-ins: CookieStateStore, and every form of store that an app can
// write.

import { expectTypeOf } from 'expect-type';
import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import type OAuth2Strategy from 'passport-oauth2';
import { CookieStateStore } from 'passport-ion';
import type {
  CookieResponse,
  CookieStateStoreOptions,
  CookieStateVerified,
  InFlightSignIn,
  IonStrategyOptions,
  StateRefusalReason,
  StateStore,
  StateStoreMetadata,
  StateStored,
  StateVerified,
} from 'passport-ion';

expectTypeOf<CookieStateStore>().toExtend<StateStore>();
expectTypeOf<CookieStateStore>().toExtend<NonNullable<IonStrategyOptions['store']>>();
expectTypeOf<ServerResponse>().toExtend<CookieResponse>();
// The secret can be an environment variable, which might be undefined.
expectTypeOf<CookieStateStoreOptions['secret']>().toEqualTypeOf<
  string | readonly (string | undefined)[] | undefined
>();
new CookieStateStore({ secret: process.env['STATE_SECRET'], response: (req) => req.res as never });
// In a framework other than Express, the app declares the type of its requests. This type is like Fastify's.
interface FastifyLike {
  readonly reply: { header(name: string, value: string): unknown };
}
const secret = process.env['STATE_SECRET'];
const storeForFastify = new CookieStateStore({ secret, response: (req: FastifyLike) => req.reply });
expectTypeOf(storeForFastify).toExtend<NonNullable<IonStrategyOptions['store']>>();
// @ts-expect-error -- a request is not a response
new CookieStateStore({ secret, response: (req: FastifyLike) => req });
// @ts-expect-error -- the secret is required
new CookieStateStore({});

// An app can write its own store, in a form that takes the verifier or in one that does not.
type Verify = (req: Request, handle: string, done: StateVerified) => void;
expectTypeOf<{
  store(
    req: Request,
    verifier: string,
    state: { returnTo: string },
    meta: StateStoreMetadata,
    done: StateStored,
  ): Promise<void>;
  verify: Verify;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, state: unknown, meta: StateStoreMetadata, done: StateStored): void;
  verify(req: Request, handle: string, meta: StateStoreMetadata, done: StateVerified): void;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, meta: StateStoreMetadata, done: StateStored): void;
  verify: Verify;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, done: StateStored): void;
  verify: Verify;
}>().toExtend<StateStore>();
// A store can also be of the type that passport-oauth2 declares.
expectTypeOf<OAuth2Strategy.StateStore>().toExtend<StateStore>();
// @ts-expect-error -- a store must also have `verify`
({ store: (_req: Request, _done: StateStored) => undefined }) satisfies StateStore;

expectTypeOf<StateRefusalReason>().toEqualTypeOf<
  'no-cookie' | 'unknown' | 'expired' | 'used' | 'unreadable' | 'other-user'
>();

// The arguments of a store, and of the callbacks that it calls.
expectTypeOf<StateStoreMetadata['clientID']>().toEqualTypeOf<string>();
expectTypeOf<StateStoreMetadata['callbackURL']>().toEqualTypeOf<string>();
expectTypeOf<StateStored>().toEqualTypeOf<(error: Error | null, handle?: string) => void>();
expectTypeOf<StateVerified>().parameter(1).toEqualTypeOf<string | boolean | undefined>();
expectTypeOf<CookieStateVerified>().parameter(3).toEqualTypeOf<InFlightSignIn | undefined>();
expectTypeOf<InFlightSignIn['redirectURI']>().toEqualTypeOf<string>();
