// Codes and tokens: what lives, for how long, and what dies with what.

import type { RegisteredApplication } from './applications.js';
import type { DirectoryEntry } from '../data/directory.js';
import { randomText } from '../data/random.js';

/** Seconds that a code lives. */
export const CODE_LIFETIME_S = 60;
/** Seconds that an access token lives. */
export const ACCESS_TOKEN_LIFETIME_S = 36_000;

// The most refresh tokens kept: far more than a person at work leaves behind, since they never expire.
const MAX_REFRESH_TOKENS = 10_000;
const MAX_CODES = 10_000;
const MAX_APPLICATION_TOKENS = 10_000;
const TOKENS_BETWEEN_CLEANINGS = 1_000;

/** What a code was issued for. */
export interface AuthorizationCode {
  readonly application: RegisteredApplication;
  readonly person: DirectoryEntry;
  readonly redirectURI: string;
  readonly scope: string;
  /** Empty where none was sent. */
  readonly codeChallenge: string;
  readonly codeChallengeMethod: string;
}

/** An access token. */
export interface AccessToken {
  readonly token: string;
  readonly application: RegisteredApplication;
  /** Undefined for client_credentials. */
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
  /** The access token that came with it, which is revoked with it. */
  readonly accessToken: string;
}

/** What one login or refresh yields. */
export interface TokenPair {
  readonly access: AccessToken;
  readonly refresh: RefreshToken;
}

/** Every code and token that one local Ion has issued. */
export class TokenStore {
  readonly #now: () => number;
  readonly #codes = new Map<string, AuthorizationCode & { readonly expiresAt: number }>();
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #ofApplications = new Set<string>();
  #issuedSinceCleaning = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new code. */
  issueCode(grant: AuthorizationCode): string {
    for (const [code, { expiresAt }] of this.#codes) {
      if (this.#now() < expiresAt && this.#codes.size < MAX_CODES) break;
      this.#codes.delete(code);
    }
    const code = randomText(30);
    this.#codes.set(code, { ...grant, expiresAt: this.#now() + CODE_LIFETIME_S * 1000 });
    return code;
  }

  /** What a code of this application was issued for, while it lives. */
  codeGrant(code: string, application: RegisteredApplication): AuthorizationCode | undefined {
    const grant = this.#codes.get(code);
    return grant?.application === application && this.#now() < grant.expiresAt ? grant : undefined;
  }

  /** Uses a code up. */
  redeem(code: string, { application, person, scope }: AuthorizationCode): TokenPair {
    this.#codes.delete(code);
    return this.#issuePair(application, person, scope);
  }

  /** A live refresh token of this application. */
  refreshToken(token: string, application: RegisteredApplication): RefreshToken | undefined {
    const found = this.#refresh.get(token);
    return found?.application === application ? found : undefined;
  }

  /** The scope of the access token beside it; undefined where that was revoked by itself. */
  scopeBeside(refresh: RefreshToken): string | undefined {
    return this.#access.get(refresh.accessToken)?.scope;
  }

  /** A new pair in place of the old one, which is dead at once. */
  rotate(old: RefreshToken, scope: string): TokenPair {
    this.#revokeRefresh(old);
    return this.#issuePair(old.application, old.person, scope);
  }

  /** An access token that belongs to nobody, for client_credentials. */
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

  /** An access token that lives. */
  accessToken(token: string): AccessToken | undefined {
    const found = this.#access.get(token);
    return found && this.#now() < found.expiresAt ? found : undefined;
  }

  /** Whether a person has a live access token of the application for all of the scopes. */
  hasApproved(
    person: DirectoryEntry,
    application: RegisteredApplication,
    scopes: readonly string[],
  ): boolean {
    // Without duplicates: a request can repeat a scope thousands of times.
    const wanted = [...new Set(scopes)];
    return [...this.#access.values()].some(
      (token) =>
        token.person === person &&
        token.application === application &&
        this.#now() < token.expiresAt &&
        wanted.every((scope) => token.scope.split(' ').includes(scope)),
    );
  }

  /** Revokes a token of either kind, whoever owns it: a refresh token takes its access token along. */
  revoke(token: string): void {
    this.#access.delete(token);
    const refresh = this.#refresh.get(token);
    if (refresh) this.#revokeRefresh(refresh);
  }

  /** Revokes all tokens of a person; or their access tokens alone. */
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

  // As django-oauth-toolkit's cleartokens: an expired access token stays while its refresh token lives.
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
