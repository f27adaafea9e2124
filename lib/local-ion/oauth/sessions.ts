// Remembers who is logged in in which browser, and protects forms against cross-site request forgery (CSRF).

import { createHash, timingSafeEqual } from 'node:crypto';

import type { DirectoryEntry } from '../data/directory.js';
import { lastValue } from '../server/request.js';
import { cookie } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import { randomText } from '../random-text.js';

/** How long a login at Ion lasts after its last use, in seconds. */
export const SESSION_LIFETIME_S = 7_200;

const MAX_SESSIONS = 1_000;

// Not Ion's names: browsers share cookies between all ports of a host, and the app under development may
// have a `sessionid` of its own.
const SESSION_COOKIE = 'local_ion_session';
const CSRF_COOKIE = 'local_ion_csrf';

/** The hidden form field with the CSRF token. The name is Django's. */
export const CSRF_FIELD = 'csrfmiddlewaretoken';

/** The logins of one local Ion. */
export class Sessions {
  readonly #now: () => number;
  readonly #sessions = new Map<string, { person: DirectoryEntry; expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Logs a person in, and returns the Set-Cookie header for it. */
  logIn(request: LocalRequest, person: DirectoryEntry): string {
    this.logOut(request);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    const id = randomText(32);
    this.#sessions.set(id, { person, expiresAt: this.#now() + SESSION_LIFETIME_S * 1000 });
    return cookie(SESSION_COOKIE, id, SESSION_LIFETIME_S);
  }

  /** Ends the login, and returns the Set-Cookie header that deletes its cookie. */
  logOut(request: LocalRequest): string {
    this.#sessions.delete(request.cookies.get(SESSION_COOKIE) ?? '');
    return cookie(SESSION_COOKIE, '', 0);
  }

  /** The person who is logged in. Each use extends the login. */
  personOf(request: LocalRequest): DirectoryEntry | undefined {
    const id = request.cookies.get(SESSION_COOKIE) ?? '';
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    this.#sessions.delete(id);
    if (session.expiresAt <= this.#now()) return undefined;
    session.expiresAt = this.#now() + SESSION_LIFETIME_S * 1000;
    // Moves it to the end of the map: logIn drops the first session, which is the least recently used.
    this.#sessions.set(id, session);
    return session.person;
  }
}

/** The CSRF token for the forms of a page, and the header that stores it in the browser. */
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

/** Whether the form was sent from one of our pages: its CSRF token equals the one in the cookie. */
export function hasCSRFToken(request: LocalRequest): boolean {
  const [stored, sent] = [request.cookies.get(CSRF_COOKIE), lastValue(request.form, CSRF_FIELD)];
  if (!stored || !sent) return false;
  const [one, other] = [stored, sent].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
