// The redirect URI of a login: the callback URL, completed from the request where it is a path.

import type { IncomingMessage } from 'node:http';

/** The parts of an Express request that are read; under other frameworks some are missing. */
export type RedirectRequest = Pick<IncomingMessage, 'headers' | 'socket'> & {
  readonly baseUrl?: unknown;
  readonly app?: { get?: (setting: string) => unknown } | undefined;
};

/**
 * The redirect URI (RFC 6749, section 3.1.2) for a login that this request begins; undefined where
 * the request names no usable host.
 *
 * A path counts from where the app or router is mounted, since an app need not know under which
 * path it lives; one that begins with the mount path already is taken as it is.
 */
export function redirectURIFor(
  request: RedirectRequest,
  callbackURL: string,
  proxy: boolean,
): string | undefined {
  if (!callbackURL.startsWith('/')) return callbackURL;
  const origin = originOf(request, proxy || trustsProxy(request));
  if (origin === undefined) return undefined;
  const mount = typeof request.baseUrl === 'string' ? request.baseUrl : '';
  // As Express compares them, unless told otherwise: in any case.
  const mounted = `${callbackURL}/`.toLowerCase().startsWith(`${mount}/`.toLowerCase());
  return `${origin}${mounted ? '' : mount}${callbackURL}`;
}

function originOf({ headers, socket }: RedirectRequest, trusted: boolean): string | undefined {
  const forwarded = (name: string): string | undefined =>
    trusted ? /[^\s,]+/.exec(String(headers[name] ?? ''))?.[0] : undefined;
  const encrypted = 'encrypted' in socket && socket.encrypted === true;
  const scheme = forwarded('x-forwarded-proto')?.toLowerCase() ?? (encrypted ? 'https' : 'http');
  const host = forwarded('x-forwarded-host') ?? headers.host ?? '';
  if (!/^https?$/.test(scheme) || !/^[\w.\-:[\]]+$/.test(host)) return undefined;
  // Through URL, since a browser writes the host in lower case and leaves a default port out.
  const url = `${scheme}://${host}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

// Express compiles its `trust proxy` setting into this function of address and distance.
function trustsProxy({ app, socket }: RedirectRequest): boolean {
  const trusts = app?.get?.('trust proxy fn');
  // Under another framework, `app.get` may give anything.
  if (typeof trusts !== 'function') return false;
  return (trusts as TrustFunction)(socket.remoteAddress, 0) === true;
}

type TrustFunction = (address: string | undefined, distance: number) => unknown;
