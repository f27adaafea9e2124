// In-flight logins, kept in the session, one entry each.

import { randomBytes } from 'node:crypto';

import { IonOptionError, IonSessionError } from '../errors.js';
import { promised } from '../app-callback.js';
import { isRecord } from '../json.js';
import { inTurn, saveSession, storedSession } from './session-store.js';
import type { IonRequest } from '../options.js';

/** A login that was sent to Ion and has not come back. */
export interface InFlightLogin {
  /** The PKCE verifier, where there is one. */
  readonly verifier?: string | undefined;
  /** As sent in the authorization request; the token request must repeat it. */
  readonly redirectURI: string;
  /** What was asked for; undefined where a store of the app's own did not keep it. */
  readonly scope?: string | undefined;
  /** The app's own, for `req.authInfo.state`. */
  readonly state?: unknown;
}

/** Where in-flight logins are kept. */
export interface InFlightLogins {
  /** Keeps one and gives its `state` parameter; undefined where none is sent. */
  begin(req: IonRequest, login: InFlightLogin): Promise<string | undefined>;
  /** Takes the one of this `state` parameter out, or says why there is none. */
  take(req: IonRequest, handle: string | undefined, redirectURI: string): Promise<Taken>;
  /**
   * Has the others live on once the one of this `state` parameter has ended: in this session, and in
   * the one that Passport begins when somebody is logged in.
   */
  keepOthers?(req: IonRequest, handle: string): Promise<void>;
}

/** An in-flight login, or why there is none. `handle` is there where it tells logins apart. */
export type Taken =
  { readonly login: InFlightLogin; readonly handle?: string } | { readonly refusal: string };

/** A text that the app gave as its state where no session keeps it: sent to Ion as it is. */
export function stateAsText({ state, verifier }: InFlightLogin): string | undefined {
  if (typeof state !== 'string' || state === '') return undefined;
  if (verifier === undefined) return state;
  throw new IonOptionError(
    'state',
    'IonStrategy: a text as state of passport.authenticate is sent as it is past your store, so that nobody keeps the PKCE verifier: give an object, which the store keeps, or switch the option pkce off',
  );
}

/** The refusal of a `state` that names no login of this session. */
export const UNKNOWN_STATE =
  'This sign-in was not begun in this browser, was finished already, or is over 10 minutes old: start again. If it keeps happening, the session cookie does not come back: it must not be SameSite=Strict, and Secure only behind https.';

interface Entry extends InFlightLogin {
  readonly handle: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
}

/** How long a login may be in flight, in milliseconds. */
export const LIFETIME: number = 10 * 60 * 1000;
const MOST_ENTRIES = 10;

/** Keeps them in `req.session`, which is all that ties a login to a browser. */
export class SessionLogins implements InFlightLogins {
  constructor(
    private readonly key: string,
    private readonly timeout: number,
  ) {}

  async begin(req: IonRequest, login: InFlightLogin): Promise<string> {
    const handle = randomBytes(24).toString('base64url');
    const entry = { handle, at: Date.now(), ...login };
    // Of two tabs that begin at once, the one that ends last would overwrite the entry of the other.
    await this.atStore(() =>
      inTurn(req, async () => {
        const stored = await storedSession(req);
        this.write(req, [...merged(this.read(req), this.entriesIn(stored)), entry]);
        if (stored) await saveSession(req);
      }),
    );
    return handle;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws is a rejection
  async take(req: IonRequest, handle: string | undefined): Promise<Taken> {
    const entries = this.read(req);
    const login = entries.find((entry) => entry.handle === handle);
    if (!login) return { refusal: UNKNOWN_STATE };
    this.write(
      req,
      entries.filter((entry) => entry !== login),
    );
    return { login, handle: login.handle };
  }

  async keepOthers(req: IonRequest, handle: string): Promise<void> {
    // Another tab may have begun while this one waited for Ion.
    const stored = this.entriesIn(await this.atStore(() => storedSession(req)));
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
    const [result] = await promised<[Result]>('The session store', this.timeout, async (done) => {
      done(null, await action());
    });
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
    const oldest = Date.now() - LIFETIME;
    return Array.isArray(kept) ? kept.filter(isEntry).filter(({ at }) => at > oldest) : [];
  }

  private write(req: IonRequest, entries: Entry[]): void {
    const session = sessionOf(req);
    if (!session) return;
    if (entries.length > 0) session[this.key] = entries.slice(-MOST_ENTRIES);
    else Reflect.deleteProperty(session, this.key);
  }
}

/** Keeps none: `state: false`. */
export class NoLogins implements InFlightLogins {
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what it throws is a rejection
  async begin(_req: IonRequest, login: InFlightLogin): Promise<string | undefined> {
    const text = stateAsText(login);
    if (text !== undefined || login.state === undefined) return text;
    throw new IonOptionError(
      'state',
      'IonStrategy: there is nowhere to keep the state of passport.authenticate, as the option state is off: switch it on',
    );
  }

  take(_req: IonRequest, _handle: string | undefined, redirectURI: string): Promise<Taken> {
    return Promise.resolve({ login: { redirectURI } });
  }
}

/**
 * The error behind `error` where a login failed because the session lacks what Passport calls:
 * cookie-session's has neither `regenerate` nor `save`.
 */
export function explained(req: IonRequest, error: unknown): unknown {
  const session = sessionOf(req);
  const isPassports = /\b(regenerate|save) is not a function/.test(String(error));
  if (!session || !isPassports) return error;
  const lacking = ['regenerate', 'save'].filter((name) => typeof session[name] !== 'function');
  if (lacking.length === 0) return error;
  return new IonSessionError(
    `Nobody was signed in: req.session has no ${lacking.join(' and no ')}, which Passport calls. Use express-session, or give cookie-session's session these methods: see "cookie-session" in passport-ion's README.`,
    { cause: error },
  );
}

/** What Passport calls info, which may be a text, with the state that the app gave at the beginning. */
export function withState(info: unknown, state: unknown): unknown {
  if (state === undefined) return info;
  const fields = typeof info === 'string' ? { message: info } : info;
  return { ...(fields as object | undefined), state };
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
