// Keeps track of which person is logged in with each browser.

import type { DirectoryEntry } from '../data/directory.js';
import { cookie } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import { randomText } from '../random-text.js';

/** How long a login at Ion lasts after its last use, in seconds. */
export const SESSION_LIFETIME_S = 7_200;

const MAX_SESSIONS = 1_000;

// Ion names this cookie `sessionid`. Our name is different, because a host's cookies are shared across all of its
// ports, and the app under development might also have a cookie named `sessionid`.
const SESSION_COOKIE = 'local_ion_session';

/** The logins on one local Ion. */
export class Sessions {
  readonly #now: () => number;
  readonly #sessions = new Map<string, { person: DirectoryEntry; expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Logs a person in, and returns the Set-Cookie header that keeps them logged in. */
  logIn(request: LocalRequest, person: DirectoryEntry): string {
    this.logOut(request);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(oldest);
    const id = randomText(32);
    this.#sessions.set(id, { person, expiresAt: this.#now() + SESSION_LIFETIME_S * 1000 });
    return cookie(SESSION_COOKIE, id, SESSION_LIFETIME_S);
  }

  /** Logs the person out, and returns the Set-Cookie header that deletes the session cookie. */
  logOut(request: LocalRequest): string {
    this.#sessions.delete(request.cookies.get(SESSION_COOKIE) ?? '');
    return cookie(SESSION_COOKIE, '', 0);
  }

  /** Finds the person who is logged in. Each call extends the session. */
  personOf(request: LocalRequest): DirectoryEntry | undefined {
    const id = request.cookies.get(SESSION_COOKIE) ?? '';
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    this.#sessions.delete(id);
    if (session.expiresAt <= this.#now()) return undefined;
    session.expiresAt = this.#now() + SESSION_LIFETIME_S * 1000;
    // Moves the session to the end of the map, because logIn drops the first session, which must
    // be the least recently used.
    this.#sessions.set(id, session);
    return session.person;
  }
}
