// Ion's URLs, in one place.

/** The URL of the real Ion. */
export const ION_URL = 'https://ion.tjhsst.edu';

/** The URLs of an Ion: the real Ion or a stand-in. */
export interface Endpoints {
  /** Scheme, host, and port, without a trailing slash. */
  readonly origin: string;
  /** Where the browser is sent to sign in (RFC 6749, section 3.1). */
  readonly authorization: string;
  /** Where an authorization code or a refresh token is exchanged for tokens (RFC 6749, section 3.2). */
  readonly token: string;
  /** Where tokens are revoked (RFC 7009). */
  readonly revocation: string;
  /** The root of Ion's API. */
  readonly api: string;
  /** The profile of the person who owns the token. */
  readonly profile: string;
  /** A person's page on Ion, to open in a browser. */
  person(id: string): string;
}

/** Returns the URLs of the Ion at `origin`. */
export function endpointsOf(origin: string): Endpoints {
  return {
    origin,
    // The slashes at the end of the OAuth URLs matter: Ion accepts these URLs without the slash, but a proxy
    // in front of Ion might not.
    authorization: `${origin}/oauth/authorize/`,
    token: `${origin}/oauth/token/`,
    revocation: `${origin}/oauth/revoke_token/`,
    api: `${origin}/api`,
    profile: `${origin}/api/profile`,
    person: (id) => `${origin}/profile/${encodeURIComponent(id)}`,
  };
}
