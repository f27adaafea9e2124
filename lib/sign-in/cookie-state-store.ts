// CookieStateStore: keeps in-flight sign-ins in sealed cookies, for apps without a session.

import { Buffer } from 'node:buffer';
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { types } from 'node:util';

import { IonOptionError, IonSessionError } from '../errors.js';
import type { IonRequest } from '../express-request.js';
import { isRecord, parseJSON } from '../json.js';
import { decrypt, deriveKey, encrypt } from '../sealing.js';
import { checkSecrets } from '../check-secrets.js';
import type { StateStored, StateStoreMetadata } from '../state-store.js';
import { SIGN_IN_LIFETIME_MS, toJSON } from './in-flight-store.js';
import type { InFlightSignIn } from './in-flight-store.js';
import { refusal, unknownState } from './state-refusal.js';
import type { Refusal } from './state-refusal.js';

// The version of the format. It is authenticated with each cookie, so that a cookie in another format
// cannot be opened.
const VERSION = 'cookie-state-1';
// These limits are low, because every request to the site carries the cookies, and nginx accepts only 8 KB
// of headers.
const MAX_TOTAL_BYTES = 2048;
const MAX_COOKIE_BYTES = 1024;
// How many cookies one response may clear: with too many, it would be too large for a proxy.
const MAX_CLEARED = 20;
// How many cookies with the same name we try to open. A browser sends several if some were set for other
// paths.
const MAX_OPENED = 4;
const TIME_CHARACTERS = 9;
const TAG_CHARACTERS = 6;

/** The response that a {@link CookieStateStore} sets its cookies on: Node's response, or Fastify's reply. */
export type CookieResponse =
  | {
      /** Returns the header that has been set so far. */
      getHeader(name: string): unknown;
      /** Replaces the header. */
      setHeader(name: string, value: string[]): unknown;
    }
  | {
      /** Adds the header, as Fastify does for `Set-Cookie`. */
      header(name: string, value: string): unknown;
    };

/**
 * The options of a {@link CookieStateStore}. `Request` is the type of request that `response` gets. If your
 * framework is not Express, name its type, as in `response: (request: FastifyRequest) => request.reply`.
 */
export interface CookieStateStoreOptions<Request = IonRequest> {
  /**
   * A random string of 32 characters or more, or a list of such strings, newest first. The newest secret
   * seals, and any of them opens. The type allows undefined so that you can pass an environment variable
   * directly; if it is not set, the constructor throws.
   */
  secret: string | undefined | readonly (string | undefined)[];
  /**
   * Returns the response to a request. Express, Nest, and Koa do not need this option. Default:
   * `req.ctx.res` (Koa), or else `req.res` (Express).
   */
  response?: ((req: Request) => CookieResponse) | undefined;
}

/** The callback that a {@link CookieStateStore} calls from `verify`, with a sign-in or a refusal. */
export type CookieStateVerified = (
  error: Error | null,
  ok?: string | boolean,
  state?: unknown,
  signIn?: InFlightSignIn,
) => void;

/** Where a browser keeps the cookies for one redirect URI. */
interface CookiePlace {
  /**
   * The beginning of the cookies' names: over https, `__Host-` or `__Secure-`, whose rules browsers enforce;
   * then a tag for the strategy and the redirect URI's path.
   */
  readonly prefix: string;
  readonly attributes: string;
}

/** The contents of a cookie. The names are short because the browser sends it with each request. */
interface Sealed {
  /** When the sign-in expires, in milliseconds since the epoch: a browser might keep the cookie longer. */
  readonly e: number;
  /** The origin of the redirect URI. Its path is not in the cookie, but a cookie opens only for the same path. */
  readonly o: string;
  /** The PKCE verifier. */
  readonly v?: string | undefined;
  /** The scope that was requested. */
  readonly s?: string | undefined;
  /**
   * A short hash that identifies the person who was signed in when the sign-in began; absent if no one was.
   */
  readonly w?: string | undefined;
  /** The app's own `state`. */
  readonly a?: unknown;
}

/**
 * Keeps sign-ins while the browser is at Ion, each in its own sealed cookie (AES-256-GCM). So signing in
 * needs no session, and any number of processes can share the work without a shared store.
 *
 * ```ts
 * const store = new CookieStateStore({ secret: process.env.STATE_SECRET });
 * const callbackURL = 'https://example.com/complete/ion/';
 * passport.use(
 *   new IonStrategy({ clientID, clientSecret, callbackURL, store }, ({ profile }) => ({
 *     id: profile.id,
 *   })),
 * );
 * ```
 *
 * The cookies are `HttpOnly` and `SameSite=Lax`, and over https also `Secure`. Over https they are named
 * `__Host-…`, or, if the path of the redirect URI names a site on a shared host, `__Secure-…` with that
 * path. They take at most 2 KB of each request, which is enough for about seven sign-ins; after that, a new
 * sign-in replaces the oldest. A sign-in may take up to ten minutes. If someone is signed in (`req.user`)
 * when it begins, the same person must be signed in when it ends.
 *
 * It has the interface of passport-oauth2's state stores, so other strategies can use it, too.
 */
export class CookieStateStore<Request = IonRequest> {
  readonly #newest: KeyObject;
  readonly #keys: readonly KeyObject[];
  readonly #responseTo: CookieStateStoreOptions<Request>['response'];

  /**
   * Derives the keys with HKDF-SHA256 (RFC 5869).
   *
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if an option is wrong: a secret is missing or too short, or
   *   the newest secret has an invisible character or fewer than 8 different characters.
   */
  constructor(options: CookieStateStoreOptions<Request>) {
    if (!isRecord(options)) {
      throw new IonOptionError('secret', 'CookieStateStore: give it { secret }');
    }
    const { secret, response } = options;
    const [newest, ...older] = checkSecrets('CookieStateStore', secret);
    if (response !== undefined && typeof response !== 'function') {
      const problem = 'CookieStateStore: response must be a function, (req) => response';
      throw new IonOptionError('response', problem);
    }
    const keyFrom = (each: string): KeyObject =>
      createSecretKey(deriveKey(each, `${VERSION} key`, 32));
    this.#newest = keyFrom(newest);
    this.#keys = [this.#newest, ...older.map(keyFrom)];
    this.#responseTo = response;
  }

  /** Sets the cookie of a new sign-in, and calls back with its handle. */
  store(
    req: IonRequest,
    verifier: string | undefined,
    state: unknown,
    meta: StateStoreMetadata,
    done: StateStored,
  ): void {
    const { callbackURL, scope } = meta;
    const handle = newHandle();
    const place = placeOf(meta);
    const name = cookieName(place, handle);
    const sealed = {
      e: Date.now() + SIGN_IN_LIFETIME_MS,
      o: originOf(callbackURL),
      v: verifier,
      s: scope,
      w: whoIs(req),
      a: state,
    };
    const text = Buffer.from(
      toJSON('CookieStateStore: the state of passport.authenticate', sealed),
    );
    const value = encrypt(this.#newest, text, associatedData(name, meta)).toString('base64url');
    if (name.length + value.length > MAX_COOKIE_BYTES) {
      throw new IonOptionError(
        'state',
        `CookieStateStore: the state of passport.authenticate is too large for a cookie (${name.length + value.length} bytes, at most ${MAX_COOKIE_BYTES} with everything else); keep it short, such as { returnTo: '/lunch' }`,
      );
    }
    const maxAge = SIGN_IN_LIFETIME_MS / 1000;
    this.#setCookies(req, [
      ...namesToClear(req, place, name.length + value.length).map((other) =>
        clearingCookie(other, place),
      ),
      `${name}=${value}; Max-Age=${maxAge}${place.attributes}`,
    ]);
    done(null, handle);
  }

  /** Clears the cookie of this sign-in, and calls back with what it held, or with a refusal. */
  verify(
    req: IonRequest,
    handle: string | undefined,
    meta: StateStoreMetadata,
    done: CookieStateVerified,
  ): void {
    const taken = this.#take(req, handle, meta);
    if ('reason' in taken) done(null, false, taken);
    else done(null, taken.verifier ?? true, taken.state, taken);
  }

  #take(
    req: IonRequest,
    handle: string | undefined,
    meta: StateStoreMetadata,
  ): InFlightSignIn | Refusal {
    if (handle === undefined || !isHandle(handle)) return unknownState(req);
    const place = placeOf(meta);
    const name = cookieName(place, handle);
    const values = valuesOf(req, name);
    if (values.length === 0) {
      this.#refuseBegunOnHTTP(req, handle, meta);
      return unknownState(req);
    }
    // Browsers send some of these cookies only to the redirect URI's path, so expired and surplus ones are
    // cleared here, too.
    const cleared = new Set([name, ...namesToClear(req, place, 0)]);
    this.#setCookies(
      req,
      [...cleared].map((each) => clearingCookie(each, place)),
    );
    const sealed = this.#open(name, values, meta);
    if (!sealed) return refusal('unreadable');
    if (sealed.e <= Date.now()) return refusal('expired');
    if (sealed.w !== undefined && sealed.w !== whoIs(req)) return refusal('other-user');
    const { o: origin, v: verifier, s: scope, a: state } = sealed;
    return { redirectURI: origin + pathOf(meta.callbackURL), verifier, scope, state };
  }

  /**
   * Throws if the sign-in's cookie was set over http: it must not count over https, since anyone on the
   * network could have set it.
   */
  #refuseBegunOnHTTP(req: IonRequest, handle: string, meta: StateStoreMetadata): void {
    const { callbackURL } = meta;
    if (!callbackURL.startsWith('https:')) return;
    const overHTTP = { ...meta, callbackURL: callbackURL.replace('https:', 'http:') };
    const name = cookieName(placeOf(overHTTP), handle);
    if (!this.#open(name, valuesOf(req, name), overHTTP)) return;
    throw new IonSessionError(
      'This sign-in began at an http: address and came back to https:, so its cookie does not count: redirect every page from http: to https:, and set trust proxy if the app is behind a proxy, so that sign-ins begin at https: as well.',
    );
  }

  #open(name: string, values: readonly string[], meta: StateStoreMetadata): Sealed | undefined {
    const data = associatedData(name, meta);
    for (const value of values.slice(0, MAX_OPENED)) {
      if (value.length > MAX_COOKIE_BYTES) continue;
      const bytes = Buffer.from(value, 'base64url');
      for (const key of this.#keys) {
        const text = decrypt(key, bytes, data);
        // The cast is safe because no one else has the key, so this is what we sealed.
        if (text) return parseJSON(text.toString()) as Sealed;
      }
    }
    return undefined;
  }

  #setCookies(req: IonRequest, cookies: readonly string[]): void {
    // Cast because the option `response` can declare the type of request that the framework actually
    // passes.
    const given = req as Request;
    const response: unknown = this.#responseTo ? this.#responseTo(given) : usualResponse(req);
    if (types.isPromise(response)) refusePromise(response);
    if (hasMethods(response, 'getHeader', 'setHeader')) {
      // Keep the cookies that the app itself has set on this response.
      const earlier = response.getHeader('Set-Cookie');
      const lines = earlier === undefined ? [] : [earlier].flat().map(String);
      response.setHeader('Set-Cookie', [...lines, ...cookies]);
      return;
    }
    if (hasMethods(response, 'header')) {
      for (const cookie of cookies) response.header('Set-Cookie', cookie);
      return;
    }
    throw new IonOptionError(
      'response',
      'CookieStateStore: there is no response to set a cookie on, since this request has neither req.res (Express) nor req.ctx (Koa); tell it where the response is: new CookieStateStore({ secret, response: (req) => req.reply })',
    );
  }
}

function hasMethods<Name extends string>(
  value: unknown,
  ...names: Name[]
): value is Record<Name, (...parameters: unknown[]) => unknown> {
  return isRecord(value) && names.every((name) => typeof value[name] === 'function');
}

// Refuses a promise instead of awaiting it: if it resolves to Fastify's reply, it settles only after the
// reply has been sent.
function refusePromise(response: Promise<unknown>): never {
  // Without this handler, a rejection would be unhandled and would end the process.
  response.catch(() => undefined);
  throw new IonOptionError(
    'response',
    'CookieStateStore: response returned a promise; let it return the response itself, without async',
  );
}

function usualResponse(req: IonRequest): unknown {
  // Cast because the framework determines which of these properties exist.
  const { ctx, res } = req as { ctx?: unknown; res?: unknown };
  return isRecord(ctx) && isRecord(ctx['res']) ? ctx['res'] : res;
}

// A handle begins with the time, and so does the name of its cookie: the oldest cookie can be found without
// opening any of them.
function newHandle(): string {
  const time = Date.now().toString(36).padStart(TIME_CHARACTERS, '0');
  return time + randomBytes(18).toString('base64url');
}

function isHandle(handle: string): boolean {
  return /^[0-9a-z]{9}[\w-]{24}$/.test(handle);
}

// The cookie's name has the time from the handle, but only a hash of the whole handle: the handle is the `state`
// parameter, and other sites on the host might see the name.
function cookieName({ prefix }: CookiePlace, handle: string): string {
  return `${prefix}${handle.slice(0, TIME_CHARACTERS)}${hash(handle, 16)}`;
}

function placeOf({
  authorizationURL,
  tokenURL,
  clientID,
  callbackURL,
}: StateStoreMetadata): CookiePlace {
  const path = pathOf(callbackURL);
  const tag = hash(JSON.stringify([authorizationURL, tokenURL, clientID, path]), TAG_CHARACTERS);
  const isRoot = isAtRoot(path);
  const attributes = `; Path=${isRoot ? '/' : cookiePath(path)}; HttpOnly; SameSite=Lax`;
  if (!callbackURL.startsWith('https:')) return { prefix: `ion-${tag}`, attributes };
  const prefix = `${isRoot ? '__Host' : '__Secure'}-ion-${tag}`;
  return { prefix, attributes: `${attributes}; Secure` };
}

const ROUTE_NAMES = new Set(
  'account accounts api auth authorize callback complete connect ion login oauth oauth2 passport session sessions sign-in signin social sso user users'.split(
    ' ',
  ),
);

/**
 * Whether the site seems to have the host to itself, judging by its redirect URI: the path has only one
 * segment, or begins with a common name for sign-in routes. Any other first segment might be the name of a
 * site, as in `https://user.tjhsst.edu/NAME/complete/ion/`.
 */
function isAtRoot(path: string): boolean {
  const [first = '', ...rest] = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  return rest.length === 0 || ROUTE_NAMES.has(first.toLowerCase());
}

// In a Set-Cookie header, an attribute ends at a semicolon, so a path that contains a semicolon is cut back
// to the folder before it.
function cookiePath(path: string): string {
  const [beforeQuery = ''] = path.split('?');
  const semicolon = beforeQuery.indexOf(';');
  if (semicolon === -1) return beforeQuery;
  return beforeQuery.slice(0, beforeQuery.lastIndexOf('/', semicolon) + 1);
}

function originOf(url: string): string {
  return /^https?:\/\/[^/?]*/.exec(url)?.[0] ?? '';
}

function pathOf(url: string): string {
  return url.slice(originOf(url).length);
}

function associatedData(
  name: string,
  { authorizationURL, tokenURL, clientID, callbackURL }: StateStoreMetadata,
): Buffer {
  const parts = [VERSION, name, authorizationURL, tokenURL, clientID, pathOf(callbackURL)];
  return Buffer.from(JSON.stringify(parts));
}

/**
 * Identifies the person who is signed in, by a short text that stays the same in later requests. Returns
 * undefined if no one is signed in.
 */
function whoIs({ user }: { readonly user?: unknown }): string | undefined {
  if (user === undefined || user === null) return undefined;
  const fields: Record<string, unknown> = isRecord(user) ? user : { id: user };
  const id = ['id', '_id', 'sub', 'username', 'email']
    .map((name) => fields[name])
    .find((value) => value !== undefined && value !== null);
  if (typeof id === 'string' || typeof id === 'number') return hash(String(id), 16);
  return hash(
    toJSON('CookieStateStore: req.user, which has no id,', isRecord(id) ? id : fields),
    16,
  );
}

function hash(text: string, characters: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, characters);
}

/** Yields the cookies of a request, in the order in which the browser sent them. */
function* cookiesOf({ headers }: IonRequest): Generator<[name: string, value: string]> {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1) yield [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  }
}

function valuesOf(req: IonRequest, name: string): string[] {
  return [...cookiesOf(req)].filter(([each]) => each === name).map(([, value]) => value);
}

/**
 * Returns the names of the earlier sign-ins' cookies that must go: expired ones, and the oldest if there
 * are too many.
 */
function namesToClear(req: IonRequest, { prefix }: CookiePlace, newBytes: number): string[] {
  const bytes = new Map<string, number>();
  for (const [name, value] of cookiesOf(req)) {
    if (!name.startsWith(prefix)) continue;
    bytes.set(name, (bytes.get(name) ?? 0) + name.length + value.length + '=; '.length);
  }
  const now = Date.now();
  const began = (name: string): number =>
    parseInt(name.slice(prefix.length, prefix.length + TIME_CHARACTERS), 36);
  const isAlive = (name: string): boolean =>
    began(name) > now - SIGN_IN_LIFETIME_MS && began(name) <= now + SIGN_IN_LIFETIME_MS;
  const newestFirst = [...bytes.keys()].sort((a, b) => began(b) - began(a));
  let total = newBytes;
  return newestFirst
    .filter((name) => {
      if (!isAlive(name)) return true;
      total += bytes.get(name) ?? 0;
      return total > MAX_TOTAL_BYTES;
    })
    .slice(-MAX_CLEARED);
}

function clearingCookie(name: string, { attributes }: CookiePlace): string {
  return `${name}=; Max-Age=0${attributes}`;
}
