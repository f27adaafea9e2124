// Where to go after a sign-in: a path that a link named, if it stays on this site.

import { URL } from 'node:url';

/** In UTF-16 units. The path has to fit into a cookie of 4 KB, together with the rest of a sign-in. */
const MAX_LENGTH = 500;

// What a path is resolved against; it never occurs in the result.
const BASE = 'http://this.site.invalid';

/**
 * The path in `value` if it leads to a page of this site, else `fallback`. For addresses that come
 * from outside, such as `?returnTo=` in a link to the login page: redirecting to one as it is would
 * let anybody send people from your site to theirs (an open redirect, CWE-601).
 *
 * ```ts
 * import passport from 'passport';
 * import { safeReturnTo } from 'passport-ion';
 * import type { RequestHandler } from 'express';
 *
 * export const logIn: RequestHandler = (req, res, next) => {
 *   const returnTo = safeReturnTo(req.query['returnTo'], '/lunch');
 *   passport.authenticate('ion', { state: { returnTo } })(req, res, next);
 * };
 * ```
 *
 * The result is written as a browser writes it: `/a/../lunch` becomes `/lunch`, and a space `%20`.
 * So if your site shares its host with others, checking that it starts with your own path is enough.
 *
 * Refused are: anything but a string; over 500 characters; whatever does not begin with a single
 * `/`, or would not after a browser has parsed it (`//host`, `/\host`, `/.//host`); control characters; and `/`,
 * `\` and control characters in percent-encoded form in the path, which some servers decode.
 *
 * @param fallback - Where to go otherwise: a path of your own, which is not checked. Default `/`.
 */
export function safeReturnTo(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return fallback;
  // The URL parser would drop tabs and line breaks, and so does a browser.
  if (!value.startsWith('/') || /\p{Cc}/u.test(value)) return fallback;
  if (!URL.canParse(value, BASE)) return fallback;
  const { origin, pathname, search, hash } = new URL(value, BASE);
  const path = pathname + search + hash;
  const staysHere = origin === BASE && !pathname.startsWith('//');
  const isEncodedPlainly = !/%(?:2f|5c|[01][\da-f]|7f)/i.test(pathname);
  return staysHere && isEncodedPlainly && path.length <= MAX_LENGTH ? path : fallback;
}
