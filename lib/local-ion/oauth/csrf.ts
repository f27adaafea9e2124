// Protects the forms of the local Ion against cross-site request forgery (CSRF), as Django does.

import { createHash, timingSafeEqual } from 'node:crypto';

import { randomText } from '../random-text.js';
import { errorPage } from '../server/pages.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';
import { cookie } from '../server/response.js';
import type { LocalResponse } from '../server/response.js';

/** The name of the hidden form field with the CSRF token. Django uses the same name. */
export const CSRF_FIELD = 'csrfmiddlewaretoken';

// Django names this cookie `csrftoken`. Our name is different, because a host's cookies are shared across all of
// its ports, and the app under development might also have a cookie named `csrftoken`.
const CSRF_COOKIE = 'local_ion_csrf';

/** Returns the CSRF token for the forms on a page, and the header that stores a new token in the browser. */
export function getCSRFToken(request: LocalRequest): {
  token: string;
  headers: { 'Set-Cookie'?: string };
} {
  const stored = request.cookies.get(CSRF_COOKIE);
  if (stored !== undefined && /^[A-Za-z0-9]{32}$/.test(stored))
    return { token: stored, headers: {} };
  const token = randomText(32);
  return { token, headers: { 'Set-Cookie': cookie(CSRF_COOKIE, token) } };
}

/** Whether the request needs a CSRF token, because its method can change something. */
export function isUnsafe({ method }: LocalRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
}

/** Whether the form's CSRF token equals the one in the cookie, which shows that one of our pages sent the form. */
export function hasCSRFToken(request: LocalRequest): boolean {
  const [stored, sent] = [request.cookies.get(CSRF_COOKIE), lastValue(request.form, CSRF_FIELD)];
  if (!stored || !sent) return false;
  const [one, other] = [stored, sent].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** Returns Django's response to a form without the right CSRF token. */
export function csrfFailure(): LocalResponse {
  return errorPage(
    403,
    'CSRF verification failed',
    'This form was not sent from a page of this server, or cookies are blocked. Go back to your app and sign in again.',
  );
}
