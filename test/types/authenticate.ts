// Tests the types of passport.authenticate('ion', …).

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
// All other options have the types that Passport gives them.
expectTypeOf<Omit<IonAuthenticateOptions, IonsOwn>>().toEqualTypeOf<
  Omit<AuthenticateOptions, 'scope' | 'state' | 'prompt'>
>();

// @ts-expect-error -- Ion knows only `auto`
({ approvalPrompt: 'force' }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- `login` is the only prompt that works at Ion
({ prompt: 'none' }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- a scope is a string
({ scope: 1 }) satisfies IonAuthenticateOptions;
// @ts-expect-error -- only this package's strategy has this option
passport.authenticate('another', { approvalPrompt: 'auto' });

// The options also work in passport.authorize, which connects an account, and with the strategy name `oauth2`, which
// passport-oauth2 uses, or a list of strategy names.
const state = { returnTo: '/lunch' };
passport.authorize('ion', { state }) satisfies RequestHandler;
passport.authorize('ion', { state, approvalPrompt: 'auto' }, (error, user) => {
  expectTypeOf(user).toEqualTypeOf<Express.User | false | null | undefined>();
  throw error;
});
passport.authenticate('oauth2', { state });
passport.authorize('oauth2', { state });
passport.authenticate(['ion'], { state, failureRedirect: '/' });
// For another strategy, the state must still be a string, as in Passport's types.
passport.authorize('another', { state: 'text' });
// @ts-expect-error -- for another strategy, the state must be a string
passport.authorize('another', { state });

// safeReturnTo accepts anything that a query parser can return.
expectTypeOf(safeReturnTo).toEqualTypeOf<(value: unknown, fallback?: string) => string>();

// stateOf returns `unknown`, because the types cannot know what an app passed as its state.
expectTypeOf(stateOf).toEqualTypeOf<(req: object) => unknown>();
