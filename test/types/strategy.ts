// Tests the types of the strategy: its names, its options, and every form of verify.
// The user here is of the type that test/support/app.ts declares, `{ id: string; … }`.

import type { Agent, OutgoingHttpHeaders } from 'node:http';

import { expectTypeOf } from 'expect-type';
import type { Request } from 'express';
import type passport from 'passport';
import ByDefault, { IonStrategy, Strategy } from 'passport-ion';
import type {
  IonAPI,
  IonSignIn,
  IonOAuth2,
  IonProfile,
  IonRequest,
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
  IonTokens,
  SkipUserProfile,
  StateStore,
  TokenStore,
  VerifiedUser,
  VerifyCallback,
  VerifyFunction,
  VerifyFunctionWithParams,
  VerifyFunctionWithRequest,
  VerifyFunctionWithRequestAndParams,
  VerifySignIn,
} from 'passport-ion';
import type OAuth2Strategy from 'passport-oauth2';

declare const options: IonStrategyOptions;
declare const optionsWithRequest: IonStrategyOptionsWithRequest;
declare const tokens: IonTokens;
declare const store: TokenStore;
declare const user: Express.User;

// The class has three names. It works as a strategy in Passport and in code that was written for passport-oauth2.
expectTypeOf(ByDefault).toEqualTypeOf(IonStrategy);
expectTypeOf(Strategy).toEqualTypeOf(IonStrategy);
expectTypeOf<IonStrategy>().not.toBeAny();
expectTypeOf<IonStrategy>().toExtend<passport.Strategy>();
expectTypeOf<IonStrategy>().toExtend<OAuth2Strategy>();
expectTypeOf<IonStrategy['name']>().toEqualTypeOf<string>();

// Verify functions in the short form.
new IonStrategy(options, ({ profile, tokens, req, ..._rest }) => {
  expectTypeOf(profile).toEqualTypeOf<IonProfile>();
  expectTypeOf(tokens).toEqualTypeOf<IonTokens>();
  expectTypeOf(req).toEqualTypeOf<Request>();
  expectTypeOf<keyof typeof _rest>().toBeNever();
  return user;
});
new IonStrategy(optionsWithRequest, () => user);
new IonStrategy(options, async ({ profile }) => Promise.resolve(profile.isStudent ? user : false));
new IonStrategy(options, () => false);
new IonStrategy(options, () => null);
// @ts-expect-error -- undefined means that a `return` was forgotten
new IonStrategy(options, ({ profile: _ }) => undefined);
// @ts-expect-error -- a profile's id is not a user
new IonStrategy(options, ({ profile }) => profile.id);
// @ts-expect-error -- an object without a property of the app's user is not a user
new IonStrategy(options, async () => Promise.resolve({ name: 'Jane' }));
// @ts-expect-error -- true is not a user
new IonStrategy(options, () => true);
// @ts-expect-error -- verify gets a sign-in, not a profile
new IonStrategy(options, (profile: IonProfile) => profile);
// @ts-expect-error -- verify is required
new IonStrategy(options);
expectTypeOf<VerifySignIn>().toEqualTypeOf<
  (signIn: IonSignIn) => VerifiedUser | Promise<VerifiedUser>
>();
expectTypeOf<VerifiedUser>().toEqualTypeOf<Express.User | false | null>();
expectTypeOf<IonSignIn>().toEqualTypeOf<{
  readonly profile: IonProfile;
  readonly tokens: IonTokens;
  readonly req: IonRequest;
}>();
expectTypeOf<IonRequest>().toEqualTypeOf<Request>();

// Verify functions in Passport's four forms.
const plain: VerifyFunction = (accessToken, refreshToken, profile, done) => {
  expectTypeOf(accessToken).toEqualTypeOf<string>();
  expectTypeOf(refreshToken).toEqualTypeOf<string | undefined>();
  expectTypeOf(profile).toEqualTypeOf<IonProfile>();
  expectTypeOf(done).toEqualTypeOf<VerifyCallback>();
};
const withParams: VerifyFunctionWithParams = (accessToken, refreshToken, params, profile, done) => {
  expectTypeOf(accessToken).toEqualTypeOf<string>();
  expectTypeOf(refreshToken).toEqualTypeOf<string | undefined>();
  expectTypeOf(params).toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf(profile).toEqualTypeOf<IonProfile>();
  expectTypeOf(done).toEqualTypeOf<VerifyCallback>();
};
const withRequest: VerifyFunctionWithRequest = (req, accessToken, refreshToken, profile, done) => {
  expectTypeOf(req).toEqualTypeOf<IonRequest>();
  expectTypeOf(accessToken).toEqualTypeOf<string>();
  expectTypeOf(refreshToken).toEqualTypeOf<string | undefined>();
  expectTypeOf(profile).toEqualTypeOf<IonProfile>();
  expectTypeOf(done).toEqualTypeOf<VerifyCallback>();
};
const withBoth: VerifyFunctionWithRequestAndParams = (
  req,
  accessToken,
  refreshToken,
  params,
  profile,
  done,
) => {
  expectTypeOf(req).toEqualTypeOf<IonRequest>();
  expectTypeOf(accessToken).toEqualTypeOf<string>();
  expectTypeOf(refreshToken).toEqualTypeOf<string | undefined>();
  expectTypeOf(params).toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf(profile).toEqualTypeOf<IonProfile>();
  expectTypeOf(done).toEqualTypeOf<VerifyCallback>();
};

expectTypeOf<VerifyFunction>().returns.toEqualTypeOf<void | Promise<void>>();
expectTypeOf<VerifyFunctionWithParams>().returns.toEqualTypeOf<void | Promise<void>>();
expectTypeOf<VerifyFunctionWithRequest>().returns.toEqualTypeOf<void | Promise<void>>();
expectTypeOf<VerifyFunctionWithRequestAndParams>().returns.toEqualTypeOf<void | Promise<void>>();

new IonStrategy(options, plain);
new IonStrategy(options, withParams);
new IonStrategy(optionsWithRequest, withRequest);
new IonStrategy(optionsWithRequest, withBoth);
// @ts-expect-error -- verify gets the request only with passReqToCallback
new IonStrategy(options, withRequest);
// @ts-expect-error -- verify gets the request only with passReqToCallback
new IonStrategy(options, withBoth);
// @ts-expect-error -- with passReqToCallback, the request is the first argument
new IonStrategy(optionsWithRequest, plain);
// @ts-expect-error -- with passReqToCallback, the request is the first argument
new IonStrategy(optionsWithRequest, withParams);

// Verify functions in the form that other strategies use.
new IonStrategy(
  options,
  (accessToken: string, refreshToken: string, profile: IonProfile, done: VerifyCallback) => {
    expectTypeOf([accessToken, refreshToken, profile.id]).toEqualTypeOf<string[]>();
    done(null, user);
  },
);
new IonStrategy(
  options,
  (_: string, __: string, profile: passport.Profile, done: VerifyCallback) => {
    done(null, profile.displayName === '' ? false : user);
  },
);
const rejecting: VerifyFunction = async (_accessToken, _refreshToken, { id }, done) => {
  await Promise.resolve(id);
  done(new Error('nobody'));
};
new IonStrategy(options, rejecting);

// verify can call its callback in these ways.
declare const done: VerifyCallback;
done(null, user);
done(null, false, { message: 'Students only.' });
done(new Error('no database'));
// @ts-expect-error -- a user is an object
done(null, 'Jane');

// The types of the options.
expectTypeOf<IonStrategyOptions>().not.toBeAny();
expectTypeOf<IonStrategyOptionsWithRequest['passReqToCallback']>().toEqualTypeOf<true>();
expectTypeOf<Omit<IonStrategyOptionsWithRequest, 'passReqToCallback'>>().toEqualTypeOf<
  Omit<IonStrategyOptions, 'passReqToCallback'>
>();
expectTypeOf<IonStrategyOptions['agent']>().toEqualTypeOf<Agent | undefined>();
expectTypeOf<Omit<IonStrategyOptions, 'agent' | 'customHeaders'>>().toEqualTypeOf<{
  // The app can pass an environment variable, which might be undefined.
  clientID: string | undefined;
  clientSecret?: string | undefined;
  callbackURL: string | readonly string[];
  scope?: string | readonly string[] | undefined;
  state?: boolean | undefined;
  pkce?: 'S256' | boolean | undefined;
  timeout?: number | undefined;
  baseURL?: string | undefined;
  passReqToCallback?: false | undefined;
  proxy?: boolean | undefined;
  sessionKey?: string | undefined;
  store?: StateStore | boolean | undefined;
  skipUserProfile?: SkipUserProfile | undefined;
}>();
expectTypeOf<IonStrategyOptions['customHeaders']>().toEqualTypeOf<
  OutgoingHttpHeaders | undefined
>();
expectTypeOf<SkipUserProfile>().toEqualTypeOf<
  | boolean
  | (() => boolean | Promise<boolean>)
  | ((accessToken: string, done: (error: unknown, skip?: boolean) => void) => void | Promise<void>)
>();
// @ts-expect-error -- the client id is required
({ callbackURL: '/complete/ion/' }) satisfies IonStrategyOptions;
// @ts-expect-error -- the callback URL is required
({ clientID: 'id' }) satisfies IonStrategyOptions;
({ clientID: 'id', callbackURL: ['https://app.example/'] as const }) satisfies IonStrategyOptions;
// @ts-expect-error -- the option is misspelled
({ clientId: 'id', callbackURL: '/complete/ion/' }) satisfies IonStrategyOptions;
// @ts-expect-error -- Ion also supports the PKCE method `plain`, but it protects nothing
({ clientID: 'id', callbackURL: '/complete/ion/', pkce: 'plain' }) satisfies IonStrategyOptions;

// The methods of the strategy, which an app can call after a sign-in.
declare const strategy: IonStrategy;
expectTypeOf(strategy.refresh(tokens)).toEqualTypeOf<Promise<IonTokens>>();
expectTypeOf(strategy.revoke(tokens)).toEqualTypeOf<Promise<void>>();
expectTypeOf(strategy.api(tokens)).toEqualTypeOf<IonAPI>();
expectTypeOf(strategy.api(store)).toEqualTypeOf<IonAPI>();
expectTypeOf(strategy._oauth2).toEqualTypeOf<IonOAuth2>();
expectTypeOf(strategy._oauth2.timeout).toEqualTypeOf<number>();
expectTypeOf<IonStrategy['userProfile']>().parameters.toEqualTypeOf<
  [accessToken: string, done: (error?: unknown, profile?: IonProfile) => void]
>();
expectTypeOf<IonStrategy['authorizationParams']>().returns.toEqualTypeOf<
  Record<string, string | undefined>
>();
// @ts-expect-error -- Ion's token response is not IonTokens
void strategy.refresh({ access_token: 'a', refresh_token: 'r' });
// @ts-expect-error -- a store must also have `save`
strategy.api({ load: () => tokens });
