// Keeps the applications registered with a local Ion, and checks their secrets and redirect URIs.

import { createHash, timingSafeEqual } from 'node:crypto';

import { wrongOption } from '../errors.js';
import { isOnLoopback, matchesRedirectURI } from './redirect-uri.js';
import { randomText } from '../random-text.js';

/** An application, as its developer registers it with Ion. */
export interface Application {
  /** The name that the consent page shows. Default: the client id. */
  readonly name?: string;
  /** The client id. */
  readonly clientID: string;
  /** The client secret. An application without a secret is public: it does not have to authenticate. */
  readonly clientSecret?: string;
  /**
   * The URIs that people may be sent back to. Like Ion, the local Ion compares scheme, host, port and path
   * exactly, and allows additional query parameters. `http://127.0.0.1/…` and `http://[::1]/…` without a port
   * match any port.
   *
   * Default: any URI on a loopback host (`localhost`, 127.0.0.0/8, `[::1]`), so that tests can run an app
   * on any free port. On Ion, every URI must be registered.
   */
  readonly redirectURIs?: readonly string[];
  /** Whether Ion skips the consent page for this application. Default false. */
  readonly sanctioned?: boolean;
  /** The grant type that the application is registered for. Default `authorization-code`. */
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

/** An application whose options have been checked. */
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

  /** Whether the application has no secret. */
  get isPublic(): boolean {
    return this.clientSecret === undefined;
  }

  /** The redirect URI for requests without `redirect_uri`. Undefined unless exactly one URI is registered. */
  get defaultRedirectURI(): string | undefined {
    return this.#redirectURIs?.length === 1 ? this.#redirectURIs[0] : undefined;
  }

  /** Whether Ion may send people back to `uri` after they sign in to this application. */
  allowsRedirect(uri: string): boolean {
    if (!this.#redirectURIs) return isOnLoopback(uri);
    return this.#redirectURIs.some((registered) => matchesRedirectURI(registered, uri));
  }

  /**
   * Whether `secret` is the application's secret. Always false for a public application: Ion generates a secret
   * for such an application, but never shows that secret to anyone.
   */
  hasSecret(secret: string): boolean {
    if (this.clientSecret === undefined) return false;
    const [given, own] = [secret, this.clientSecret].map((text) =>
      createHash('sha256').update(text).digest(),
    );
    return given !== undefined && own !== undefined && timingSafeEqual(given, own);
  }
}

/** The applications by client id, in the order of the `applications` option. */
export type Applications = ReadonlyMap<string, RegisteredApplication>;

/** Checks the `applications` option. By default, registers one application that any app on this machine can use. */
export function registerApplications(applications: unknown): Applications {
  if (applications === undefined) {
    const application = {
      clientID: randomText(40),
      clientSecret: randomText(128),
      name: 'Your app',
    };
    return new Map([[application.clientID, new RegisteredApplication(application)]]);
  }
  if (!Array.isArray(applications) || applications.length === 0) {
    throw wrongOption(
      'applications',
      'must be an array of at least one application; leave it out to get one that accepts any loopback redirect URI',
      applications,
    );
  }
  const registered = new Map<string, RegisteredApplication>();
  for (const [index, application] of applications.entries()) {
    const path = `applications[${index}]`;
    checkApplication(path, application);
    if (registered.has(application.clientID)) {
      throw wrongOption(
        `${path}.clientID`,
        'is already used by another application',
        application.clientID,
      );
    }
    registered.set(application.clientID, new RegisteredApplication(application));
  }
  return registered;
}

function checkApplication(path: string, given: unknown): asserts given is Application {
  if (typeof given !== 'object' || given === null) {
    throw wrongOption(path, 'must be an object', given);
  }
  // The cast is safe because every value is checked below.
  const application = given as Readonly<Record<keyof Application, unknown>>;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(
      `${path}.${unknown}`,
      `is unknown; the keys are ${Object.keys(KEYS).join(', ')}`,
    );
  }
  const { name, clientID, clientSecret, redirectURIs, sanctioned, grantType } = application;
  if (typeof clientID !== 'string' || !/^[\x21-\x7e]+$/.test(clientID)) {
    throw wrongOption(`${path}.clientID`, 'must be a string without whitespace', clientID);
  }
  // The message must not show the value, because it is a secret.
  if (clientSecret !== undefined && (typeof clientSecret !== 'string' || clientSecret === '')) {
    const hint =
      'must be a string of at least one character; leave it out for a public application';
    throw wrongOption(`${path}.clientSecret`, hint);
  }
  if (name !== undefined && typeof name !== 'string') {
    throw wrongOption(`${path}.name`, 'must be a string', name);
  }
  if (sanctioned !== undefined && typeof sanctioned !== 'boolean') {
    throw wrongOption(`${path}.sanctioned`, 'must be true or false', sanctioned);
  }
  if (![undefined, 'authorization-code', 'client-credentials'].includes(grantType as string)) {
    const must = "must be 'authorization-code' or 'client-credentials'";
    throw wrongOption(`${path}.grantType`, must, grantType);
  }
  if (redirectURIs !== undefined) checkRedirectURIs(`${path}.redirectURIs`, redirectURIs);
}

function checkRedirectURIs(path: string, uris: unknown): void {
  if (!Array.isArray(uris) || uris.length === 0) {
    throw wrongOption(path, 'must be an array of at least one URI', uris);
  }
  for (const [index, uri] of uris.entries()) {
    // These are also the rules of Ion's registration form.
    if (typeof uri !== 'string' || !/^https?:\/\/[^\s#]+$/.test(uri) || !URL.canParse(uri)) {
      const must = 'must be an http or https URI without a fragment';
      throw wrongOption(`${path}[${index}]`, must, uri);
    }
  }
}
