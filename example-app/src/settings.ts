// What the environment says: every setting of the app, checked, all problems told at once.

/** An environment that the app cannot start with. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(problems: readonly string[]) {
    super(['The app cannot start with these settings:', ...problems].join('\n  - '));
  }
}

/** The app at Ion that people sign in with. */
export interface IonApplication {
  readonly clientID: string;
  readonly clientSecret: string | undefined;
  /** Where Ion is, where it is not at its own address. */
  readonly baseURL: string | undefined;
}

export interface Settings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** The path that the app lives under, without a final slash: `/2027jdoe`, or empty for the root. */
  readonly basePath: string;
  /** How many proxies stand in front of the app, whose X-Forwarded-* headers are believed. */
  readonly trustProxy: number;
  readonly sessionSecret: string | undefined;
  /** Where the Redis is that several processes share; without one, each keeps its own. */
  readonly redisURL: string | undefined;
  readonly callbackURL: string;
  readonly ion: IonApplication | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const HOW_TO_MAKE_A_SECRET =
  "make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"";

/** The settings that `env` holds. A variable that is empty counts as unset. */
export function settingsFrom(env: Environment): Settings {
  const read = new Reading(env);
  const production =
    read.text(
      'NODE_ENV',
      'development',
      /^(production|development|test)$/,
      'be production, development or test',
    ) === 'production';
  const basePath = read
    .text(
      'BASE_PATH',
      '/',
      /^\/$|^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+\/?$/,
      'be a path such as /2027jdoe/',
    )
    .replace(/\/$/, '');
  const settings = {
    production,
    basePath,
    host: read.text('HOST', 'localhost', /^[\w.:-]+$/, 'be a host name or an address'),
    port: read.number('PORT', 3000, 65_535),
    trustProxy: read.number('TRUST_PROXY', 0, 10),
    sessionSecret: sessionSecretIn(read, production),
    redisURL: redisURLIn(read),
    callbackURL: callbackURLIn(read, basePath),
    ion: ionIn(read, production),
  };
  if (read.problems.length > 0) throw new SettingsError(read.problems);
  return settings;
}

function sessionSecretIn(read: Reading, production: boolean): string | undefined {
  const secret = read.value('SESSION_SECRET');
  if (secret !== undefined && secret.length < 32) {
    read.problem(`SESSION_SECRET must have 32 characters or more; ${HOW_TO_MAKE_A_SECRET}`);
  }
  if (secret === undefined && production) {
    read.problem(`SESSION_SECRET is not set, and must be in production; ${HOW_TO_MAKE_A_SECRET}`);
  }
  return secret;
}

function redisURLIn(read: Reading): string | undefined {
  const redisURL = read.value('REDIS_URL');
  if (redisURL === undefined) return undefined;
  if (!isRedisURL(redisURL)) {
    read.problem(
      'REDIS_URL must be such as redis://127.0.0.1:6379, with rediss for TLS, /1 at its end for another database than 0, and :password@ before the host where Redis asks for one, percent-encoded',
    );
  }
  if (read.value('SESSION_SECRET') === undefined) {
    read.problem(
      'SESSION_SECRET is not set, and must be with REDIS_URL: the same one for all that share a Redis',
    );
  }
  return redisURL;
}

function isRedisURL(text: string): boolean {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(text);
  if (hostname === '' || !/^(\/\d*)?$/.test(pathname) || search + hash !== '') return false;
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

// The app answers at these two paths only: anything else would end on a page that is not there.
function callbackURLIn(read: Reading, basePath: string): string {
  const callbackURL = read.value('ION_CALLBACK_URL') ?? '/complete/ion/';
  const isURL = /^https?:\/\//.test(callbackURL) && URL.canParse(callbackURL);
  const paths = isURL ? [new URL(callbackURL).pathname] : [callbackURL, basePath + callbackURL];
  const served = [`${basePath}/complete/ion/`, `${basePath}/complete/ion`];
  if (!paths.some((path) => served.includes(path))) {
    read.problem(
      `ION_CALLBACK_URL must be the address that is registered with Ion, or its path: ${served.join(' or ')}`,
    );
  }
  return callbackURL;
}

function ionIn(read: Reading, production: boolean): IonApplication | undefined {
  const names = ['ION_CLIENT_ID', 'ION_CLIENT_SECRET'] as const;
  const [clientID, clientSecret] = names.map((name) => read.word(name));
  const baseURL = baseURLIn(read);
  if (clientID !== undefined && clientSecret !== undefined)
    return { clientID, clientSecret, baseURL };
  const missing = names.filter((name) => read.value(name) === undefined);
  if (missing.length === 1) {
    read.problem(`${missing.join()} is not set, but its other half is: set both, or neither`);
  } else if (production) {
    // The local Ion lets anyone sign in as anyone.
    read.problem('ION_CLIENT_ID and ION_CLIENT_SECRET are not set, and must be in production');
  } else if (baseURL !== undefined) {
    read.problem('ION_BASE_URL is set, but ION_CLIENT_ID and ION_CLIENT_SECRET are not');
  }
  return undefined;
}

function baseURLIn(read: Reading): string | undefined {
  const baseURL = read.value('ION_BASE_URL')?.replace(/\/$/, '');
  if (baseURL === undefined) return undefined;
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.origin === baseURL && (url.protocol === 'https:' || loopback)) return baseURL;
  read.problem(
    'ION_BASE_URL must be a scheme, a host and a port, such as http://127.0.0.1:8000, and https unless the host is this machine',
  );
  return undefined;
}

// Reads variables one by one, and collects what is wrong. No message shows a value: it may be a secret
// in the wrong place.
class Reading {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  problem(message: string): void {
    this.problems.push(message);
  }

  value(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  text(name: string, byDefault: string, pattern: RegExp, must: string): string {
    const value = this.value(name) ?? byDefault;
    if (pattern.test(value)) return value;
    this.problem(`${name} must ${must}`);
    return byDefault;
  }

  number(name: string, byDefault: number, most: number): number {
    const value = Number(
      this.text(name, String(byDefault), /^\d{1,5}$/, `be a number from 0 to ${most}`),
    );
    if (value > most) this.problem(`${name} must be a number from 0 to ${most}`);
    return value;
  }

  word(name: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && /\s/.test(value))
      this.problem(`${name} must have no white space in it`);
    return value;
  }
}
