// The pages for what goes wrong: a fitting status, plain words, and a way on. The reason is for the log.

import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import {
  IonAPIError,
  IonAuthorizationError,
  IonConnectionError,
  IonResponseError,
  IonTokenError,
} from 'passport-ion';

import { pathOfThisApp } from '../sign-in/routes.js';

type Kind =
  | 'declined'
  | 'over'
  | 'signed in'
  | 'malformed'
  | 'sign in again'
  | 'Ion down'
  | 'store down'
  | 'not allowed'
  | 'misconfigured'
  | 'old form'
  | 'not found'
  | 'bad request'
  | 'broken';

interface ErrorPage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Where the way on leads: to Ion, to the same page once more, or to the home page. */
  readonly way: 'sign in' | 'again' | 'home';
}

const PAGES: Readonly<Record<Kind, ErrorPage>> = {
  declined: {
    status: 401,
    title: 'You are not signed in',
    text: 'You pressed Cancel at Ion, so Ion told this app nothing about you.',
    way: 'sign in',
  },
  over: {
    status: 403,
    title: 'This sign-in is over',
    text: 'It was begun in another browser, is finished, or took longer than ten minutes. If you see this every time, check that your browser takes cookies from this site.',
    way: 'sign in',
  },
  'signed in': {
    status: 403,
    title: 'You are signed in already',
    text: 'The address that you opened belongs to a sign-in that is over. You need no other.',
    way: 'home',
  },
  malformed: {
    status: 400,
    title: 'This is no answer from Ion',
    text: 'The address that you opened is not one that Ion sends people to.',
    way: 'sign in',
  },
  'sign in again': {
    status: 401,
    title: 'Please sign in again',
    text: 'Ion no longer answers this app on your behalf. Sign in again, and you are back on this page.',
    way: 'sign in',
  },
  'Ion down': {
    status: 502,
    title: 'Ion does not answer',
    text: 'Ion is down, slow, or out of reach at the moment. Try again in a few minutes.',
    way: 'again',
  },
  'store down': {
    status: 503,
    title: 'This app is out of order',
    text: 'It cannot get at its own store of sign-ins at the moment. Try again in a minute.',
    way: 'again',
  },
  'not allowed': {
    status: 403,
    title: 'Ion does not show you this',
    text: 'Your Ion account may not see what this page asks for.',
    way: 'home',
  },
  misconfigured: {
    status: 500,
    title: 'Nobody can sign in at the moment',
    text: 'This app is not set up as Ion expects. Whoever runs it finds the reason in its log.',
    way: 'sign in',
  },
  'old form': {
    status: 403,
    title: 'That page was too old',
    text: 'Nothing was done. Open the page anew, and press the button there.',
    way: 'home',
  },
  'not found': {
    status: 404,
    title: 'There is no such page',
    text: 'Check the address for a typing mistake.',
    way: 'home',
  },
  'bad request': {
    status: 400,
    title: 'That did not work',
    text: 'The app could not make sense of what your browser sent.',
    way: 'home',
  },
  broken: {
    status: 500,
    title: 'Something went wrong',
    text: 'It is not your fault. Try again, or come back later.',
    way: 'again',
  },
};

/** For what no route answers. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(Object.assign(new Error('There is no such page'), { status: 404 }));
};

/** Shows the page for an error, and writes what happened to the log. */
export function errorPages(basePath: string, log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const kind = kindOf(error, req);
    const { title, text, way } = PAGES[kind];
    const status = statusOf(error, kind);
    if (kind !== 'not found' && kind !== 'declined') log(lineAbout(error, kind, status, req));
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(status).set('Cache-Control', 'no-store');
    const { retryAfter } = factsOf(error);
    if (typeof retryAfter === 'number') res.set('Retry-After', String(retryAfter));
    res.render('error', { title, text, ...wayOn(way, error, req, basePath) });
  };
}

/** What errors carry, of Ion's, of Express's, and of our routes. */
interface Facts {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly retryAfter?: unknown;
  readonly returnTo?: unknown;
}

function factsOf(error: unknown): Facts {
  return typeof error === 'object' && error !== null ? error : {};
}

function kindOf(error: unknown, { user }: Request): Kind {
  const { code, status } = factsOf(error);
  switch (code) {
    case 'access_denied':
      return 'declined';
    case 'ERR_ION_STATE':
    case 'invalid_grant':
      return user ? 'signed in' : 'over';
    case 'ERR_ION_CALLBACK':
      return 'malformed';
    case 'ERR_ION_SIGN_IN_REQUIRED':
      return 'sign in again';
    case 'EBADCSRFTOKEN':
      return 'old form';
    case 'ERR_STORAGE':
      return 'store down';
  }
  return kindByClass(error) ?? kindByStatus(status);
}

function kindByClass(error: unknown): Kind | undefined {
  if (error instanceof IonConnectionError || error instanceof IonResponseError) return 'Ion down';
  if (error instanceof IonAPIError) return error.ionStatus === 403 ? 'not allowed' : 'Ion down';
  if (error instanceof IonTokenError) return 'misconfigured';
  if (error instanceof IonAuthorizationError) {
    return error.status >= 502 ? 'Ion down' : 'misconfigured';
  }
  return undefined;
}

function kindByStatus(status: unknown): Kind {
  if (status === 404) return 'not found';
  return typeof status === 'number' && status >= 400 && status < 500 ? 'bad request' : 'broken';
}

function statusOf(error: unknown, kind: Kind): number {
  const { status } = factsOf(error);
  const own = kind === 'Ion down' ? [502, 503, 504] : kind === 'bad request' ? [413, 415] : [];
  return typeof status === 'number' && own.includes(status) ? status : PAGES[kind].status;
}

// Without the query, which may hold a code; on one line, whatever is in the message.
function lineAbout(error: unknown, kind: Kind, status: number, req: Request): string {
  const { code } = factsOf(error);
  const path = /^[^?]*/.exec(req.originalUrl)?.[0] ?? '';
  const what = error instanceof Error ? error.message : 'something that is no Error was thrown';
  const line = [req.method, path, status, code, what].filter(Boolean).join(' ');
  // Where nobody foresaw it, the place in the code is what helps.
  const place = kind === 'broken' && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return line.replace(/[\x00-\x1f\x7f]+/g, ' ') + place; // eslint-disable-line no-control-regex -- to take them out
}

function wayOn(
  way: ErrorPage['way'],
  error: unknown,
  { method, originalUrl }: Request,
  basePath: string,
): { href: string; label: string } {
  const home = `${basePath}/`;
  const here = method === 'GET' ? pathOfThisApp({ baseUrl: basePath }, originalUrl) : home;
  const signingIn = here.startsWith(`${home}complete/`) || here.startsWith(`${home}login/`);
  if (way === 'home') return { href: home, label: 'Go to the home page' };
  if (way === 'again' && !signingIn) return { href: here, label: 'Try again' };
  const { returnTo } = factsOf(error);
  const back = typeof returnTo === 'string' ? returnTo : signingIn ? home : here;
  const query = `returnTo=${encodeURIComponent(back)}`;
  return { href: `${home}login/ion?${query}`, label: 'Sign in with Ion' };
}
