// application/x-www-form-urlencoded as Python writes and reads it, for Ion's redirects are compared byte for byte.

/** Names with their values, as a query or a form has them. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Encodes one value; `safe` characters stay, as in Python's quote_plus. */
export function formEncode(text: string, safe = ''): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%([0-9A-F]{2})/g, (code, hex: string) => {
      const char = String.fromCharCode(parseInt(hex, 16));
      if (char === ' ') return '+';
      return safe.includes(char) ? char : code;
    });
}

/** Decodes one value, leaving what is no percent-encoding as it is. */
export function formDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
    );
}

/** Whether a percent sign stands before something else than two hexadecimal digits. */
export function hasBrokenEncoding(text: string): boolean {
  return /%(?![0-9a-f]{2})/i.test(text);
}

/** A query string of these pairs. */
export function formEncodePairs(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

/** The pairs in a query string or body; a name without a value has an empty one. */
export function formDecodePairs(text: string): Pairs {
  return [...new URLSearchParams(text.replace(/^\?/, '%3F'))];
}

/** Makes a URL fit for a Location header: what is no URL character is percent-encoded. */
export function iriToURI(text: string): string {
  return text.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
}

/** The parts of a URI, none of them normalised: Ion compares them as they are written. */
export interface URIParts {
  /** In lower case. */
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Takes a URI apart by the expression of RFC 3986, appendix B. */
export function splitURI(uri: string): URIParts {
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri);
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = match ?? [];
  return { scheme: scheme.toLowerCase(), authority, path, query, fragment };
}

/** The URI with `pairs` behind the query that it has. */
export function addPairs(uri: string, pairs: Pairs): string {
  const { query } = splitURI(uri);
  const [beforeFragment = '', ...fragment] = uri.split('#');
  const [beforeQuery = ''] = beforeFragment.split('?');
  const all = formEncodePairs([...formDecodePairs(query), ...pairs]);
  return [`${beforeQuery}${all === '' ? '' : `?${all}`}`, ...fragment].join('#');
}
