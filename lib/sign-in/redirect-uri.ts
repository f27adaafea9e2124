// Determines the redirect URI of a sign-in (RFC 6749, section 3.1.2): where Ion sends the browser back to.

import { env } from 'node:process';
import { URL } from 'node:url';

import { IonOriginError } from '../errors.js';
import { isLoopback } from '../settings.js';
import { mountPathOf, originOf } from './request-address.js';
import type { AddressedRequest } from './request-address.js';

/**
 * Returns the redirect URI for a sign-in that this request begins or finishes.
 *
 * - If `callbackURL` is a URL: that URL, for every request.
 * - If it is a list of URLs: the URL with the origin that the request was sent to.
 * - If it is a path: that path at the origin that the request was sent to, with the mount path in front of
 *   it unless it already begins with the mount path.
 *
 * @throws {@link IonOriginError} if there is no redirect URI for the origin that the request was sent to.
 */
export function redirectURIFor(
  request: AddressedRequest,
  callbackURL: string | readonly string[],
  proxy: boolean,
): string {
  if (typeof callbackURL !== 'string') return chooseByOrigin(callbackURL, originOf(request, proxy));
  return callbackURL.startsWith('/') ? completePath(callbackURL, request, proxy) : callbackURL;
}

function chooseByOrigin(callbackURLs: readonly string[], origin: string): string {
  const origins = callbackURLs.map((url) => new URL(url).origin);
  const chosen = callbackURLs[origins.indexOf(origin)];
  if (chosen === undefined) {
    throw refusal(
      origin,
      `callbackURL lists only URLs at ${origins.join(', ')}; if people use the app at ${origin}, register a URL there with Ion and add it to callbackURL`,
    );
  }
  if (!origins.every(isLoopbackOrigin)) refuseLoopbackInProduction(origin);
  return chosen;
}

function completePath(path: string, request: AddressedRequest, proxy: boolean): string {
  const origin = originOf(request, proxy);
  refuseLoopbackInProduction(origin);
  const mount = mountPathOf(request);
  // Ignores case, as Express does when it compares paths, unless told otherwise.
  const hasMount = `${path}/`.toLowerCase().startsWith(`${mount}/`.toLowerCase());
  return `${origin}${hasMount ? '' : mount}${path}`;
}

// Refuses loopback hosts in production. Otherwise, anyone could begin a sign-in with a Host header of their
// choice and send someone else the link to Ion. If a localhost URL is registered, that person's code would
// go to any program that listens on their machine.
function refuseLoopbackInProduction(origin: string): void {
  if (env['NODE_ENV'] !== 'production' || !isLoopbackOrigin(origin)) return;
  throw refusal(
    origin,
    'while NODE_ENV is production nobody is sent back to a loopback host; set callbackURL to the full URL that is registered with Ion',
  );
}

// Unlike isLoopback, returns true for every name that some system resolves to this machine.
function isLoopbackOrigin(origin: string): boolean {
  const name = new URL(origin).hostname.replace(/\.$/, '');
  return (
    isLoopback(name) ||
    name.endsWith('.localhost') ||
    ['0.0.0.0', '[::]', '[::ffff:0:0]'].includes(name) ||
    name.startsWith('[::ffff:7f')
  );
}

function refusal(origin: string, reason: string): IonOriginError {
  return new IonOriginError(
    `This request was sent to ${origin}, but ${reason}. If a proxy changed the address, let it pass on the host and the scheme that the browser used, and let the app trust it (Express: app.set('trust proxy', 1)).`,
    421,
  );
}
