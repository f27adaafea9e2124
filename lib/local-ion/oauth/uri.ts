// Splits URIs and adds parameters, without normalizing the URIs, because Ion compares them exactly as written.

import { formDecodePairs, formEncodePairs } from '../server/form-encoding.js';
import type { Pairs } from '../server/form-encoding.js';

/** Percent-encodes characters that are not allowed in a URL, for the Location header. */
export function iriToURI(text: string): string {
  return text.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, encodeURIComponent);
}

/** The parts of a URI, exactly as written except for the case of the scheme. */
export interface URIParts {
  /** In lowercase. */
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Splits a URI with the regular expression from RFC 3986, appendix B. */
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
