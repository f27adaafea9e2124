// What Ion gives for a code: tokens, then the profile that they open.

import type { Endpoints } from '../endpoints.js';
import { IonAppError } from '../errors.js';
import { LONGEST_TIMEOUT } from '../settings.js';
import type { Settings, SkipUserProfile } from '../options.js';
import type { IonOAuth2 } from '../http/oauth2-client.js';
import { toIonProfile } from '../profile.js';
import type { IonProfile } from '../profile.js';
import { promised } from '../app-callback.js';
import { explainedByScope } from '../http/responses.js';

/** A token response. */
export interface GrantedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** The token response without the refresh token: `expires_in`, `scope`, … */
  readonly params: Record<string, unknown>;
}

/** What Ion gave for a code. */
export interface Grant extends GrantedTokens {
  readonly profile: IonProfile;
}

/** How userProfile gives the profile. */
export type ProfileCallback = (error?: unknown, profile?: IonProfile) => void;

/** Gets tokens for a code or a refresh token, by way of node-oauth, which apps may have replaced. */
export async function requestTokens(
  oauth2: IonOAuth2,
  code: string,
  params: object,
): Promise<GrantedTokens> {
  const [accessToken, refreshToken, rest] = await promised<
    [string?, (string | undefined)?, Record<string, unknown>?]
  >('getOAuthAccessToken', outerDeadline(oauth2.timeout), (done) => {
    oauth2.getOAuthAccessToken(code, params, done);
  });
  return { accessToken: accessToken ?? '', refreshToken, params: rest ?? {} };
}

/** Gets the tokens for a code, then the profile, by way of the strategy's userProfile. */
export async function requestGrant(
  oauth2: IonOAuth2,
  code: string,
  params: object,
  { scope, skipUserProfile, timeout }: Pick<Settings, 'scope' | 'skipUserProfile' | 'timeout'>,
  userProfile: (accessToken: string, done: ProfileCallback) => void,
): Promise<Grant> {
  const granted = await requestTokens(oauth2, code, params).catch((error: unknown) => {
    throw explainedByScope(error, scope);
  });
  if (await isSkipped(skipUserProfile, granted.accessToken, timeout)) {
    // The cast: who skips the profile has asked for none.
    return { ...granted, profile: undefined as never };
  }
  const [profile] = await promised<[IonProfile?]>('userProfile', outerDeadline(timeout), (done) => {
    userProfile(granted.accessToken, done);
  });
  if (!profile) throw new IonAppError('userProfile gave no profile: nobody can be signed in');
  return { ...granted, profile };
}

/** Calls back with the profile in Ion's answer, or with what is wrong with it. */
export function profileIn(body: string, endpoints: Endpoints, done: ProfileCallback): void {
  let profile;
  try {
    profile = toIonProfile(body, endpoints);
  } catch (error) {
    done(error);
    return;
  }
  done(null, profile);
}

async function isSkipped(
  skip: SkipUserProfile,
  accessToken: string,
  timeout: number,
): Promise<boolean> {
  if (typeof skip !== 'function') return skip;
  // Both casts: passport-oauth2 tells the two forms apart by the number of parameters.
  if (skip.length < 2) return (skip as () => boolean)();
  const ask = skip;
  const [skipped] = await promised<[boolean?]>('skipUserProfile', timeout, (done) => {
    ask(accessToken, done);
  });
  return skipped === true;
}

/**
 * For a function that makes an exchange with Ion inside. The exchange's own deadline tells more than
 * this one, so it must come first.
 */
function outerDeadline(timeout: number): number {
  return Math.min(timeout * 2, LONGEST_TIMEOUT);
}
