// What Ion gives for a code: tokens, then the profile that they open.

import type { Endpoints } from './endpoints.js';
import { IonVerifyError } from './errors.js';
import { LONGEST_TIMEOUT } from './option-checks.js';
import type { SkipUserProfile } from './options.js';
import type { IonOAuth2 } from './oauth2.js';
import { toIonProfile } from './profile.js';
import type { IonProfile } from './profile.js';
import { promised } from './promised.js';

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

/** Whether the app wants no profile for this login. */
export async function isSkipped(
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

/** The profile, by way of the strategy's userProfile, which apps may have overridden. */
export async function fetchProfile(
  skipped: boolean,
  timeout: number,
  userProfile: (done: (error?: unknown, profile?: IonProfile) => void) => void,
): Promise<IonProfile> {
  // The cast: who skips the profile has asked for none.
  if (skipped) return undefined as never;
  const [profile] = await promised<[IonProfile?]>(
    'userProfile',
    outerDeadline(timeout),
    userProfile,
  );
  if (!profile) throw new IonVerifyError('userProfile gave no profile: nobody can be signed in');
  return profile;
}

/** Calls back with the profile in Ion's answer, or with what is wrong with it. */
export function profileIn(
  body: string,
  endpoints: Endpoints,
  done: (error?: unknown, profile?: IonProfile) => void,
): void {
  let profile;
  try {
    profile = toIonProfile(body, endpoints);
  } catch (error) {
    done(error);
    return;
  }
  done(null, profile);
}

/**
 * For a function that makes an exchange with Ion inside. The exchange's own deadline tells more than
 * this one, so it must come first.
 */
function outerDeadline(timeout: number): number {
  return Math.min(timeout * 2, LONGEST_TIMEOUT);
}
