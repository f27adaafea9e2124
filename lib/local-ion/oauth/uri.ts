// Splits URIs, and adds to them, without normalizing: Ion compares them as they are written.

import { formDecodePairs, formEncodePairs } from '../server/form-encoding.js';
import type { Pairs } from '../server/form-encoding.js';

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
