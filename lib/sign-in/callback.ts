// Reads the parameters of a callback from the request, and refuses what Ion cannot have sent.

import { URL, URLSearchParams } from 'node:url';

/** The kind of request that came to a sign-in route, judging by its parameters. */
export type Callback =
  /** Not a callback: it begins a sign-in. */
  | { readonly kind: 'none' }
  /** A callback that Ion cannot have sent. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** A callback with a code (RFC 6749, section 4.1.2). */
  | { readonly kind: 'code'; readonly code: string; readonly state: string | undefined }
  /** A callback with an error (RFC 6749, section 4.1.2.1). */
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly description: string | undefined;
      readonly state: string | undefined;
    };

/** The parts of a request that readCallback reads. */
export interface CallbackRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly query?: unknown;
}

// The longest query that a callback may have: enough for four values of MAX_VALUE_LENGTH, even if every
// character is percent-encoded.
const MAX_QUERY_LENGTH = 16_384;
const MAX_VALUE_LENGTH = 1024;

const NAMES = ['code', 'state', 'error', 'error_description'] as const;
type Name = (typeof NAMES)[number];

// RFC 6749, appendix A: `code` and `state` consist of printable ASCII (VSCHAR), and so does `error`
// (NQSCHAR).
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
const NO_CONTROL_CHARACTERS = /^[ -~\u00a0-\uffff]*$/;

/**
 * Reads the callback's parameters from the URL itself, because the contents of `req.query` depend on the
 * app's query parser, which might be turned off. The body is not read, since Ion sends the browser back with
 * GET.
 *
 * Reads only at the path of `redirectURI`: anywhere else, `code`, `state`, and `error` are the app's own
 * parameters.
 */
export function readCallback(request: CallbackRequest, redirectURI: string): Callback {
  const { path, search } = splitURL(request.originalUrl ?? request.url ?? '');
  // Some frameworks provide the parameters only in `query`. If the URL has them, `query` is not read, since
  // each read of it makes Express parse the URL again.
  const query = search === undefined ? Object.entries(request.query ?? {}) : undefined;
  if (query?.length === 0) return { kind: 'none' };
  if (path !== '' && !isPathOf(redirectURI, path)) return { kind: 'none' };
  if (search !== undefined && search.length > MAX_QUERY_LENGTH) {
    return malformed('the query is too long');
  }
  const parameters = readParameters(query ?? new URLSearchParams(search));
  if (typeof parameters === 'string') return malformed(parameters);
  const callback = callbackFrom(parameters);
  if (callback.kind === 'none' || request.method === undefined || request.method === 'GET') {
    return callback;
  }
  // If HEAD were accepted, a link checker or a mail scanner could use up the code.
  return malformed('Ion sends the browser back with GET, and this request has another method');
}

function splitURL(url: string): { path: string; search: string | undefined } {
  const [withoutFragment = ''] = url.split('#', 1);
  const mark = withoutFragment.indexOf('?');
  if (mark === -1) return { path: withoutFragment, search: undefined };
  return { path: withoutFragment.slice(0, mark), search: withoutFragment.slice(mark + 1) };
}

// Compares only the ends of the paths, because a proxy might have removed the front of the request's path, or
// added something in front of it.
function isPathOf(redirectURI: string, path: string): boolean {
  const requested = comparablePath(path);
  const registered = comparablePath(new URL(redirectURI).pathname);
  return registered.endsWith(requested) || (registered !== '' && requested.endsWith(registered));
}

function comparablePath(path: string): string {
  return (path.endsWith('/') ? path.slice(0, -1) : path).toLowerCase();
}

type Parameters = Partial<Record<Name, string>>;

/** Returns Ion's parameters, or what is wrong with them. */
function readParameters(entries: Iterable<[string, unknown]>): Parameters | string {
  const parameters: Parameters = {};
  for (const [key, given] of entries) {
    // Some query parsers turn `code[x]=1` and `code.x=1` into objects and arrays, so such names are refused
    // however they were parsed.
    const nesting = key.search(/[[.]/);
    const name = NAMES.find((each) => each === (nesting === -1 ? key : key.slice(0, nesting)));
    const values: unknown[] = Array.isArray(given) ? given : [given];
    if (name === undefined || given === undefined || values.length === 0) continue;
    const [value] = values;
    if (nesting !== -1 || values.length > 1 || parameters[name] !== undefined) {
      return `${name} appears more than once`;
    }
    if (typeof value !== 'string') return `${name} is not a string`;
    const problem = problemWith(name, value);
    if (problem !== undefined) return `${name} ${problem}`;
    parameters[name] = value;
  }
  return parameters;
}

function problemWith(name: Name, value: string): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) return 'is too long';
  if (name === 'error_description') {
    return NO_CONTROL_CHARACTERS.test(value) ? undefined : 'has a control character';
  }
  if (value === '') return 'is empty';
  return PRINTABLE_ASCII.test(value) ? undefined : 'has a character that Ion never sends';
}

function callbackFrom({ code, state, error, error_description }: Parameters): Callback {
  if (code !== undefined && error !== undefined) {
    return malformed('code and error cannot come together');
  }
  if (code !== undefined) return { kind: 'code', code, state };
  if (error !== undefined) return { kind: 'error', error, description: error_description, state };
  // A request with only `state` is not treated as a new sign-in, because behind a proxy that drops `code`,
  // the browser would be redirected forever.
  if (state !== undefined) return malformed('state comes without code or error');
  return { kind: 'none' };
}

function malformed(problem: string): Callback {
  return { kind: 'malformed', problem };
}
