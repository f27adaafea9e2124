// Ion's scopes, and how Ion parses the `scope` parameter.

/** Every scope, in Ion's order, with its description on the consent page. */
export const SCOPES: Readonly<Record<string, string>> = {
  read: 'Read what you can see on Ion',
  write: 'Change things on Ion in your name',
  openid: 'Know who you are',
  profile: 'See your name and username',
  email: 'See your email address',
  groups: 'See your groups',
};

/** The scopes that a request without `scope` asks for: on Ion, all of them. */
export const ALL_SCOPES: readonly string[] = Object.keys(SCOPES);

/** Splits `scope` like oauthlib, which finds an empty scope between two spaces in a row. */
export function parseScopes(scope: string): readonly string[] {
  return scope.trim().split(' ');
}

/** Whether Ion has all of these scopes. */
export function areKnownScopes(scopes: readonly string[]): boolean {
  return scopes.every((scope) => ALL_SCOPES.includes(scope));
}
