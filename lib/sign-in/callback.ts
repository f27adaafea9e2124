// The callback's parameters: read from the request, and refused where Ion cannot have sent them.

/** What a request to the callback holds. */
export type Callback =
  /** None of the parameters: a new login begins. */
  | { readonly kind: 'none' }
  /** What no answer of Ion's looks like. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** RFC 6749, section 4.1.2. */
  | { readonly kind: 'code'; readonly code: string; readonly state: string | undefined }
  /** RFC 6749, section 4.1.2.1. */
  | {
      readonly kind: 'error';
      readonly error: string;
      readonly description: string | undefined;
      readonly state: string | undefined;
    };

/** The parts of a request that are read. */
export interface CallbackRequest {
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly query?: unknown;
}

const LONGEST = 1024;
// RFC 6749, appendix A: code and state are VSCHAR, an error is NQSCHAR.
const PRINTABLE = /^[\x20-\x7e]+$/;
// Everything but control characters.
const PRINTABLE_PROSE = /^[ -~\u00a0-\uffff]*$/;

/**
 * Reads the callback's parameters from the URL itself: what `req.query` holds depends on the app's
 * query parser, which may be switched off. The body is not read: Ion answers by a redirect.
 */
export function readCallback(request: CallbackRequest): Callback {
  const parameters = parametersOf(request);
  for (const name of ['code', 'state', 'error', 'error_description']) {
    const problem = problemWith(name, parameters);
    if (problem) return { kind: 'malformed', problem: `${name} ${problem}` };
  }
  const text = (name: string): string | undefined => {
    const value = parameters.get(name)?.[0];
    return typeof value === 'string' ? value : undefined;
  };
  const [code, state, error] = [text('code'), text('state'), text('error')];
  if (code !== undefined && error !== undefined) {
    return { kind: 'malformed', problem: 'code and error exclude each other' };
  }
  if (code !== undefined) return { kind: 'code', code, state };
  if (error !== undefined)
    return { kind: 'error', error, description: text('error_description'), state };
  if (state !== undefined) {
    return { kind: 'malformed', problem: 'state comes with neither code nor error' };
  }
  return { kind: 'none' };
}

function problemWith(name: string, parameters: Map<string, unknown[]>): string | undefined {
  // `code[x]=1` and `code.x=1` are what some query parsers make objects and arrays of.
  const nested = [...parameters.keys()].some(
    (key) => key.startsWith(`${name}[`) || key.startsWith(`${name}.`),
  );
  const values = parameters.get(name) ?? [];
  if (nested || values.length > 1) return 'is there more than once';
  return values.length === 1 ? problemWithValue(name, values[0]) : undefined;
}

function problemWithValue(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'is not a text';
  if (value.length > LONGEST) return 'is too long';
  if (name === 'error_description') {
    return PRINTABLE_PROSE.test(value) ? undefined : 'holds a control character';
  }
  if (value === '') return 'is empty';
  return PRINTABLE.test(value) ? undefined : 'holds a character that Ion never sends';
}

function parametersOf(request: CallbackRequest): Map<string, unknown[]> {
  const parameters = new Map<string, unknown[]>();
  const search = /\?([^#]*)/.exec(request.originalUrl ?? request.url ?? '')?.[1];
  // Without one in the URL, what a framework of another kind put into `query` is all there is.
  // (Under Express, each look at `query` parses the URL.)
  const entries: Iterable<[string, unknown]> =
    search === undefined ? Object.entries(request.query ?? {}) : new URLSearchParams(search);
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    parameters.set(name, [...(parameters.get(name) ?? []), ...values]);
  }
  return parameters;
}
