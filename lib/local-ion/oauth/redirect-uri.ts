// Decides which redirect URIs Ion accepts: absolute ones, without a fragment, that match a registered one. They
// need not be equal to it: see matchesRedirectURI.

import { formDecodePairs } from '../server/form-encoding.js';
import { splitURI } from './uri.js';

// Together, these patterns match an absolute URI without a fragment (RFC 3986), as oauthlib does. Because of a bug
// in oauthlib, the user info can have at most one character.
const LETTER = "(?:[\\w\\-.~!$&'()*+,;=]|%[\\da-f]{2})";
const IN_PATH = `(?:${LETTER}|[:@])`;
const HOST = `(?:\\[(?:[\\da-f:]+:[\\da-f]{1,4}|v[\\da-f]+\\.(?:[\\w\\-.~!$&'()*+,;=:])+)\\]|${LETTER}*)`;
const AUTHORITY = `(?:(?:${LETTER}|:)@)?${HOST}(?::\\d*)?`;
const HIERARCHY = `(?://${AUTHORITY}(?:/${IN_PATH}*)*|/?(?:${IN_PATH}+(?:/${IN_PATH}*)*)?)`;
const ABSOLUTE_URI = new RegExp(
  `^[a-z][a-z\\d+.-]*:${HIERARCHY}(?:\\?(?:${IN_PATH}|[/?])*)?$`,
  'i',
);

/** Whether this is an absolute URI without a fragment. */
export function isAbsoluteURI(uri: string): boolean {
  return ABSOLUTE_URI.test(uri);
}

/**
 * Whether the URI is on a loopback host. Names that end in .localhost don't count: some systems look them up in
 * DNS, although RFC 6761, section 6.3, tells them not to.
 */
export function isOnLoopback(uri: string): boolean {
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return false;
  const { hostname } = new URL(uri);
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Whether the URI matches a registered one. Compares them as django-oauth-toolkit does. As RFC 8252 (section 7.3)
 * requires, it allows any port on loopback addresses.
 */
export function matchesRedirectURI(registered: string, uri: string): boolean {
  const [expected, actual] = [splitURI(registered), splitURI(uri)];
  if (
    expected.scheme !== actual.scheme ||
    withoutParameters(expected.path) !== withoutParameters(actual.path)
  ) {
    return false;
  }
  const allowsAnyPort =
    expected.scheme === 'http' &&
    ['127.0.0.1', '[::1]'].includes(expected.authority) &&
    actual.authority.replace(/^[^@]*@|:\d*$/g, '') === expected.authority;
  if (!allowsAnyPort && expected.authority !== actual.authority) return false;
  const sent = formDecodePairs(actual.query);
  return formDecodePairs(expected.query).every(([name, value]) =>
    sent.some((pair) => pair[0] === name && pair[1] === value),
  );
}

// Ion parses URIs with Python's urlparse, which ends the path at the first semicolon in the last segment.
function withoutParameters(path: string): string {
  const semicolon = path.indexOf(';', path.lastIndexOf('/') + 1);
  return semicolon < 0 ? path : path.slice(0, semicolon);
}
