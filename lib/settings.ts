// Checks IonStrategy's options and fills in the defaults.

import { Agent, validateHeaderName, validateHeaderValue } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import { URL } from 'node:url';

import { ION_URL, endpointsOf } from './endpoints.js';
import type { Endpoints } from './endpoints.js';
import { IonOptionError } from './errors.js';
import { isRecord } from './json.js';
import type {
  IonStrategyOptions,
  IonStrategyOptionsWithRequest,
  SkipUserProfile,
} from './options.js';
import type { StateStore } from './state-store.js';

/** The longest timeout that Node's timers support: with a longer one, they fire immediately. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;

/** The checked options, with their defaults filled in. */
export interface Settings {
  readonly clientID: string;
  readonly clientSecret: string | undefined;
  readonly callbackURL: string | readonly string[];
  readonly scope: string;
  readonly state: boolean;
  readonly pkce: 'S256' | false;
  readonly timeout: number;
  readonly agent: Agent | undefined;
  readonly endpoints: Endpoints;
  readonly passReqToCallback: boolean;
  readonly proxy: boolean;
  readonly sessionKey: string;
  readonly store: StateStore | undefined;
  readonly customHeaders: OutgoingHttpHeaders;
  readonly skipUserProfile: SkipUserProfile;
}

// This is a record, so that the compiler reports an option that is missing here.
const OPTIONS: Readonly<Record<keyof IonStrategyOptions, true>> = {
  clientID: true,
  clientSecret: true,
  callbackURL: true,
  scope: true,
  state: true,
  pkce: true,
  timeout: true,
  agent: true,
  baseURL: true,
  passReqToCallback: true,
  proxy: true,
  sessionKey: true,
  store: true,
  customHeaders: true,
  skipUserProfile: true,
};

/**
 * Checks the options.
 *
 * @throws {@link IonOptionError} (`ERR_ION_OPTION`) for the first option that cannot work.
 */
export function settingsFrom(
  options: IonStrategyOptions | IonStrategyOptionsWithRequest,
): Settings {
  if (!isRecord(options)) throw invalidOption('options', 'must be an object', options);
  refuseMisspelled(options);
  const endpoints = endpointsOf(originFrom(options.baseURL ?? ION_URL));
  const settings = {
    clientID: credentialFrom('clientID', options.clientID ?? missingOption('clientID')),
    clientSecret:
      options.clientSecret === undefined
        ? undefined
        : credentialFrom('clientSecret', options.clientSecret),
    callbackURL: callbackURLFrom(options.callbackURL),
    scope: scopeFrom(options.scope ?? 'read'),
    state: flagFrom('state', options.state, true),
    pkce: pkceFrom(options.pkce),
    timeout: timeoutFrom(options.timeout ?? 10_000),
    agent: agentFrom(options.agent, endpoints),
    endpoints,
    passReqToCallback: flagFrom('passReqToCallback', options.passReqToCallback, false),
    proxy: flagFrom('proxy', options.proxy, false),
    sessionKey: sessionKeyFrom(options.sessionKey, endpoints),
    store: storeFrom(options.store),
    customHeaders: headersFrom(options.customHeaders ?? {}),
    skipUserProfile: skipFrom(options.skipUserProfile),
  };
  refuseUnsafe(settings);
  return settings;
}

function refuseUnsafe({ state, store, pkce, clientSecret }: Settings): void {
  if (!state && !store && pkce) {
    throw new IonOptionError(
      'state',
      'IonStrategy: state is off while pkce is on, and the verifier is kept with the state; leave state on (or, against advice, switch pkce off too)',
    );
  }
  if (!pkce && clientSecret === undefined) {
    throw new IonOptionError(
      'pkce',
      'IonStrategy: pkce is off and there is no clientSecret, so anyone who sees a code could use it; leave pkce on, or give the clientSecret (is its environment variable set?)',
    );
  }
}

function refuseMisspelled(options: object): void {
  for (const given of Object.keys(options)) {
    const meant = Object.keys(OPTIONS).find((name) => name.toLowerCase() === given.toLowerCase());
    if (meant !== undefined && meant !== given) {
      throw new IonOptionError(
        meant,
        `IonStrategy: there is no option ${given}; it is spelled ${meant}`,
      );
    }
  }
}

/** Checks the option `scope` and returns it as Ion expects it: names separated by spaces. */
export function scopeFrom(scope: unknown): string {
  const names: unknown[] = Array.isArray(scope) ? scope : [scope];
  if (!names.every((name) => typeof name === 'string')) {
    throw invalidOption('scope', 'must be a string or an array of strings', scope);
  }
  const text = names.join(' ');
  if (text.includes(',')) {
    const meant = text.split(/[\s,]+/).filter(Boolean);
    const array = JSON.stringify(meant).replaceAll('"', "'").replaceAll(',', ', ');
    throw new IonOptionError(
      'scope',
      `IonStrategy: scope '${text}' has commas, which Ion answers with invalid_scope; write '${meant.join(' ')}' or [${array.slice(1, -1)}]`,
    );
  }
  const scopes = text.split(' ').filter(Boolean);
  if (scopes.length === 0) {
    throw invalidOption('scope', "must name at least one scope; leave it out for 'read'", scope);
  }
  if (!scopes.every((name) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))) {
    throw invalidOption('scope', "must be names such as 'read' with spaces between", scope);
  }
  return scopes.join(' ');
}

const CALLBACK_URL_HINT =
  "give the full URL that is registered with Ion, a list of such URLs, or for development a path such as '/complete/ion/'";

/** Checks the option `callbackURL`: a full URL, a list of full URLs with different origins, or a path. */
export function callbackURLFrom(callbackURL: unknown): string | readonly string[] {
  if (callbackURL === undefined || callbackURL === '') {
    throw new IonOptionError(
      'callbackURL',
      `IonStrategy: callbackURL is missing; ${CALLBACK_URL_HINT}`,
    );
  }
  return Array.isArray(callbackURL)
    ? callbackURLListFrom(callbackURL)
    : oneCallbackURLFrom(callbackURL);
}

function callbackURLListFrom(list: readonly unknown[]): readonly string[] {
  const urls = list.map(oneCallbackURLFrom);
  if (urls.length === 0)
    throw invalidOption('callbackURL', `is an empty list; ${CALLBACK_URL_HINT}`, list);
  const path = urls.find((url) => url.startsWith('/'));
  if (path !== undefined) {
    throw invalidOption(
      'callbackURL',
      'may list full URLs only; put the scheme and host before it',
      path,
    );
  }
  // The origin of a request decides which URL its sign-in uses, so no two URLs may have the same origin.
  const origins = urls.map((url) => new URL(url).origin);
  const twice = origins.find((origin, index) => origins.indexOf(origin) !== index);
  if (twice !== undefined) {
    throw invalidOption(
      'callbackURL',
      'lists two URLs with the same origin; keep the one that is used',
      twice,
    );
  }
  return urls;
}

function oneCallbackURLFrom(callbackURL: unknown): string {
  const text = typeof callbackURL === 'string' ? callbackURL : '';
  const isPath = /^\/(?!\/)[\x21-\x7e]*$/.test(text);
  const isURL = /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text);
  if ((!isPath && !isURL) || text.includes('\\')) {
    throw invalidOption(
      'callbackURL',
      `is neither an http(s) URL nor a path; ${CALLBACK_URL_HINT}`,
      callbackURL,
    );
  }
  if (text.includes('#')) {
    throw invalidOption(
      'callbackURL',
      'must have no fragment (RFC 6749, section 3.1.2)',
      callbackURL,
    );
  }
  return text;
}

function missingOption(option: string): never {
  throw new IonOptionError(
    option,
    `IonStrategy: ${option} is missing: usually its environment variable is not set. Node does not read .env by itself: start the app in the folder of .env, with node --env-file=.env`,
  );
}

/**
 * Checks `clientID` or `clientSecret`. Errors never show the value, because it might be the secret, set as
 * the wrong option.
 */
function credentialFrom(option: string, value: unknown): string {
  if (typeof value !== 'string')
    throw new IonOptionError(
      option,
      `IonStrategy: ${option} must be a string, not ${kindOf(value)}`,
    );
  if (value === '') {
    throw new IonOptionError(
      option,
      `IonStrategy: ${option} is an empty string; set its environment variable${option === 'clientSecret' ? ', or leave it out for a public client' : ''}`,
    );
  }
  if (value !== value.trim()) {
    throw new IonOptionError(
      option,
      `IonStrategy: ${option} has whitespace around it; trim it where it is set`,
    );
  }
  // RFC 6749, appendix A: VSCHAR, which is printable ASCII. Text copied from a document might have invisible
  // characters, which are refused.
  if (!/^[\x20-\x7e]+$/.test(value)) {
    throw new IonOptionError(
      option,
      `IonStrategy: ${option} has a character that Ion never uses; copy it again from Ion`,
    );
  }
  return value;
}

function pkceFrom(pkce: unknown): 'S256' | false {
  if (pkce === undefined || pkce === true || pkce === 'S256') return 'S256';
  if (pkce === false) return false;
  if (pkce === 'plain') {
    throw invalidOption('pkce', "sends the verifier in the clear; use 'S256', the default", pkce);
  }
  throw invalidOption('pkce', "must be 'S256' or false", pkce);
}

/** Checks the option `timeout`: a time in milliseconds that Node's timers accept. */
function timeoutFrom(timeout: unknown): number {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= MAX_TIMEOUT_MS) return timeout;
  throw invalidOption(
    'timeout',
    `must be a positive number of milliseconds, at most ${MAX_TIMEOUT_MS}`,
    timeout,
  );
}

/** Checks the option `agent`: one of Node's agents, or another agent that Node's requests can use. */
function agentFrom(agent: unknown, { origin }: Endpoints): Agent | undefined {
  if (agent === undefined) return undefined;
  if (!isRecord(agent) || typeof agent['addRequest'] !== 'function') {
    throw invalidOption('agent', 'must be an agent, such as an https.Agent', agent);
  }
  if (origin.startsWith('https:') && Object.getPrototypeOf(agent) === Agent.prototype) {
    throw invalidOption(
      'agent',
      'is an http.Agent, but Ion is at an https URL; use https.Agent',
      agent,
    );
  }
  // The cast is safe because `addRequest` is the method that Node calls.
  return agent as unknown as Agent;
}

/** Checks the option `baseURL` and returns Ion's origin: scheme, host, and port. */
function originFrom(baseURL: unknown): string {
  const url = typeof baseURL === 'string' && URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalidOption('baseURL', `must be a URL such as '${ION_URL}'`, baseURL);
  }
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    throw new IonOptionError(
      'baseURL',
      'IonStrategy: baseURL must be only scheme, host and port, with nothing after them',
    );
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw invalidOption(
      'baseURL',
      'is http on a host that is not loopback, so that secrets would travel in the clear; use https',
      baseURL,
    );
  }
  return url.origin;
}

/**
 * Whether the host name always means this machine. Names that end in `.localhost` might not: some systems
 * look them up in DNS, although RFC 6761, section 6.3, tells them not to.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function sessionKeyFrom(sessionKey: unknown, endpoints: Endpoints): string {
  if (sessionKey === undefined) return `oauth2:${new URL(endpoints.origin).hostname}`;
  if (typeof sessionKey === 'string' && sessionKey !== '' && !(sessionKey in Object.prototype)) {
    return sessionKey;
  }
  throw invalidOption(
    'sessionKey',
    "must be a name that can be a key of the session, such as 'ion'",
    sessionKey,
  );
}

/** Checks the option `store`. Returns the app's own state store, or undefined for the session. */
function storeFrom(store: unknown): StateStore | undefined {
  if (store === undefined || typeof store === 'boolean') return undefined;
  if (
    isRecord(store) &&
    typeof store['store'] === 'function' &&
    typeof store['verify'] === 'function'
  ) {
    // The cast is safe because these two methods are all that a state store needs.
    return store as unknown as StateStore;
  }
  throw invalidOption(
    'store',
    "must have the methods store and verify, like passport-oauth2's state stores",
    store,
  );
}

const OF_THE_BODY = 'must fit the body of each request';
const UNUSABLE_HEADERS: Readonly<Record<string, string>> = {
  origin: 'Ion refuses from everyone but itself',
  'content-length': OF_THE_BODY,
  'transfer-encoding': OF_THE_BODY,
};

/** Checks the option `customHeaders` and returns the headers with lowercase names. */
function headersFrom(headers: unknown): OutgoingHttpHeaders {
  // A Headers or Map object is refused: Object.entries finds nothing in it, so the headers would be lost.
  if (!isRecord(headers) || Symbol.iterator in headers) {
    throw invalidOption('customHeaders', 'must be an object of names and values', headers);
  }
  const checked: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    const why = UNUSABLE_HEADERS[name.toLowerCase()];
    if (why !== undefined) {
      throw new IonOptionError(
        'customHeaders',
        `IonStrategy: customHeaders holds ${name}, which ${why}; leave it out`,
      );
    }
    checked[name.toLowerCase()] = headerValueFrom(name, value);
  }
  return checked;
}

function headerValueFrom(name: string, value: unknown): string | string[] {
  try {
    validateHeaderName(name);
    return Array.isArray(value)
      ? value.map((each) => checkHeaderValue(name, each))
      : checkHeaderValue(name, value);
  } catch {
    throw new IonOptionError(
      'customHeaders',
      `IonStrategy: customHeaders has a name or value that HTTP does not allow, at ${JSON.stringify(name)}`,
    );
  }
}

function checkHeaderValue(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError('not a value');
  const text = String(value);
  validateHeaderValue(name, text);
  return text;
}

/** Checks the option `skipUserProfile`: a boolean, or a function that decides. */
function skipFrom(skip: unknown): SkipUserProfile {
  if (skip === undefined) return false;
  // Cast because a function's parameters and result cannot be checked at run time.
  if (typeof skip === 'boolean' || typeof skip === 'function') return skip as SkipUserProfile;
  throw invalidOption('skipUserProfile', 'must be a boolean or a function', skip);
}

/** Checks an option that must be a boolean. */
function flagFrom(option: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === 'boolean') return value;
  throw invalidOption(option, 'must be true or false', value);
}

/**
 * Creates the error for an option with an unusable value. Its message shows the value, so do not use it for
 * a secret.
 */
function invalidOption(option: string, problem: string, got: unknown): IonOptionError {
  return new IonOptionError(option, `IonStrategy: ${option} ${problem}; got ${quoteValue(got)}`);
}

function quoteValue(value: unknown): string {
  if (typeof value !== 'string') return kindOf(value);
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
