// Reads the app's environment variables and checks them with zod. Reports all problems at the same time.

import { z } from 'zod';

/** The application that is registered with Ion for this app. */
export interface IonApplication {
  readonly clientID: string;
  readonly clientSecret: string | undefined;
  /** The URL of Ion, if it is not https://ion.tjhsst.edu. */
  readonly baseURL: string | undefined;
}

export interface Settings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** The path at which people reach the app, without a trailing slash, such as `/2027jdoe`. Can be empty. */
  readonly basePath: string;
  /** How many proxies are in front of the app. Their X-Forwarded-* headers are trusted. */
  readonly trustProxy: number;
  readonly sessionSecret: string | undefined;
  /** The URL of the Redis that several processes share. Without a Redis, each process keeps its own data. */
  readonly redisURL: string | undefined;
  /** The strategy's callbackURL: one or more full URLs. In development, it may also be a path. */
  readonly callbackURL: string | string[];
  readonly ion: IonApplication | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown if the app cannot start with these environment variables. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(problems: readonly string[]) {
    super(['The app cannot start with these settings:', ...problems].join('\n  - '));
  }
}

const MAKE_A_SECRET =
  "make one with: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"";

// Not allowed in production: everyone knows these credentials, because the `passport-ion local-ion` command
// prints them.
const LOCAL_ION_CREDENTIALS = [
  'local-ion-client-id',
  'local-ion-client-secret-which-is-not-secret',
];

// Error messages never show the value, because it might be a secret that someone put in the wrong variable.
const wholeNumber = (max: number): z.ZodType<number, string> => {
  const message = `must be a whole number from 0 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((value) => value <= max, message);
};
const credential = z.string().regex(/^\S+$/, 'must have no spaces in it');

const variables = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'], 'must be production, development or test')
    .default('development'),
  PORT: wholeNumber(65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an IP address')
    .default('localhost'),
  BASE_PATH: z
    .string()
    .regex(/^\/$|^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+\/?$/, 'must be a path such as /2027jdoe/')
    .transform(withoutFinalSlash)
    .default(''),
  TRUST_PROXY: wholeNumber(10).default(0),
  SESSION_SECRET: z
    .string()
    .min(32, `must have at least 32 characters; ${MAKE_A_SECRET}`)
    .refine(
      (secret) => new Set(secret).size >= 8,
      `must have at least 8 different characters; ${MAKE_A_SECRET}`,
    )
    .regex(
      /^(?:(?![\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}).)*$/su,
      `must have no invisible characters; ${MAKE_A_SECRET}`,
    )
    .optional(),
  REDIS_URL: z
    .string()
    .refine(
      isRedisURL,
      'must look like redis://127.0.0.1:6379; .env.example shows the form with TLS, a password and a database number',
    )
    .optional(),
  ION_CLIENT_ID: credential.optional(),
  ION_CLIENT_SECRET: credential.optional(),
  ION_CALLBACK_URL: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine(
      (urls) => urls.every((url) => isWebURL(url) || (urls.length === 1 && url.startsWith('/'))),
      'must be the full URL that you registered with Ion, such as https://NAME.sites.tjhsst.edu/complete/ion/, or several with spaces between them',
    )
    .default(['/complete/ion/']),
  ION_BASE_URL: z
    .string()
    .transform(withoutFinalSlash)
    .refine(
      (url) =>
        isWebURL(url) &&
        new URL(url).origin === url &&
        (url.startsWith('https:') || isLoopback(url)),
      'must be a scheme, a host and a port, such as http://127.0.0.1:8000, and https unless it is on this machine',
    )
    .optional(),
});

/** Reads the settings from `env`. An empty variable counts as unset. */
export function settingsFrom(env: Environment): Settings {
  const given: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(env)) {
    if (value.trim() !== '') given[name] = value.trim();
  }
  const { success, data, error } = variables.safeParse(given);
  // Keep only the first problem with each variable.
  const broken = new Map(error?.issues.toReversed().map(({ path, message }) => [path[0], message]));
  const problems = [
    ...[...broken].reverse().map(([name, message]) => `${String(name)} ${message}`),
    ...problemsTogether(given, broken),
  ];
  if (!success || problems.length > 0) throw new SettingsError(problems);
  const [onlyURL = '', ...moreURLs] = data.ION_CALLBACK_URL;
  return {
    production: data.NODE_ENV === 'production',
    host: data.HOST,
    port: data.PORT,
    basePath: data.BASE_PATH,
    trustProxy: data.TRUST_PROXY,
    sessionSecret: data.SESSION_SECRET,
    redisURL: data.REDIS_URL,
    callbackURL: moreURLs.length === 0 ? onlyURL : data.ION_CALLBACK_URL,
    ion:
      data.ION_CLIENT_ID === undefined
        ? undefined
        : {
            clientID: data.ION_CLIENT_ID,
            clientSecret: data.ION_CLIENT_SECRET,
            baseURL: data.ION_BASE_URL,
          },
  };
}

/**
 * Finds variables that don't fit together. `broken` has the variables that already have problems of their
 * own.
 */
function problemsTogether(
  env: Readonly<Record<string, string>>,
  broken: ReadonlyMap<unknown, string>,
): string[] {
  const problems = [...secretProblems(env), ...credentialProblems(env)];
  if (!broken.has('ION_BASE_URL')) problems.push(...baseURLProblems(env));
  if (!broken.has('ION_CALLBACK_URL') && !broken.has('BASE_PATH')) {
    problems.push(...callbackURLProblems(env));
  }
  return problems;
}

function* secretProblems({ NODE_ENV, SESSION_SECRET, REDIS_URL }: Environment): Iterable<string> {
  if (SESSION_SECRET !== undefined) return;
  if (NODE_ENV === 'production') {
    yield `SESSION_SECRET is not set, but production needs it; ${MAKE_A_SECRET}`;
  } else if (REDIS_URL !== undefined) {
    yield 'SESSION_SECRET is not set, but REDIS_URL needs it: the same secret for all processes that share a Redis';
  }
}

function* credentialProblems(env: Environment): Iterable<string> {
  const names = ['ION_CLIENT_ID', 'ION_CLIENT_SECRET'] as const;
  const isProduction = env['NODE_ENV'] === 'production';
  const missing = names.filter((name) => env[name] === undefined);
  if (missing.length === 1) {
    yield `${missing.join()} is not set: set both ION_CLIENT_ID and ION_CLIENT_SECRET, or neither`;
  } else if (missing.length === 2 && isProduction) {
    yield 'ION_CLIENT_ID and ION_CLIENT_SECRET are not set, but production needs them';
  }
  for (const name of names) {
    if (isProduction && LOCAL_ION_CREDENTIALS.includes(env[name] ?? '')) {
      yield `${name} is the local Ion's, which everyone knows: production needs your own application, registered with Ion`;
    }
  }
}

function* baseURLProblems({
  NODE_ENV,
  ION_BASE_URL,
  ION_CLIENT_ID,
  ION_CLIENT_SECRET,
}: Environment): Iterable<string> {
  if (ION_BASE_URL === undefined) return;
  if (NODE_ENV === 'production' && isLoopback(ION_BASE_URL)) {
    yield 'ION_BASE_URL is on this machine, but production needs the real Ion: a local Ion lets anyone sign in as anyone';
  } else if (ION_CLIENT_ID === undefined && ION_CLIENT_SECRET === undefined) {
    yield 'ION_BASE_URL is set, but ION_CLIENT_ID and ION_CLIENT_SECRET are not';
  }
}

function* callbackURLProblems({
  NODE_ENV,
  ION_CALLBACK_URL,
  BASE_PATH = '',
  TRUST_PROXY = '0',
}: Environment): Iterable<string> {
  const isProduction = NODE_ENV === 'production';
  if (ION_CALLBACK_URL === undefined) {
    if (isProduction) {
      yield 'ION_CALLBACK_URL is not set, but production needs it: the full URL that you registered with Ion';
    }
    return;
  }
  const basePath = withoutFinalSlash(BASE_PATH);
  const served = [`${basePath}/complete/ion/`, `${basePath}/complete/ion`];
  const urls = ION_CALLBACK_URL.split(/[\s,]+/).filter(Boolean);
  if (!urls.every((url) => pathsOf(url, basePath).some((path) => served.includes(path)))) {
    yield `ION_CALLBACK_URL must end with ${served.join(' or ')} after the host: the app answers there. BASE_PATH is what comes before /complete/ion/`;
  } else if (isProduction && !urls.every(isWebURL)) {
    yield 'ION_CALLBACK_URL must be a full URL in production, because anyone can send a request with any Host they like';
  } else if (isProduction && !urls.every((url) => url.startsWith('https:') || isLoopback(url))) {
    yield 'ION_CALLBACK_URL must begin with https:// in production';
  } else if (/^0+$/.test(TRUST_PROXY) && urls.some((url) => url.startsWith('https:'))) {
    yield 'TRUST_PROXY must be the number of proxies in front of the app, usually 1: ION_CALLBACK_URL says that people use https, which this app does not speak itself';
  }
}

function pathsOf(callbackURL: string, basePath: string): string[] {
  if (isWebURL(callbackURL)) return [callbackURL.slice(new URL(callbackURL).origin.length)];
  return [callbackURL, basePath + callbackURL];
}

function isWebURL(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
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

function withoutFinalSlash(text: string): string {
  return text.replace(/\/$/, '');
}
