// Ion's scopes, and how it parses the parameter `scope`.

/** Every scope, in Ion's order, with its description on the consent page. */
export const SCOPES: Readonly<Record<string, string>> = {
  read: 'Read what you can see on Ion',
  write: 'Change things on Ion in your name',
  openid: 'Know who you are',
  profile: 'See your name and username',
  email: 'See your email address',
  groups: 'See your groups',
};

/** The scopes of a request without `scope`: on Ion, all of them. */
export const ALL_SCOPES: readonly string[] = Object.keys(SCOPES);

/** Splits `scope` like oauthlib: two spaces in a row have an empty scope between them. */
export function parseScopes(scope: string): readonly string[] {
  return scope.trim().split(' ');
}

/** Whether all of them are scopes of Ion's. */
export function areKnownScopes(scopes: readonly string[]): boolean {
  return scopes.every((scope) => ALL_SCOPES.includes(scope));
}
