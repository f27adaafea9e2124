// Handles every request to the local Ion, including what happens before and after the request's endpoint runs.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIP } from 'node:net';

import { findAccessToken, identifyByHeader } from '../oauth/bearer.js';
import { sendFailure, failureResponse, maintenance } from '../failures.js';
import type { Failures } from '../failures.js';
import { BadRequest, splitTarget, readRequest } from './request.js';
import type { IonState } from '../ion-state.js';
import { cookie, empty, send } from './response.js';
import type { LocalRequest, ReceivedMessage } from './request.js';
import type { LocalResponse } from './response.js';
import { errorPage } from './pages.js';
import { randomText } from '../random-text.js';
import { findRoute } from './routes.js';
import { SESSION_LIFETIME_S } from '../oauth/sessions.js';

// Ion sends these headers with nearly every response. An endpoint can set a different Vary.
const USUAL_HEADERS = {
  Vary: 'origin, Authorization, Cookie',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
};

// The dark-mode cookie lasts thirty days. It is not HttpOnly, because the scripts on Ion's pages read it.
const DARK_MODE_COOKIE = `dark-mode-enabled=0; Max-Age=${30 * 24 * 60 * 60}; Path=/`;

/** Everything that the request listener needs. */
export interface ServerContext {
  readonly ion: IonState;
  readonly failures: Failures;
  readonly allowHosts: ReadonlySet<string>;
  readonly log: (line: string) => void;
}

/** Handles every request to one local Ion. */
export function requestListener(context: ServerContext): RequestListener {
  const { log } = context;
  return (request, response) => {
    // The cast is safe because requests that a server receives have a URL and a method.
    const message = request as ReceivedMessage;
    logWhenDone(message, response, log);
    respond(context, message, response).catch((error: unknown) => {
      // It is too late for an error page if a response has been started or the client has disconnected.
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, withUsualHeaders(errorResponse(error, log)));
    });
  };
}

async function respond(
  { ion, failures, allowHosts }: ServerContext,
  message: ReceivedMessage,
  response: ServerResponse,
): Promise<void> {
  const { host } = message.headers;
  // A request without a Host header is allowed. It does not come from a browser, so it cannot be DNS rebinding.
  if (host !== undefined && !isAllowedHost(host, allowHosts)) {
    send(response, misdirectedResponse(host));
    return;
  }
  if (failures.inMaintenance) {
    send(response, failureResponse(maintenance));
    return;
  }
  if (message.headers.origin !== undefined) {
    // Like Ion, respond here, before any endpoint runs: with a 401 if the request comes from another origin,
    // and with an empty 200 if it is an OPTIONS request from the same origin.
    const isPreflight = message.method === 'OPTIONS';
    if (isCrossOrigin(message) || isPreflight) {
      send(response, empty(isCrossOrigin(message) ? 401 : 200));
      return;
    }
  }
  const { path } = splitTarget(message.url);
  const { name, endpoint, parameters } = findRoute(path);
  const failure = failures.take(name);
  const request = await readRequest(message, parameters);
  const isAPI = name !== undefined && path.startsWith('/api');
  const carryOut = (): LocalResponse =>
    withCookies(ion, request, isAPI, withUsualHeaders(endpoint(ion, request)));
  if (failure) await sendFailure(response, failure, carryOut);
  else send(response, carryOut());
}

// Prevents DNS rebinding, in which a website makes its own host name resolve to this machine, so that its
// scripts can read from the local Ion as if it were their own server. The Host header still has the website's
// name, so it gives the attack away.
function isAllowedHost(header: string, allowHosts: ReadonlySet<string>): boolean {
  const name = header.replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || allowHosts.has(name);
}

function misdirectedResponse(host: string): LocalResponse {
  return errorPage(
    421,
    'Misdirected Request (421)',
    `The local Ion does not answer to the host ${host.slice(0, 100)}. Open it at localhost, or allow this name: --allow-host on the command line, allowHosts in startLocalIon.`,
  );
}

// Compares the Origin header with the Host header. Like Ion, ignores the scheme in Origin.
function isCrossOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && /^[^:/]*:\/\/([^/?#]*)/.exec(origin)?.[1] !== host;
}

function withUsualHeaders(response: LocalResponse): LocalResponse {
  return { ...response, headers: { ...USUAL_HEADERS, ...response.headers } };
}

// Ion sets a dark-mode cookie if it knows the person, even if only from a token in the query of an API
// request. It also sets a session cookie if it knows the person from a token in the Authorization header and
// not from a login, but that session doesn't log anyone in.
function withCookies(
  ion: IonState,
  request: LocalRequest,
  isAPI: boolean,
  response: LocalResponse,
): LocalResponse {
  const isLoggedIn = ion.sessions.personOf(request) !== undefined;
  const isKnownByHeader = !isLoggedIn && identifyByHeader(ion, request) !== undefined;
  const isKnown =
    isLoggedIn || isKnownByHeader || (isAPI && findAccessToken(ion, request)?.person !== undefined);
  if (!isKnown) return response;
  const cookies = [response.headers['Set-Cookie'] ?? []].flat().map(String);
  cookies.push(DARK_MODE_COOKIE);
  // A 500 response sets no session cookie, because Django does not save the session then.
  if (isKnownByHeader && response.status !== 500) {
    cookies.push(cookie('sessionid', randomText(32), SESSION_LIFETIME_S));
  }
  return { ...response, headers: { ...response.headers, 'Set-Cookie': cookies } };
}

function errorResponse(error: unknown, log: (line: string) => void): LocalResponse {
  if (error instanceof BadRequest) return errorPage(400, 'Bad Request (400)', error.message);
  const shown = error instanceof Error ? error : new Error(String(error));
  log(`The local Ion failed: ${String(shown.stack)}`);
  return errorPage(500, 'Server Error (500)', `The local Ion itself failed: ${shown.message}`);
}

function logWhenDone(
  { method, url }: ReceivedMessage,
  response: ServerResponse,
  log: (line: string) => void,
): void {
  const began = performance.now();
  // Don't log the query, because it can contain codes and tokens.
  const path = url.replace(/\?.*/s, '');
  response.once('close', () => {
    const status = response.writableFinished ? String(response.statusCode) : 'cut off';
    log(`${method} ${path} ${status} ${Math.round(performance.now() - began)} ms`);
  });
}
