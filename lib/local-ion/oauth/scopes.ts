// Lists Ion's scopes, and parses the `scope` parameter as Ion does.

/** Every scope, in Ion's order, with its description on the consent page. */
export const SCOPES: Readonly<Record<string, string>> = {
  read: 'Read what you can see on Ion',
  write: 'Change things on Ion in your name',
  openid: 'Know who you are',
  profile: 'See your name and username',
  email: 'See your email address',
  groups: 'See your groups',
};

/** The names of all scopes. On Ion, a request without `scope` asks for every one of them. */
export const ALL_SCOPES: readonly string[] = Object.keys(SCOPES);

/** Splits `scope` as oauthlib does, which finds an empty scope between two spaces in a row. */
export function parseScopes(scope: string): readonly string[] {
  return scope.trim().split(' ');
}

/** Whether Ion has all of these scopes. */
export function areKnownScopes(scopes: readonly string[]): boolean {
  return scopes.every((scope) => ALL_SCOPES.includes(scope));
}
