// Who is logged in to the local Ion in which browser, and the proof that a form came from its own page.

import { createHash, timingSafeEqual } from 'node:crypto';

import type { DirectoryEntry } from '../data/directory.js';
import { cookie, valueOf } from '../server/response.js';
import type { LocalRequest } from '../server/response.js';
import { randomText } from '../data/random.js';

/** Seconds that a login at Ion lives after its last use. */
export const SESSION_LIFETIME_S = 7_200;

const MAX_SESSIONS = 1_000;

// Not Ion's names: cookies do not tell ports apart, and the app under development may use `sessionid`.
const SESSION_COOKIE = 'local_ion_session';
const CSRF_COOKIE = 'local_ion_csrf';

/** The name of the hidden field that proves where a form came from: Django's. */
export const CSRF_FIELD = 'csrfmiddlewaretoken';

/** The logins of one local Ion. */
export class Sessions {
  readonly #now: () => number;
  readonly #sessions = new Map<string, { person: DirectoryEntry; expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Logs a person in, and gives the cookie for it. */
  logIn(request: LocalRequest, person: DirectoryEntry): string {
    this.logOut(request);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    const id = randomText(32);
    this.#sessions.set(id, { person, expiresAt: this.#now() + SESSION_LIFETIME_S * 1000 });
    return cookie(SESSION_COOKIE, id, SESSION_LIFETIME_S);
  }

  /** Ends the login, and gives the cookie that removes the cookie. */
  logOut(request: LocalRequest): string {
    this.#sessions.delete(request.cookies.get(SESSION_COOKIE) ?? '');
    return cookie(SESSION_COOKIE, '', 0);
  }

  /** Who is logged in; each use prolongs the login. */
  personOf(request: LocalRequest): DirectoryEntry | undefined {
    const id = request.cookies.get(SESSION_COOKIE) ?? '';
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    this.#sessions.delete(id);
    if (session.expiresAt <= this.#now()) return undefined;
    session.expiresAt = this.#now() + SESSION_LIFETIME_S * 1000;
    // The last used is the last in order, so the first is the one to drop.
    this.#sessions.set(id, session);
    return session.person;
  }
}

/** The secret for the forms of a page, and the headers that keep it in the browser. */
export function csrfToken(request: LocalRequest): {
  token: string;
  headers: { 'Set-Cookie'?: string };
} {
  const kept = request.cookies.get(CSRF_COOKIE);
  if (kept !== undefined && /^[A-Za-z0-9]{32}$/.test(kept)) return { token: kept, headers: {} };
  const token = randomText(32);
  return { token, headers: { 'Set-Cookie': cookie(CSRF_COOKIE, token) } };
}

/** Whether the method is one that has to come with a form of ours. */
export function mayChange({ method }: LocalRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
}

/** Whether the form that the request carries came from a page that this browser got from here. */
export function isFromOwnForm(request: LocalRequest): boolean {
  const [kept, sent] = [request.cookies.get(CSRF_COOKIE), valueOf(request.form, CSRF_FIELD)];
  if (!kept || !sent) return false;
  const [one, other] = [kept, sent].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
