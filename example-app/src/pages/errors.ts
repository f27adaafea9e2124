// Shows error pages with the right status, a plain explanation, and a button to continue. The details go to
// the log.

import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import {
  IonAPIError,
  IonAuthorizationError,
  IonConnectionError,
  IonResponseError,
  IonTokenError,
} from 'passport-ion';

import { pathOfThisApp, returnToOf } from '../sign-in/routes.js';

type Kind =
  | 'declined'
  | 'over'
  | 'malformed'
  | 'sign in again'
  | 'Ion down'
  | 'store down'
  | 'not allowed'
  | 'misconfigured'
  | 'old form'
  | 'not found'
  | 'bad request'
  | 'wrong address'
  | 'broken';

interface ErrorPage {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Where the button leads: to Ion, back to the same page, or to the home page. */
  readonly button: 'sign in' | 'again' | 'home';
}

const PAGES: Readonly<Record<Kind, ErrorPage>> = {
  declined: {
    status: 401,
    title: 'You are not signed in',
    text: 'Ion did not tell this app who you are. If you pressed Cancel, that is why. If you did not, try again: Ion’s page needs JavaScript, so allow it there.',
    button: 'sign in',
  },
  over: {
    status: 403,
    title: 'This sign-in is over',
    text: 'It began in another browser, is already finished, or took longer than ten minutes. If you see this every time, check that your browser accepts cookies from this site.',
    button: 'sign in',
  },
  malformed: {
    status: 400,
    title: 'This is not a response from Ion',
    text: 'Ion does not send people to the address that you opened.',
    button: 'sign in',
  },
  'sign in again': {
    status: 401,
    title: 'Please sign in again',
    text: 'This app can no longer use Ion for you. Sign in again to come back to this page.',
    button: 'sign in',
  },
  'Ion down': {
    status: 502,
    title: 'Ion is not responding',
    text: 'Ion is down, slow, or cannot be reached right now. Try again in a few minutes.',
    button: 'again',
  },
  'store down': {
    status: 503,
    title: 'This app is out of order',
    text: 'It cannot reach its own data right now. Try again in a minute.',
    button: 'again',
  },
  'not allowed': {
    status: 403,
    title: 'Ion does not show you this',
    text: 'Your Ion account does not have access to what is on this page.',
    button: 'home',
  },
  misconfigured: {
    status: 500,
    title: 'No one can sign in right now',
    text: 'This app is not set up correctly. The person who runs it can find the reason in its log.',
    button: 'sign in',
  },
  'old form': {
    status: 403,
    title: 'That page was too old',
    text: 'Nothing has changed. Open the page again, and press the button there.',
    button: 'home',
  },
  'not found': {
    status: 404,
    title: 'There is no such page',
    text: 'Check the address for a typing mistake.',
    button: 'home',
  },
  'bad request': {
    status: 400,
    title: 'That did not work',
    text: 'This app could not understand what your browser sent.',
    button: 'home',
  },
  'wrong address': {
    status: 421,
    title: 'You cannot sign in at this address',
    text: 'This app has another address, where signing in works. The person who runs it can find the reason in its log.',
    button: 'home',
  },
  broken: {
    status: 500,
    title: 'Something went wrong',
    text: 'It is not your fault. Try again, or come back later.',
    button: 'again',
  },
};

/** Handles requests for which there is no route. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(Object.assign(new Error('There is no such page'), { status: 404 }));
};

/** Shows the page for an error, and logs what happened. */
export function errorPages(basePath: string, log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const kind = kindOf(error);
    const { title, text, button } = PAGES[kind];
    const status = statusOf(error, kind);
    if (kind !== 'not found' && kind !== 'declined') log(lineAbout(error, kind, status, req));
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(status).set('Cache-Control', 'no-store');
    const { retryAfter } = factsOf(error);
    if (typeof retryAfter === 'number') res.set('Retry-After', String(retryAfter));
    res.render('error', { title, text, ...buttonFor(button, req, basePath) });
  };
}

/** Fields that errors from passport-ion, from Express and from our own routes can have. */
interface Facts {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly retryAfter?: unknown;
}

function factsOf(error: unknown): Facts {
  return typeof error === 'object' && error !== null ? error : {};
}

function kindOf(error: unknown): Kind {
  const { code, status } = factsOf(error);
  switch (code) {
    case 'access_denied':
      return 'declined';
    case 'ERR_ION_STATE':
    case 'invalid_grant':
      return 'over';
    case 'ERR_ION_ORIGIN':
      return 'wrong address';
    case 'ERR_NOT_HTTPS':
      return 'misconfigured';
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

// Describes an error for the log. Leaves out the query of the request's URL, which might contain an
// authorization code, and puts everything on one line, even if the error message has several.
function lineAbout(error: unknown, kind: Kind, status: number, req: Request): string {
  const { code } = factsOf(error);
  const path = /^[^?]*/.exec(req.originalUrl)?.[0] ?? '';
  const what = error instanceof Error ? error.message : 'something that is not an Error was thrown';
  const line = [req.method, path, status, code, what].filter(Boolean).join(' ');
  // For an unexpected error, also log the stack trace, which shows where in the code it happened.
  const place = kind === 'broken' && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return line.replace(/\p{Cc}+/gu, ' ') + place;
}

function buttonFor(
  button: ErrorPage['button'],
  req: Request,
  basePath: string,
): { href: string; label: string } {
  const home = `${basePath}/`;
  const here = req.method === 'GET' ? pathOfThisApp({ baseUrl: basePath }, req.originalUrl) : home;
  const isSigningIn = here.startsWith(`${home}complete/`) || here.startsWith(`${home}login/`);
  if (button === 'home') return { href: home, label: 'Go to the home page' };
  if (button === 'again' && !isSigningIn) return { href: here, label: 'Try again' };
  const returnTo = isSigningIn ? wantedPage(req, home) : here;
  const query = `returnTo=${encodeURIComponent(returnTo)}`;
  return { href: `${home}login/ion?${query}`, label: 'Sign in with Ion' };
}

/** Finds the page that the person originally wanted, whether their sign-in failed before or after they went to Ion. */
function wantedPage(req: Request, home: string): string {
  const baseUrl = home.slice(0, -1);
  return pathOfThisApp({ baseUrl }, returnToOf(req) ?? req.query['returnTo']);
}
