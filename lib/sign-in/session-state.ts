// In-flight logins, kept in the session, one entry each.

import { randomBytes } from 'node:crypto';

import { awaitCallback } from '../app-callback.js';
import { IonSessionError } from '../errors.js';
import { isRecord } from '../json.js';
import { SIGN_IN_LIFETIME_MS, unknownState } from './in-flight.js';
import type { InFlightSignIn, InFlightStore, Taken } from './in-flight.js';
import type { IonRequest } from '../options.js';

interface Entry extends InFlightSignIn {
  readonly handle: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
}

const MOST_ENTRIES = 10;

/** Keeps them in `req.session`, which is all that ties a login to a browser. */
export class SessionState implements InFlightStore {
  constructor(
    private readonly key: string,
    private readonly timeout: number,
  ) {}

  /** Adds the sign-in to the session. */
  async begin(req: IonRequest, login: InFlightSignIn): Promise<string> {
    const handle = randomBytes(24).toString('base64url');
    const entry = { handle, at: Date.now(), ...login };
    // Of two tabs that begin at once, the one that ends last would overwrite the entry of the other.
    await this.atStore(() =>
      inTurn(req, async () => {
        const stored = await storedSession(req, this.timeout);
        this.write(req, [...merged(this.read(req), this.entriesIn(stored)), entry]);
        if (stored) await saveSession(req, this.timeout);
      }),
    );
    return handle;
  }

  /** Removes the sign-in from the session. */
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws is a rejection
  async take(req: IonRequest, handle: string | undefined): Promise<Taken> {
    const entries = this.read(req);
    const login = entries.find((entry) => entry.handle === handle);
    if (!login) return unknownState(req);
    this.write(
      req,
      entries.filter((entry) => entry !== login),
    );
    return { signIn: login, handle: login.handle };
  }

  /** Keeps the others in this session, and in the new one that `req.logIn` begins. */
  async keepOthers(req: IonRequest, handle: string): Promise<void> {
    // Another tab may have begun while this one waited for Ion.
    const stored = this.entriesIn(await this.atStore(() => storedSession(req, this.timeout)));
    const entries = merged(this.read(req), stored).filter((entry) => entry.handle !== handle);
    if (entries.length === 0) return;
    this.write(req, entries);
    for (const name of ['login', 'logIn'] as const) {
      const logIn = (req as Partial<IonRequest>)[name] as LogIn | undefined;
      if (!logIn) continue;
      const keeping: LogIn = (...parameters) => {
        const done = parameters.at(-1);
        // Without a callback Passport begins no session.
        if (typeof done !== 'function') return logIn.apply(req, parameters);
        return logIn.call(req, ...parameters.slice(0, -1), (error?: unknown) => {
          if (!error && sessionOf(req)) this.write(req, entries);
          (done as (error?: unknown) => void)(error);
        });
      };
      req[name] = keeping as IonRequest['logIn'];
    }
  }

  private async atStore<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
    const [result] = await awaitCallback<[Result]>(
      'The session store',
      this.timeout,
      async (done) => {
        done(null, await action());
      },
    );
    return result;
  }

  private read(req: IonRequest): Entry[] {
    const session = sessionOf(req);
    if (!session) {
      throw new IonSessionError(
        "There is no req.session to keep a sign-in in. Put app.use(session({ secret, resave: false, saveUninitialized: false })), from express-session, before the routes that call passport.authenticate('ion'). If it is there, its store is not connected, or its cookie's path does not cover this route.",
      );
    }
    return this.entriesIn(session);
  }

  private entriesIn(session: Record<string, unknown> | undefined): Entry[] {
    const kept = session?.[this.key];
    const oldest = Date.now() - SIGN_IN_LIFETIME_MS;
    return Array.isArray(kept) ? kept.filter(isEntry).filter(({ at }) => at > oldest) : [];
  }

  private write(req: IonRequest, entries: Entry[]): void {
    const session = sessionOf(req);
    if (!session) return;
    if (entries.length > 0) session[this.key] = entries.slice(-MOST_ENTRIES);
    else Reflect.deleteProperty(session, this.key);
  }
}

/**
 * The error behind `error` where a login failed because the session lacks what Passport calls:
 * cookie-session's has neither `regenerate` nor `save`.
 */
export function explained<Thrown>(req: IonRequest, error: Thrown): Thrown | IonSessionError {
  const session = sessionOf(req);
  const isPassports = /\b(regenerate|save) is not a function/.test(String(error));
  if (!session || !isPassports) return error;
  const lacking = ['regenerate', 'save'].filter((name) => typeof session[name] !== 'function');
  if (lacking.length === 0) return error;
  return new IonSessionError(
    `Nobody was signed in: req.session has no ${lacking.join(' and no ')}, which Passport calls. Use express-session, or give cookie-session's session these methods: see "cookie-session" in passport-ion's guide on sessions.`,
    { cause: error },
  );
}

/** Both, each entry once, the oldest first. */
function merged(own: readonly Entry[], stored: readonly Entry[]): Entry[] {
  const known = new Set(own.map(({ handle }) => handle));
  const others = stored.filter(({ handle }) => !known.has(handle));
  return others.length === 0 ? [...own] : [...own, ...others].sort((a, b) => a.at - b.at);
}

type LogIn = (...parameters: unknown[]) => unknown;

function sessionOf(req: IonRequest): Record<string, unknown> | undefined {
  const { session } = req as { session?: unknown };
  return isRecord(session) ? session : undefined;
}

// A session may come from a cookie, a file, an older version.
function isEntry(value: unknown): value is Entry {
  if (!isRecord(value)) return false;
  const { handle, at, redirectURI, verifier, scope }: Partial<Record<keyof Entry, unknown>> = value;
  return (
    typeof handle === 'string' &&
    typeof at === 'number' &&
    typeof redirectURI === 'string' &&
    isTextOrAbsent(verifier) &&
    isTextOrAbsent(scope)
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

// Each request holds a copy of the session, and writes its whole copy back to the store.

/** What express-session puts on a request; cookie-session, which has no store, does not. */
interface Stored {
  readonly sessionID: string;
  readonly sessionStore: {
    get(id: string, done: (error: unknown, session?: unknown) => void): unknown;
  };
  readonly session: { save(done: (error?: unknown) => void): unknown };
}

/**
 * The session as it is stored now, since another request may have written to it; undefined where
 * nothing is stored, or there is no store to ask.
 */
async function storedSession(
  req: IonRequest,
  timeout: number,
): Promise<Record<string, unknown> | undefined> {
  if (!isStored(req)) return undefined;
  const [session] = await awaitCallback<[unknown]>('The session store', timeout, (done) =>
    req.sessionStore.get(req.sessionID, done),
  ).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw error;
  });
  return isRecord(session) ? session : undefined;
}

/** Writes the session to its store now, rather than at the end of the request. */
async function saveSession(req: IonRequest, timeout: number): Promise<void> {
  if (!isStored(req)) return;
  await awaitCallback('The session store', timeout, (done) => req.session.save(done));
}

/** For each session, what its requests are doing one after the other. */
const turns = new Map<string, Promise<unknown>>();

/** Does something after all that other requests with the same session have begun here. */
async function inTurn<Result>(req: IonRequest, action: () => Promise<Result>): Promise<Result> {
  if (!isStored(req)) return action();
  const { sessionID } = req;
  const turn = (turns.get(sessionID) ?? Promise.resolve()).then(action, action);
  turns.set(sessionID, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(sessionID) === turn) turns.delete(sessionID);
  }
}

// As express-session takes it: a store of files says so of a session that it does not have.
function isNotFound(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'ENOENT';
}

function isStored(req: unknown): req is Stored {
  // The cast: of what a framework puts on a request, anything may be missing.
  const { sessionID, sessionStore, session } = req as Partial<Record<keyof Stored, unknown>>;
  return typeof sessionID === 'string' && can(sessionStore, 'get') && can(session, 'save');
}

function can(value: unknown, method: string): boolean {
  return isRecord(value) && typeof value[method] === 'function';
}
