// Encodes and decodes forms, queries and URIs exactly like Python, since redirects must equal Ion's byte for byte.

/** The names and values of a query or form, in order. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Encodes one value like Python's quote_plus. The characters in `safe` are not encoded. */
export function formEncode(text: string, safe = ''): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%([0-9A-F]{2})/g, (code, hex: string) => {
      const char = String.fromCharCode(parseInt(hex, 16));
      if (char === ' ') return '+';
      return safe.includes(char) ? char : code;
    });
}

/** Decodes one value. Broken percent-encoding stays as it is. */
export function formDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
    );
}

/** Whether there is a percent sign without two hexadecimal digits after it. */
export function hasBrokenEncoding(text: string): boolean {
  return /%(?![0-9a-f]{2})/i.test(text);
}

/** Encodes pairs as a query string. */
export function formEncodePairs(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

/** Decodes a query string or form. A name without `=` gets an empty value. */
export function formDecodePairs(text: string): Pairs {
  // URLSearchParams would drop a question mark at the start.
  return [...new URLSearchParams(text.replace(/^\?/, '%3F'))];
}

/** Percent-encodes the characters that must not be in a URL, for the Location header. */
export function iriToURI(text: string): string {
  return text.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
}

/** The parts of a URI as they are written: Ion compares them without normalizing. */
export interface URIParts {
  /** In lower case. */
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Splits a URI with the regular expression of RFC 3986, appendix B. */
export function splitURI(uri: string): URIParts {
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri);
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = match ?? [];
  return { scheme: scheme.toLowerCase(), authority, path, query, fragment };
}

/** Appends one or more `pairs` to the query of a URI. */
export function addPairs(uri: string, pairs: Pairs): string {
  const { query } = splitURI(uri);
  const [beforeFragment = '', ...fragment] = uri.split('#');
  const [beforeQuery = ''] = beforeFragment.split('?');
  const all = formEncodePairs([...formDecodePairs(query), ...pairs]);
  return [`${beforeQuery}?${all}`, ...fragment].join('#');
}
