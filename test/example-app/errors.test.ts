import express from 'express';
import {
  IonAPIError,
  IonAuthorizationError,
  IonConnectionError,
  IonResponseError,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
} from 'passport-ion';

import { errorPages, notFound } from '../../example-app/src/pages/errors.js';
import { useViews } from '../../example-app/src/pages/views.js';
import { Browser } from '../support/browser.js';
import { listen } from '../support/listen.js';
import { buttonOf, headingOf } from './page-content.js';

const SECRET = 'not-for-the-visitor';

let error: unknown;
let log: string[];
let origin: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  const app = express();
  useViews(app, { basePath: '/app', standIn: false }, true);
  app.get(/^\/app\/(today|complete\/ion|picture)/, () => {
    throw error;
  });
  app.post('/app/logout', () => {
    throw error;
  });
  app.use(
    notFound,
    errorPages('/app', (line) => log.push(line)),
  );
  ({ origin, stop } = await listen(app));
});
afterAll(() => stop());
beforeEach(() => {
  log = [];
});

function withCode(code: string, status: number): Error {
  return Object.assign(new Error(SECRET), { code, status });
}

describe('the page for an error', () => {
  it.each<[string, unknown, number, string]>([
    ['declined', withCode('access_denied', 401), 401, 'You are not signed in'],
    ['state unknown', withCode('ERR_ION_STATE', 403), 403, 'This sign-in is over'],
    ['code used', new IonTokenError('invalid_grant', SECRET, 400), 403, 'This sign-in is over'],
    ['malformed', withCode('ERR_ION_CALLBACK', 400), 400, 'This is not a response from Ion'],
    ['no tokens', new IonSignInRequiredError(SECRET), 401, 'Please sign in again'],
    ['old form', withCode('EBADCSRFTOKEN', 403), 403, 'That page was too old'],
    ['Ion slow', new IonConnectionError('ERR_ION_TIMEOUT', SECRET), 504, 'Ion is not responding'],
    [
      'no way to Ion',
      new IonConnectionError('ERR_ION_UNREACHABLE', SECRET),
      502,
      'Ion is not responding',
    ],
    [
      'Ion down',
      new IonResponseError('ERR_ION_UNAVAILABLE', SECRET, 503),
      503,
      'Ion is not responding',
    ],
    [
      'Ion broken',
      new IonResponseError('ERR_ION_RESPONSE', SECRET, 500),
      502,
      'Ion is not responding',
    ],
    [
      'Ion odd',
      new IonResponseError('ERR_ION_RESPONSE', SECRET, 404),
      502,
      'Ion is not responding',
    ],
    ['API down', new IonAPIError(SECRET, 503), 503, 'Ion is not responding'],
    ['API refuses', new IonAPIError(SECRET, 403), 403, 'Ion does not show you this'],
    ['API knows nothing', new IonAPIError(SECRET, 404), 502, 'Ion is not responding'],
    [
      'app refused',
      new IonTokenError('invalid_client', SECRET, 401),
      500,
      'No one can sign in right now',
    ],
    [
      'scope refused',
      new IonAuthorizationError('invalid_scope', SECRET),
      500,
      'No one can sign in right now',
    ],
    [
      'Ion busy',
      new IonAuthorizationError('temporarily_unavailable', SECRET),
      503,
      'Ion is not responding',
    ],
    ['bad request', withCode('ERR', 400), 400, 'That did not work'],
    ['another address', withCode('ERR_ION_ORIGIN', 421), 421, 'You cannot sign in at this address'],
    ['too large', withCode('ERR', 413), 413, 'That did not work'],
    ['store down', withCode('ERR_STORAGE', 503), 503, 'This app is out of order'],
    ['no session', new IonSessionError(SECRET), 500, 'Something went wrong'],
    ['a bug', new TypeError(SECRET), 500, 'Something went wrong'],
    ['a text', SECRET, 500, 'Something went wrong'],
    ['nothing', undefined, 404, 'There is no such page'],
  ])(
    'has the right status and words, and reveals nothing about the error: %s',
    async (_what, thrown, status, heading) => {
      error = thrown ?? withCode('ERR', 404);
      const page = await new Browser().get(`${origin}/app/today`);
      expect(page.status).toBe(status);
      expect(headingOf(page)).toBe(heading);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.text).not.toContain(SECRET);
      expect(page.text).not.toMatch(/ at .*\.ts/);
    },
  );

  it.each([
    ['an API that is down', 'today?x=1', new IonAPIError('', 503), '/app/today?x=1'],
    [
      'an Ion that is down in a sign-in',
      'complete/ion/?code=c&state=s',
      new IonConnectionError('ERR_ION_TIMEOUT', ''),
      '/app/login/ion?returnTo=%2Fapp%2F',
    ],
    [
      'tokens that are gone',
      'today?x=1',
      new IonSignInRequiredError(''),
      '/app/login/ion?returnTo=%2Fapp%2Ftoday%3Fx%3D1',
    ],
    [
      'a sign-in that is over',
      'complete/ion?code=c&state=s',
      withCode('ERR_ION_STATE', 403),
      '/app/login/ion?returnTo=%2Fapp%2F',
    ],
    ['a bug', 'today', new TypeError(), '/app/today'],
    ['a store that is down', 'today?x=1', withCode('ERR_STORAGE', 503), '/app/today?x=1'],
    [
      'a store that is down in a sign-in',
      'complete/ion?code=c&state=s',
      withCode('ERR_STORAGE', 503),
      '/app/login/ion?returnTo=%2Fapp%2F',
    ],
    ['a form that is old', 'today', withCode('EBADCSRFTOKEN', 403), '/app/'],
  ])('has a button that helps people continue: %s', async (_what, path, thrown, href) => {
    error = thrown;
    const page = await new Browser().get(`${origin}/app/${path}`);
    expect(buttonOf(page)).toBe(href);
  });

  it('leads to the home page after a form, which must not be sent again', async () => {
    error = new TypeError();
    const page = await new Browser().post(`${origin}/app/logout`, {});
    expect(page.status).toBe(500);
    expect(buttonOf(page)).toBe('/app/');
  });

  it('leads only to this app, whatever the address was', async () => {
    const page = await new Browser().get(`${origin}//evil.example/today`);
    expect(page.status).toBe(404);
    expect(buttonOf(page)).toBe('/app/');
  });
});

describe('the log', () => {
  it('has one line for an error, without the query', async () => {
    error = new IonTokenError('invalid_client', 'Ion refused:\r\ncompare clientSecret', 401);
    await new Browser().get(`${origin}/app/complete/ion/?code=${SECRET}&state=s`);
    expect(log).toEqual([
      'GET /app/complete/ion/ 500 invalid_client Ion refused: compare clientSecret',
    ]);
  });

  it('says where in the code an unexpected error happened', async () => {
    error = new TypeError('x is undefined');
    await new Browser().get(`${origin}/app/today`);
    expect(log).toEqual([
      expect.stringMatching(/^GET \/app\/today 500 x is undefined\nTypeError.*\n +at /) as string,
    ]);
  });

  it('has nothing about pages that do not exist, or about people who declined', async () => {
    error = withCode('access_denied', 401);
    await new Browser().get(`${origin}/app/complete/ion?error=access_denied`);
    await new Browser().get(`${origin}/app/nothing`);
    expect(log).toEqual([]);
  });
});
