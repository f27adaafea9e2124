// Stores authorization codes and tokens until they expire or are revoked.

import type { RegisteredApplication } from './applications.js';
import type { DirectoryEntry } from '../data/directory.js';
import { randomText } from '../random-text.js';

/** How long a code is valid, in seconds. */
export const CODE_LIFETIME_S = 60;
/** How long an access token is valid, in seconds. */
export const ACCESS_TOKEN_LIFETIME_S = 36_000;

// Refresh tokens never expire, so a local Ion that runs for a long time must drop the oldest ones.
const MAX_REFRESH_TOKENS = 10_000;
const MAX_CODES = 10_000;
const MAX_APPLICATION_TOKENS = 10_000;
const TOKENS_BETWEEN_CLEANINGS = 1_000;

/** The authorization that a code was issued for. */
export interface AuthorizationCode {
  readonly application: RegisteredApplication;
  readonly person: DirectoryEntry;
  readonly redirectURI: string;
  readonly scope: string;
  /** The code challenge, or an empty string if the authorization request had none. */
  readonly codeChallenge: string;
  readonly codeChallengeMethod: string;
}

/** An access token. */
export interface AccessToken {
  readonly token: string;
  readonly application: RegisteredApplication;
  /** The person who authorized the application. Undefined if the token was issued for client_credentials. */
  readonly person: DirectoryEntry | undefined;
  readonly scope: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A refresh token. */
export interface RefreshToken {
  readonly token: string;
  readonly application: RegisteredApplication;
  readonly person: DirectoryEntry;
  /** The access token that was issued together with this token, and that is revoked together with it. */
  readonly accessToken: string;
}

/** The two tokens that a sign-in or a refresh issues. */
export interface TokenPair {
  readonly access: AccessToken;
  readonly refresh: RefreshToken;
}

/** Every code and token that one local Ion has issued. */
export class IssuedTokens {
  readonly #now: () => number;
  readonly #codes = new Map<string, AuthorizationCode & { readonly expiresAt: number }>();
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #ofApplications = new Set<string>();
  #issuedSinceCleaning = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Issues an authorization code. */
  issueCode(grant: AuthorizationCode): string {
    for (const [code, { expiresAt }] of this.#codes) {
      if (this.#now() < expiresAt && this.#codes.size < MAX_CODES) break;
      this.#codes.delete(code);
    }
    const code = randomText(30);
    this.#codes.set(code, { ...grant, expiresAt: this.#now() + CODE_LIFETIME_S * 1000 });
    return code;
  }

  /** Finds a code's authorization. Returns undefined if the code is not valid or is another application's. */
  findCode(code: string, application: RegisteredApplication): AuthorizationCode | undefined {
    const grant = this.#codes.get(code);
    return grant?.application === application && this.#now() < grant.expiresAt ? grant : undefined;
  }

  /** Exchanges a code for tokens. The code cannot be used again. */
  redeemCode(code: string, { application, person, scope }: AuthorizationCode): TokenPair {
    this.#codes.delete(code);
    return this.#issuePair(application, person, scope);
  }

  /** Finds a refresh token. Returns undefined if it is not valid or belongs to another application. */
  findRefreshToken(token: string, application: RegisteredApplication): RefreshToken | undefined {
    const found = this.#refresh.get(token);
    return found?.application === application ? found : undefined;
  }

  /** Returns the scope of a refresh token's access token, or undefined if that access token has been revoked. */
  scopeOf(refresh: RefreshToken): string | undefined {
    return this.#access.get(refresh.accessToken)?.scope;
  }

  /** Revokes a refresh token and its access token, and issues a new pair of tokens with this scope. */
  rotate(old: RefreshToken, scope: string): TokenPair {
    this.#revokeRefresh(old);
    return this.#issuePair(old.application, old.person, scope);
  }

  /** Issues an access token for client_credentials, which does not belong to a person. */
  issueForApplication(application: RegisteredApplication, scope: string): AccessToken {
    const access = this.#issueAccess(application, undefined, scope);
    this.#ofApplications.add(access.token);
    const [oldest] = this.#ofApplications;
    if (oldest !== undefined && this.#ofApplications.size > MAX_APPLICATION_TOKENS) {
      this.#ofApplications.delete(oldest);
      this.#access.delete(oldest);
    }
    return access;
  }

  /** Finds an access token. Returns undefined if it does not exist or has expired. */
  findAccessToken(token: string): AccessToken | undefined {
    const found = this.#access.get(token);
    return found && this.#now() < found.expiresAt ? found : undefined;
  }

  /** Whether the person has a valid access token for this application with all of the scopes. */
  hasApproved(
    person: DirectoryEntry,
    application: RegisteredApplication,
    scopes: readonly string[],
  ): boolean {
    // Remove duplicates, because a request can repeat a scope thousands of times.
    const wanted = [...new Set(scopes)];
    return [...this.#access.values()].some(
      (token) =>
        token.person === person &&
        token.application === application &&
        this.#now() < token.expiresAt &&
        wanted.every((scope) => token.scope.split(' ').includes(scope)),
    );
  }

  /** Revokes an access token, or a refresh token together with its access token. */
  revoke(token: string): void {
    this.#access.delete(token);
    const refresh = this.#refresh.get(token);
    if (refresh) this.#revokeRefresh(refresh);
  }

  /** Revokes all of a person's tokens, or only their access tokens. */
  revokeAllOf(person: DirectoryEntry, which: 'all' | 'access'): void {
    for (const { token, person: owner } of this.#access.values()) {
      if (owner === person) this.#access.delete(token);
    }
    if (which === 'access') return;
    for (const refresh of this.#refresh.values()) {
      if (refresh.person === person) this.#revokeRefresh(refresh);
    }
  }

  #issuePair(application: RegisteredApplication, person: DirectoryEntry, scope: string): TokenPair {
    const access = this.#issueAccess(application, person, scope);
    const refresh = { token: randomText(30), application, person, accessToken: access.token };
    this.#refresh.set(refresh.token, refresh);
    const [oldest] = this.#refresh.values();
    if (oldest && this.#refresh.size > MAX_REFRESH_TOKENS) this.#revokeRefresh(oldest);
    return { access, refresh };
  }

  #issueAccess(
    application: RegisteredApplication,
    person: DirectoryEntry | undefined,
    scope: string,
  ): AccessToken {
    this.#clean();
    const expiresAt = this.#now() + ACCESS_TOKEN_LIFETIME_S * 1000;
    const access = { token: randomText(30), application, person, scope, expiresAt };
    this.#access.set(access.token, access);
    return access;
  }

  #revokeRefresh(refresh: RefreshToken): void {
    this.#refresh.delete(refresh.token);
    this.#access.delete(refresh.accessToken);
  }

  // Deletes expired access tokens now and then. Like django-oauth-toolkit's cleartokens, keeps an expired token as
  // long as its refresh token exists, because the next refresh takes the scope from the expired token.
  #clean(): void {
    this.#issuedSinceCleaning += 1;
    if (this.#issuedSinceCleaning < TOKENS_BETWEEN_CLEANINGS) return;
    this.#issuedSinceCleaning = 0;
    const needed = new Set([...this.#refresh.values()].map(({ accessToken }) => accessToken));
    for (const { token, expiresAt } of this.#access.values()) {
      if (expiresAt <= this.#now() && !needed.has(token)) this.#access.delete(token);
    }
  }
}
