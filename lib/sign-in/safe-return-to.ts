// Decides where to go after a sign-in: to the path that a link named, if that stays on this site.

import { URL } from 'node:url';

/**
 * The longest path that is accepted, in UTF-16 units. It has to fit into a 4 KB cookie together with the
 * other data of a sign-in.
 */
const MAX_LENGTH = 500;

// The base for resolving a path; it never occurs in the result.
const BASE = 'http://this.site.invalid';

/**
 * Returns the path in `value` if it leads to a page on this site, otherwise `fallback`. Use it for
 * addresses from outside, such as `?returnTo=` in a link to the login page: if you redirected to such an
 * address without checking it, anyone could send people from your site to another (an open redirect,
 * CWE-601).
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
 * The result is written as a browser would write it: `/a/../lunch` becomes `/lunch`, and a space becomes
 * `%20`. So if your site shares its host with others, you only need to check that the result starts with your
 * own path.
 *
 * `safeReturnTo` refuses anything other than a string; more than 500 characters; a value that does not begin
 * with a single `/`, or would not after a browser has parsed it (`//host`, `/\host`, `/.//host`); control
 * characters; and, in the path, a percent-encoded `/`, `\`, or control character, which some servers decode.
 *
 * @param fallback - Where to go if `value` is refused: a path of your own, which is not checked. Default
 *   `/`.
 */
export function safeReturnTo(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return fallback;
  // The URL parser and browsers drop tabs and line breaks, so control characters are refused before the value
  // is parsed.
  if (!value.startsWith('/') || /\p{Cc}/u.test(value)) return fallback;
  if (!URL.canParse(value, BASE)) return fallback;
  const { origin, pathname, search, hash } = new URL(value, BASE);
  const path = pathname + search + hash;
  const staysHere = origin === BASE && !pathname.startsWith('//');
  const isEncodedPlainly = !/%(?:2f|5c|[01][\da-f]|7f|c2%[89][\da-f])/i.test(pathname);
  return staysHere && isEncodedPlainly && path.length <= MAX_LENGTH ? path : fallback;
}
