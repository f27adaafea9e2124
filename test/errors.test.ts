// Tests every error class: its code, status, parent class, and stack, and that it keeps secrets out of logs.

import { inspect } from 'node:util';

import OAuth2Strategy = require('passport-oauth2');

import * as ion from 'passport-ion';

import {
  IonAPIError,
  IonAppError,
  IonAuthorizationError,
  IonConnectionError,
  IonOptionError,
  IonOriginError,
  IonResponseError,
  IonSessionError,
  IonSignInRequiredError,
  IonTokenError,
  IonTokensNotSavedError,
  IonURLError,
  IonVaultError,
} from '../lib/errors.js';
import { logTextOf } from './support/log-text.js';

const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const tokens = { accessToken: 'the-A1-secret', tokenType: 'Bearer', scope: ['read'] };

interface Expected {
  readonly name: string;
  readonly code: string;
  readonly status?: number;
  readonly parents: (new (...parameters: never[]) => Error)[];
}

const cases: [Error, Expected][] = [
  [
    new IonOptionError('scope', 'It said this.'),
    { name: 'IonOptionError', code: 'ERR_ION_OPTION', status: 500, parents: [TypeError] },
  ],
  [
    new IonOriginError('It said this.', 421),
    { name: 'IonOriginError', code: 'ERR_ION_ORIGIN', status: 421, parents: [] },
  ],
  [
    new IonConnectionError('ERR_ION_TIMEOUT', 'It said this.'),
    {
      name: 'IonConnectionError',
      code: 'ERR_ION_TIMEOUT',
      status: 504,
      parents: [OAuth2Strategy.InternalOAuthError],
    },
  ],
  [
    new IonConnectionError('ERR_ION_UNREACHABLE', 'It said this.', cause),
    {
      name: 'IonConnectionError',
      code: 'ERR_ION_UNREACHABLE',
      status: 502,
      parents: [OAuth2Strategy.InternalOAuthError],
    },
  ],
  [
    new IonResponseError('ERR_ION_UNAVAILABLE', 'It said this.', 503),
    {
      name: 'IonResponseError',
      code: 'ERR_ION_UNAVAILABLE',
      status: 503,
      parents: [OAuth2Strategy.InternalOAuthError],
    },
  ],
  [
    new IonResponseError('ERR_ION_PROFILE', 'It said this.', 200),
    {
      name: 'IonResponseError',
      code: 'ERR_ION_PROFILE',
      status: 502,
      parents: [OAuth2Strategy.InternalOAuthError],
    },
  ],
  [
    new IonTokenError('invalid_grant', 'It said this.', 400),
    {
      name: 'IonTokenError',
      code: 'invalid_grant',
      status: 401,
      parents: [OAuth2Strategy.TokenError],
    },
  ],
  [
    new IonAuthorizationError('invalid_scope', 'It said this.'),
    {
      name: 'IonAuthorizationError',
      code: 'invalid_scope',
      status: 500,
      parents: [OAuth2Strategy.AuthorizationError],
    },
  ],
  [
    new IonAuthorizationError('temporarily_unavailable', 'It said this.'),
    {
      name: 'IonAuthorizationError',
      code: 'temporarily_unavailable',
      status: 503,
      parents: [OAuth2Strategy.AuthorizationError],
    },
  ],
  [
    new IonSessionError('It said this.'),
    { name: 'IonSessionError', code: 'ERR_ION_SESSION', status: 500, parents: [] },
  ],
  [
    new IonAppError('It said this.'),
    { name: 'IonAppError', code: 'ERR_ION_APP', status: 500, parents: [] },
  ],
  [
    new IonAPIError('It said this.', 404),
    { name: 'IonAPIError', code: 'ERR_ION_API', status: 500, parents: [] },
  ],
  [
    new IonURLError('It said this.'),
    { name: 'IonURLError', code: 'ERR_ION_URL', status: 500, parents: [] },
  ],
  [
    new IonSignInRequiredError('It said this.'),
    { name: 'IonSignInRequiredError', code: 'ERR_ION_SIGN_IN_REQUIRED', status: 401, parents: [] },
  ],
  [
    new IonVaultError('It said this.'),
    { name: 'IonVaultError', code: 'ERR_ION_VAULT', status: 500, parents: [] },
  ],
];

describe.each(
  cases.map(
    ([error, expected]) => [`${expected.name} (${expected.code})`, error, expected] as const,
  ),
)('%s', (_title, error, { name, code, status, parents }) => {
  it('has its name, code and status, and extends its parent class', () => {
    expect(error).toBeInstanceOf(Error);
    for (const parent of parents) expect(error).toBeInstanceOf(parent);
    expect(error).toMatchObject({ name, code, message: 'It said this.' });
    expect((error as { status?: unknown }).status).toBe(status);
    expect(error.constructor.name).toBe(name);
  });

  it('turns into a string of its name and message', () => {
    expect(String(error)).toBe(`${name}: It said this.`);
    expect(error.toString()).toBe(`${name}: It said this.`);
    expect(inspect(error)).toContain('It said this.');
  });

  it('has a stack that begins with its name and message, then the place where it was created', () => {
    const [first, second] = String(error.stack).split('\n');
    expect(first).toBe(`${name}: It said this.`);
    expect(second).toContain(__filename);
  });
});

describe('IonConnectionError', () => {
  it("has Node's error as its cause, or no cause", () => {
    const broken = new IonConnectionError('ERR_ION_UNREACHABLE', 'It said this.', cause);
    expect(broken.cause).toBe(cause);
    expect('cause' in new IonConnectionError('ERR_ION_TIMEOUT', 'It said this.')).toBe(false);
  });

  it("has the cause as oauthError too, which is passport-oauth2's name for it", () => {
    const broken = new IonConnectionError('ERR_ION_UNREACHABLE', 'It said this.', cause);
    expect(broken.oauthError).toBe(cause);
  });
});

describe('IonResponseError', () => {
  it.each([
    ['ERR_ION_UNAVAILABLE', 429, 503],
    ['ERR_ION_UNAVAILABLE', 504, 503],
    ['ERR_ION_OPENID', 500, 500],
    ['ERR_ION_FORBIDDEN', 401, 502],
    ['ERR_ION_REDIRECT', 302, 502],
    ['ERR_ION_NOT_JSON', 200, 502],
    ['ERR_ION_RESPONSE', 404, 502],
    ['ERR_ION_RESPONSE', 500, 502],
  ] as const)(
    'has a status that does not blame the visitor: %s, when Ion answered %i',
    (code, ionStatus, status) => {
      const error = new IonResponseError(code, 'It said this.', ionStatus);
      expect(error).toMatchObject({ status, ionStatus });
      // In passport-oauth2's errors, the status is at `oauthError.statusCode`, so apps might read it there.
      expect(error.oauthError).toEqual({ statusCode: ionStatus });
    },
  );

  it('has retryAfter and cause only if they are given', () => {
    const error = new IonResponseError('ERR_ION_UNAVAILABLE', 'It said this.', 503);
    expect('retryAfter' in error).toBe(false);
    expect('cause' in error).toBe(false);
    const options = { retryAfter: 3600, cause };
    expect(new IonResponseError('ERR_ION_UNAVAILABLE', '', 503, options)).toMatchObject(options);
  });
});

describe('IonTokenError', () => {
  it.each([
    ['invalid_client', 401, 500],
    ['invalid_request', 400, 500],
    ['unauthorized_client', 400, 500],
    ['invalid_scope', 400, 500],
    ['invalid_client', 200, 500],
    ['server_error', 500, 502],
    ['temporarily_unavailable', 503, 503],
    ['invalid_grant', 400, 401],
    ['invalid_grant', 503, 401],
  ])(
    'has a status that blames the app or Ion, or 401 if the person must sign in again: %s, when Ion answered %i',
    (code, ionStatus, status) => {
      expect(new IonTokenError(code, 'It said this.', ionStatus)).toMatchObject({
        status,
        ionStatus,
      });
    },
  );
});

describe('IonOptionError', () => {
  it('names the option', () => {
    expect(new IonOptionError('scope', 'It said this.').option).toBe('scope');
  });
});

describe('IonTokensNotSavedError', () => {
  it('has the tokens as a property, but shows them in no log', () => {
    const error = new IonTokensNotSavedError(tokens, cause);
    expect(error).toMatchObject({
      name: 'IonTokensNotSavedError',
      code: 'ERR_ION_TOKENS_NOT_SAVED',
      status: 500,
      cause,
    });
    expect(error.tokens).toBe(tokens);
    expect(logTextOf(error, { getters: false })).not.toContain('the-A1');
  });
});

describe('IonAPIError', () => {
  it.each([
    [400, 500],
    [403, 500],
    [404, 500],
    [429, 503],
    [500, 502],
    [503, 503],
  ])('has a status that does not blame the visitor, when Ion answered %i', (ionStatus, status) => {
    expect(new IonAPIError('It said this.', ionStatus)).toMatchObject({ status, ionStatus });
  });

  it('has the reasons that Ion gave, as a list and as one string', () => {
    const reasons = [{ text: 'This field is required.', field: 'block' }, { text: 'Too late.' }];
    const error = new IonAPIError('It said this.', 400, { reasons });
    expect(error.reasons).toEqual(reasons);
    expect(error.detail).toBe('block: This field is required.; Too late.');
  });

  it('has no detail and no retryAfter if Ion gave none', () => {
    const error = new IonAPIError('It said this.', 400);
    expect(error.reasons).toEqual([]);
    expect('detail' in error).toBe(false);
    expect('retryAfter' in error).toBe(false);
    expect(new IonAPIError('', 503, { retryAfter: 60 }).retryAfter).toBe(60);
  });
});

describe("the package's exports", () => {
  it('include every error class, so that an app can tell errors apart', () => {
    const classes = [
      IonAPIError,
      IonAuthorizationError,
      IonConnectionError,
      IonOptionError,
      IonResponseError,
      IonSessionError,
      IonSignInRequiredError,
      IonTokenError,
      IonURLError,
      IonAppError,
      IonTokensNotSavedError,
      IonVaultError,
    ];
    expect(Object.values(ion)).toEqual(expect.arrayContaining(classes));
  });
});
