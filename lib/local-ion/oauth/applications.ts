// The applications that are registered with a local Ion: their redirect URIs and secrets.

import { createHash, timingSafeEqual } from 'node:crypto';

import { wrongOption } from '../errors.js';
import { formDecodePairs, uriParts } from '../server/form-encoding.js';
import { randomText } from '../data/random.js';

/** An application, as its author registers it with Ion. */
export interface Application {
  /** What people read on the consent page. Default: the client id. */
  readonly name?: string;
  /** The client id. */
  readonly clientID: string;
  /** The client secret. Left out: a public application, which needs none and can prove nothing. */
  readonly clientSecret?: string;
  /**
   * Where people may be sent back to. Compared as Ion does: scheme, host, port and path exactly, a
   * query may be added; of `http://127.0.0.1/…` and `http://[::1]/…` without a port, any port.
   *
   * Left out: any URI on a loopback host (`localhost`, `127.0.0.1`, `[::1]`), so that an app need not
   * know its port beforehand. Ion has nothing like it: there, every URI is registered.
   */
  readonly redirectURIs?: readonly string[];
  /** Whether people are not asked for consent. Default false. */
  readonly sanctioned?: boolean;
  /** The grant that it was registered for. Default `authorization-code`. */
  readonly grantType?: 'authorization-code' | 'client-credentials';
}

const KEYS: Readonly<Record<keyof Application, true>> = {
  name: true,
  clientID: true,
  clientSecret: true,
  redirectURIs: true,
  sanctioned: true,
  grantType: true,
};

/** An application that has been checked. */
export class RegisteredApplication {
  readonly name: string;
  readonly clientID: string;
  readonly clientSecret: string | undefined;
  readonly sanctioned: boolean;
  readonly grantType: 'authorization-code' | 'client-credentials';
  readonly #redirectURIs: readonly string[] | undefined;

  constructor(application: Application) {
    this.clientID = application.clientID;
    this.clientSecret = application.clientSecret;
    this.name = application.name ?? application.clientID;
    this.sanctioned = application.sanctioned ?? false;
    this.grantType = application.grantType ?? 'authorization-code';
    this.#redirectURIs = application.redirectURIs && [...application.redirectURIs];
  }

  /** Whether it needs no secret. */
  get isPublic(): boolean {
    return this.clientSecret === undefined;
  }

  /** Where people go when the request names no place: where exactly one is registered, there. */
  get defaultRedirectURI(): string | undefined {
    return this.#redirectURIs?.length === 1 ? this.#redirectURIs[0] : undefined;
  }

  /** Whether people may be sent there. */
  allowsRedirect(uri: string): boolean {
    if (!this.#redirectURIs) return isOnLoopback(uri);
    return this.#redirectURIs.some((registered) => allows(registered, uri));
  }

  /** Whether the secret is right. Ion gives a public application one too, and tells it to nobody. */
  hasSecret(secret: string): boolean {
    if (this.clientSecret === undefined) return false;
    const [given, own] = [secret, this.clientSecret].map((text) =>
      createHash('sha256').update(text).digest(),
    );
    return given !== undefined && own !== undefined && timingSafeEqual(given, own);
  }
}

/** The applications by client id, the first one first. */
export type Applications = ReadonlyMap<string, RegisteredApplication>;

/** The applications of the option, checked; left out, one that any app on this machine can use. */
export function applicationsFrom(applications: unknown): Applications {
  if (applications === undefined) {
    const usual = { clientID: randomText(40), clientSecret: randomText(128), name: 'Your app' };
    return new Map([[usual.clientID, new RegisteredApplication(usual)]]);
  }
  if (!Array.isArray(applications) || applications.length === 0) {
    throw wrongOption(
      'applications',
      'must be an array of at least one; leave it out for one that accepts any loopback redirect URI',
      applications,
    );
  }
  const registered = new Map<string, RegisteredApplication>();
  for (const [index, application] of applications.entries()) {
    const where = `applications[${index}]`;
    checkApplication(where, application);
    if (registered.has(application.clientID)) {
      throw wrongOption(`${where}.clientID`, 'is the second of its kind', application.clientID);
    }
    registered.set(application.clientID, new RegisteredApplication(application));
  }
  return registered;
}

function checkApplication(where: string, given: unknown): asserts given is Application {
  if (typeof given !== 'object' || given === null) {
    throw wrongOption(where, 'must be an object', given);
  }
  // The cast: nothing is believed of it before it has been checked.
  const application = given as Readonly<Record<keyof Application, unknown>>;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(
      `${where}.${unknown}`,
      `is unknown; known are ${Object.keys(KEYS).join(', ')}`,
    );
  }
  const { name, clientID, clientSecret, redirectURIs, sanctioned, grantType } = application;
  if (typeof clientID !== 'string' || !/^[\x21-\x7e]+$/.test(clientID)) {
    throw wrongOption(`${where}.clientID`, 'must be a string without white space', clientID);
  }
  // What it got is not shown: it is a secret.
  if (clientSecret !== undefined && (typeof clientSecret !== 'string' || clientSecret === '')) {
    const hint =
      'must be a string of at least one character; leave it out for a public application';
    throw wrongOption(`${where}.clientSecret`, hint);
  }
  if (name !== undefined && typeof name !== 'string') {
    throw wrongOption(`${where}.name`, 'must be a string', name);
  }
  if (sanctioned !== undefined && typeof sanctioned !== 'boolean') {
    throw wrongOption(`${where}.sanctioned`, 'must be true or false', sanctioned);
  }
  if (![undefined, 'authorization-code', 'client-credentials'].includes(grantType as string)) {
    const must = "must be 'authorization-code' or 'client-credentials'";
    throw wrongOption(`${where}.grantType`, must, grantType);
  }
  if (redirectURIs !== undefined) checkRedirectURIs(`${where}.redirectURIs`, redirectURIs);
}

function checkRedirectURIs(where: string, uris: unknown): void {
  if (!Array.isArray(uris) || uris.length === 0) {
    throw wrongOption(where, 'must be an array of at least one URI', uris);
  }
  for (const [index, uri] of uris.entries()) {
    // As Ion's form: http and https only, no fragment.
    if (typeof uri !== 'string' || !/^https?:\/\/[^\s#]+$/.test(uri) || !URL.canParse(uri)) {
      const must = 'must be an http or https URI without a fragment';
      throw wrongOption(`${where}[${index}]`, must, uri);
    }
  }
}

function isOnLoopback(uri: string): boolean {
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return false;
  const { hostname } = new URL(uri);
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

// The rules of django-oauth-toolkit, RFC 8252 (section 7.3) for loopback addresses among them.
function allows(registered: string, uri: string): boolean {
  const [own, given] = [uriParts(registered), uriParts(uri)];
  if (
    own.scheme !== given.scheme ||
    withoutParameters(own.path) !== withoutParameters(given.path)
  ) {
    return false;
  }
  const anyPort =
    own.scheme === 'http' &&
    ['127.0.0.1', '[::1]'].includes(own.authority) &&
    given.authority.replace(/^[^@]*@|:\d*$/g, '') === own.authority;
  if (!anyPort && own.authority !== given.authority) return false;
  const sent = formDecodePairs(given.query);
  return formDecodePairs(own.query).every(([name, value]) =>
    sent.some((pair) => pair[0] === name && pair[1] === value),
  );
}

// Python's urlparse leaves out what follows a semicolon in the last segment.
function withoutParameters(path: string): string {
  const semicolon = path.indexOf(';', path.lastIndexOf('/') + 1);
  return semicolon < 0 ? path : path.slice(0, semicolon);
}
