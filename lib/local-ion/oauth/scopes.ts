// The scopes that Ion has, and how it reads them.

/** Every scope, in Ion's order, with what the consent page says of it. */
export const SCOPES: Readonly<Record<string, string>> = {
  read: 'Read what you can see on Ion',
  write: 'Change things on Ion in your name',
  openid: 'Know who you are',
  profile: 'See your name and username',
  email: 'See your email address',
  groups: 'See your groups',
};

/** What Ion takes a request without `scope` for: everything. */
export const ALL_SCOPES: readonly string[] = Object.keys(SCOPES);

/** The scopes of a request, as oauthlib takes them apart: two spaces hold an empty scope. */
export function scopesIn(scope: string): readonly string[] {
  return scope.trim().split(' ');
}

/** Whether Ion has all of them. */
export function areScopes(scopes: readonly string[]): boolean {
  return scopes.every((scope) => ALL_SCOPES.includes(scope));
}
