// The Express app of the local Ion: what happens to a request before and after its endpoint.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';

import type express = require('express');

import { personByHeader } from '../oauth/bearer.js';
import { codeOf, LocalIonError } from '../errors.js';
import { answerWrongly, send } from '../failures.js';
import type { Failures } from '../failures.js';
import { BadRequest, pathAndSearch, readRequest } from './request.js';
import type { IonState } from '../data/state.js';
import { cookie, empty } from './response.js';
import type { LocalResponse } from './response.js';
import { errorPage } from './pages.js';
import { randomText } from '../data/random.js';
import { routes } from './routes.js';
import type { Route } from './routes.js';
import { SESSION_LIFETIME } from '../oauth/sessions.js';

// On nearly every answer of Ion's; an answer may have its own Vary.
const USUAL_HEADERS = {
  Vary: 'origin, Authorization, Cookie',
  'X-Frame-Options': 'SAMEORIGIN',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
};

// Every path that no route takes.
const NOWHERE: Route = {
  path: /.*/s,
  endpoint: () =>
    errorPage(
      404,
      'Page not found',
      'The local Ion has no such page. It has login, OAuth and the API, but no OpenID Connect, no registration of applications and none of Ion’s other pages. An app reads JSON at /api/profile and the paths beside it.',
    ),
};

/** The Express app. */
export function appOf(
  makeApp: typeof express,
  ion: IonState,
  failures: Failures,
  log: (line: string) => void,
): express.Express {
  const app = makeApp();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    logWhenDone(request, response, log);
    if (isFromElsewhere(request)) {
      send(response, empty(401));
      return;
    }
    // Routes see the path as Ion's do, with its slash fixed.
    const { path, search } = pathAndSearch(request.url);
    request.url = search === '' ? path : `${path}?${search}`;
    next();
  });
  for (const route of [...routes, NOWHERE]) {
    app.all(route.path, (request, response, next) => {
      answer(ion, failures, route, request, response).catch(next);
    });
  }
  // Four parameters make it Express's error handler.
  const onError: express.ErrorRequestHandler = (error: unknown, _request, response, next) => {
    // Whoever asked may have gone in the middle of it.
    if (response.destroyed) return;
    if (response.headersSent) next(error);
    else send(response, withUsualHeaders(errorAnswer(error, log)));
  };
  app.use(onError);
  return app;
}

async function answer(
  ion: IonState,
  failures: Failures,
  { name, endpoint }: Route,
  request: express.Request,
  response: ServerResponse,
): Promise<void> {
  const failure = failures.take(name);
  const parameters = Object.fromEntries(
    // A group that took no part in the match is undefined, whatever Express's types say.
    Object.entries<unknown>(request.params).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
  const read = await readRequest(request, parameters);
  const proper = (): LocalResponse => {
    const isLoggedIn = ion.sessions.personOf(read) !== undefined;
    const isKnownByToken = !isLoggedIn && personByHeader(ion, read) !== undefined;
    const answer = withUsualHeaders(endpoint(ion, read));
    return isKnownByToken ? withSession(answer) : answer;
  };
  if (failure) await answerWrongly(response, failure, proper);
  else send(response, proper());
}

// The scheme is not compared, as on Ion.
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  return origin !== undefined && /^[^:/]*:\/\/([^/?#]*)/.exec(origin)?.[1] !== host;
}

function withUsualHeaders(answer: LocalResponse): LocalResponse {
  return { ...answer, headers: { ...USUAL_HEADERS, ...answer.headers } };
}

// Ion gives a session to who comes with a good token in the header. It holds no login.
function withSession(answer: LocalResponse): LocalResponse {
  const session = cookie('sessionid', randomText(32), SESSION_LIFETIME);
  const others = [answer.headers['Set-Cookie'] ?? []].flat().map(String);
  return { ...answer, headers: { ...answer.headers, 'Set-Cookie': [...others, session] } };
}

function errorAnswer(error: unknown, log: (line: string) => void): LocalResponse {
  if (error instanceof BadRequest) return errorPage(400, 'Bad Request (400)', error.message);
  const isTheirs = error instanceof URIError || (error as { status?: unknown }).status === 400;
  if (isTheirs) return errorPage(400, 'Bad Request (400)', 'The path is not percent-encoded.');
  const shown = error instanceof Error ? error : new Error(String(error));
  log(`The local Ion failed: ${shown.stack ?? shown.message}`);
  return errorPage(500, 'Server Error (500)', `The local Ion itself failed: ${shown.message}`);
}

function logWhenDone(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): void {
  const began = performance.now();
  // No query: codes and tokens may stand in it.
  const path = (url ?? '').split('?')[0] ?? '';
  response.once('close', () => {
    const status = response.writableFinished ? String(response.statusCode) : 'cut off';
    log(`${method ?? ''} ${path} ${status} ${Math.round(performance.now() - began)} ms`);
  });
}

/** Listens, and gives the server with the URL that leads to it. */
export async function listen(
  app: express.Express,
  host: string,
  port: number,
): Promise<{ server: Server; baseURL: string }> {
  // The cast: an Express app is a request listener, but says so in types of its own.
  const server = createServer(app as (request: IncomingMessage, response: ServerResponse) => void);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen(host, port, cause);
  }
  // The cast: a server on a port has such an address.
  const { port: chosen } = server.address() as AddressInfo;
  return { server, baseURL: `http://${reachable(host)}:${chosen}` };
}

// The addresses that mean every address are nothing to send a browser to.
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

function cannotListen(host: string, port: number, cause: unknown): LocalIonError {
  const code = codeOf(cause);
  const why =
    code === 'EADDRINUSE'
      ? 'is taken, perhaps by another local Ion: stop that one, or choose another port, or 0 for any that is free'
      : code === 'EACCES'
        ? 'is not allowed for this user: choose one from 1024 on, or 0 for any that is free'
        : `cannot be listened on (${String(code)}): check host and port`;
  const message = `local Ion: port ${port} of ${host} ${why}`;
  return new LocalIonError('ERR_LOCAL_ION_LISTEN', message, { cause });
}

/** Closes the server at once, kept connections too. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
