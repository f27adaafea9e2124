// Finds the address that a browser sent a request to, as far as the framework and its proxy settings tell.

import { URL } from 'node:url';
import type { IncomingMessage } from 'node:http';

import { IonOriginError } from '../errors.js';
import { isRecord } from '../json.js';

/** The parts of a request that tell which address it was sent to. Which of them exist depends on the framework. */
export type AddressedRequest = Pick<IncomingMessage, 'headers' | 'socket'> & {
  /** In Express, the path that the router or app is mounted under. */
  readonly baseUrl?: unknown;
  /** In Express, the app, which has the `trust proxy` setting. */
  readonly app?: { get?: (setting: string) => unknown } | undefined;
  /** In Koa, the context, which koa-passport puts on the request that it makes for Passport. */
  readonly ctx?: unknown;
  /** In Fastify, Node's own request. */
  readonly raw?: unknown;
  /** In Fastify, the instance that registered the route. */
  readonly server?: unknown;
};

interface Address {
  readonly scheme: string;
  readonly host: string;
}

// A host name has at most 253 characters; a colon and a port add 6.
const MAX_HOST_LENGTH = 259;

/**
 * Returns the scheme, host, and port as a browser writes them: in lowercase, without a default port.
 *
 * @param proxy - Whether to believe `X-Forwarded-Proto` and `X-Forwarded-Host` from anyone. If not,
 *   the framework's own setting decides.
 * @throws {@link IonOriginError} if the request names no usable host.
 */
export function originOf(request: AddressedRequest, proxy: boolean): string {
  const { scheme, host } =
    (proxy ? undefined : addressByFramework(request)) ?? addressByHeaders(request, proxy);
  const url = `${scheme.toLowerCase()}://${host}`;
  const usable = host.length <= MAX_HOST_LENGTH && /^https?:\/\/[\w.\-:[\]]+$/.test(url);
  if (!usable || !URL.canParse(url)) {
    throw new IonOriginError(
      'This request names no host that a redirect URI could be made for: its Host, or the X-Forwarded-Host or X-Forwarded-Proto of a trusted proxy, is missing or malformed.',
      400,
    );
  }
  return new URL(url).origin;
}

// Koa's context and Fastify's request follow their own settings `proxy` and `trustProxy`. Express's request
// is read differently, because Express 4 has no property for the host with its port.
function addressByFramework(request: AddressedRequest): Address | undefined {
  const known = isRecord(request.raw) ? request : request.ctx;
  if (!isRecord(known) || typeof known['host'] !== 'string') return undefined;
  return { scheme: String(known['protocol']), host: known['host'] };
}

function addressByHeaders(request: AddressedRequest, proxy: boolean): Address {
  const { headers, socket } = request;
  const trusted = proxy || isProxyTrustedByExpress(request);
  // If there are several values, the first value is about the browser, as in Express.
  const forwarded = (name: string): string | undefined =>
    trusted ? /[^\s,]+/.exec(String(headers[name] ?? ''))?.[0] : undefined;
  const encrypted = 'encrypted' in socket && socket.encrypted === true;
  return {
    scheme: forwarded('x-forwarded-proto') ?? (encrypted ? 'https' : 'http'),
    // HTTP/2 has :authority in place of Host (RFC 9113, section 8.3.1).
    host: forwarded('x-forwarded-host') ?? String(headers[':authority'] ?? headers.host ?? ''),
  };
}

// Express compiles its `trust proxy` setting into this function, which takes an address and a distance.
function isProxyTrustedByExpress({ app, socket }: AddressedRequest): boolean {
  const trusts = app?.get?.('trust proxy fn');
  // In another framework, `app.get` might return something else.
  if (typeof trusts !== 'function') return false;
  return (trusts as TrustFunction)(socket.remoteAddress, 0) === true;
}

type TrustFunction = (address: string | undefined, distance: number) => unknown;

/** Returns the path that the app, router or plugin of this request is mounted under; empty at the root. */
export function mountPathOf({ baseUrl, server, ctx }: AddressedRequest): string {
  if (typeof baseUrl === 'string') return baseUrl;
  if (isRecord(server) && typeof server['prefix'] === 'string') return server['prefix'];
  return isRecord(ctx) ? mountPathInKoa(ctx) : '';
}

// koa-mount removes the mount path from `path`; a router with a prefix leaves `path` unchanged.
function mountPathInKoa({ originalUrl, path, router }: Record<string, unknown>): string {
  const options = isRecord(router) && isRecord(router['opts']) ? router['opts'] : {};
  const prefix = typeof options['prefix'] === 'string' ? options['prefix'] : '';
  const whole = typeof originalUrl === 'string' ? (/^[^?]*/.exec(originalUrl)?.[0] ?? '') : '';
  const inner = typeof path === 'string' && whole.endsWith(path) ? path : whole;
  return whole.slice(0, whole.length - inner.length) + prefix;
}
