// The types of passport.authenticate('ion', …).

import { expectTypeOf } from 'expect-type';
import type { RequestHandler } from 'express';
import passport from 'passport';
import type { AuthenticateOptions } from 'passport';
import { safeReturnTo, stateOf } from 'passport-ion';
import type { IonAuthenticateOptions } from 'passport-ion';

passport.authenticate('ion') satisfies RequestHandler;
passport.authenticate('ion', {
  scope: ['read', 'write'],
  callbackURL: '/elsewhere/',
  state: { returnTo: '/lunch' },
  prompt: 'login',
  approvalPrompt: 'auto',
  successRedirect: '/',
  failureRedirect: '/login',
});
passport.authenticate('ion', { state: 'text' }, (error, user, info, status) => {
  expectTypeOf(user).toEqualTypeOf<Express.User | false | null | undefined>();
  expectTypeOf(info).toEqualTypeOf<object | string | (string | undefined)[] | undefined>();
  expectTypeOf(status).toEqualTypeOf<number | (number | undefined)[] | undefined>();
  throw error;
});
const { approvalPrompt } = { approvalPrompt: 'auto' } as const satisfies IonAuthenticateOptions;
passport.authenticate('ion', { approvalPrompt });

expectTypeOf<IonAuthenticateOptions>().not.toBeAny();
expectTypeOf<Pick<IonAuthenticateOptions, IonsOwn>>().toEqualTypeOf<{
  scope?: string | readonly string[] | undefined;
  callbackURL?: string | readonly string[] | undefined;
  state?: unknown;
  prompt?: 'login' | undefined;
  approvalPrompt?: 'auto' | undefined;
}>();
type IonsOwn = 'scope' | 'callbackURL' | 'state' | 'prompt' | 'approvalPrompt';
// All else is Passport's.
expectTypeOf<Omit<IonAuthenticateOptions, IonsOwn>>().toEqualTypeOf<
  Omit<AuthenticateOptions, 'scope' | 'state' | 'prompt'>
>();

// @ts-expect-error -- Ion knows only auto
({ approvalPrompt: 'force' }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- login is the only prompt that works at Ion
({ prompt: 'none' }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- a scope is text
({ scope: 1 }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- an option of Ion only
passport.authenticate('another', { approvalPrompt: 'auto' });

// Connecting an account, the name that passport-oauth2 has, and a list of names.
const state = { returnTo: '/lunch' };
passport.authorize('ion', { state }) satisfies RequestHandler;
passport.authorize('ion', { state, approvalPrompt: 'auto' }, (error, user) => {
  expectTypeOf(user).toEqualTypeOf<Express.User | false | null | undefined>();
  throw error;
});
passport.authenticate('oauth2', { state });
passport.authorize('oauth2', { state });
passport.authenticate(['ion'], { state, failureRedirect: '/' });
// Another strategy's state is still the text that Passport's types want.
passport.authorize('another', { state: 'text' });
// @ts-expect-error -- as above
passport.authorize('another', { state });

// It takes whatever a query parser gives.
expectTypeOf(safeReturnTo).toEqualTypeOf<(value: unknown, fallback?: string) => string>();

// Nobody can know what an app gave as its state.
expectTypeOf(stateOf).toEqualTypeOf<(req: object) => unknown>();
