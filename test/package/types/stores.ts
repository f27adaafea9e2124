// The types of the stores of in-flight sign-ins: ours, and every form of an app's own.

import { expectTypeOf } from 'expect-type';
import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import type OAuth2Strategy from 'passport-oauth2';
import { CookieStateStore } from 'passport-ion';
import type {
  CookieResponse,
  CookieStateStoreOptions,
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
// An environment variable, as it is.
expectTypeOf<CookieStateStoreOptions['secret']>().toEqualTypeOf<
  string | readonly (string | undefined)[] | undefined
>();
new CookieStateStore({ secret: process.env['STATE_SECRET'], response: (req) => req.res as never });
// @ts-expect-error -- no secret
new CookieStateStore({});

// A store of an app's own, with the verifier and without.
const verify = (_req: Request, handle: string, done: StateVerified): void => {
  done(null, handle !== '', { returnTo: '/' });
};
expectTypeOf<{
  store(
    req: Request,
    verifier: string,
    state: { returnTo: string },
    meta: StateStoreMetadata,
    done: StateStored,
  ): Promise<void>;
  verify: typeof verify;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, state: unknown, meta: StateStoreMetadata, done: StateStored): void;
  verify(req: Request, handle: string, meta: StateStoreMetadata, done: StateVerified): void;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, meta: StateStoreMetadata, done: StateStored): void;
  verify: typeof verify;
}>().toExtend<StateStore>();
expectTypeOf<{
  store(req: Request, done: StateStored): void;
  verify: typeof verify;
}>().toExtend<StateStore>();
// One that was written against the declarations of passport-oauth2.
expectTypeOf<OAuth2Strategy.StateStore>().toExtend<StateStore>();
// @ts-expect-error -- it cannot verify
({ store: (_req: Request, _done: StateStored) => undefined }) satisfies StateStore;

expectTypeOf<StateRefusalReason>().toEqualTypeOf<
  'no-cookie' | 'unknown' | 'expired' | 'used' | 'unreadable' | 'other-user'
>();
