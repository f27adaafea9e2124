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
import { whatALogShows } from './support/what-a-log-shows.js';

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
    { name: 'IonOptionError', code: 'ERR_ION_OPTION', parents: [TypeError] },
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
      status: 400,
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
    { name: 'IonAPIError', code: 'ERR_ION_API', status: 404, parents: [] },
  ],
  [new IonURLError('It said this.'), { name: 'IonURLError', code: 'ERR_ION_URL', parents: [] }],
  [
    new IonSignInRequiredError('It said this.'),
    { name: 'IonSignInRequiredError', code: 'ERR_ION_SIGN_IN_REQUIRED', status: 401, parents: [] },
  ],
  [
    new IonVaultError('It said this.'),
    { name: 'IonVaultError', code: 'ERR_ION_VAULT', parents: [] },
  ],
];

describe.each(
  cases.map(
    ([error, expected]) => [`${expected.name} (${expected.code})`, error, expected] as const,
  ),
)('%s', (_title, error, { name, code, status, parents }) => {
  it('is an error of its name, with its code and status', () => {
    expect(error).toBeInstanceOf(Error);
    for (const parent of parents) expect(error).toBeInstanceOf(parent);
    expect(error).toMatchObject({ name, code, message: 'It said this.' });
    expect((error as { status?: unknown }).status).toBe(status);
    expect(error.constructor.name).toBe(name);
  });

  it('is written with its name and message', () => {
    expect(String(error)).toBe(`${name}: It said this.`);
    expect(error.toString()).toBe(`${name}: It said this.`);
    expect(inspect(error)).toContain('It said this.');
  });

  it('has a stack that begins with name and message, and then where it was made', () => {
    const [first, second] = String(error.stack).split('\n');
    expect(first).toBe(`${name}: It said this.`);
    expect(second).toContain(__filename);
  });
});

describe('an error of a connection', () => {
  it('has what Node reported for its cause, where there is something', () => {
    const broken = new IonConnectionError('ERR_ION_UNREACHABLE', 'It said this.', cause);
    expect(broken.cause).toBe(cause);
    expect('cause' in new IonConnectionError('ERR_ION_TIMEOUT', 'It said this.')).toBe(false);
  });

  it('has it under the name of passport-oauth2 too', () => {
    const broken = new IonConnectionError('ERR_ION_UNREACHABLE', 'It said this.', cause);
    expect(broken.oauthError).toBe(cause);
  });
});

describe('an error of an answer', () => {
  it("has Ion's status where passport-oauth2 has it, and one fit for the browser", () => {
    for (const [ions, ours] of [
      [200, 502],
      [302, 502],
      [400, 400],
      // A browser takes it for the answer of a proxy of its own.
      [407, 502],
      [599, 599],
      [600, 502],
    ] as const) {
      const error = new IonResponseError('ERR_ION_RESPONSE', 'It said this.', ions);
      expect(error.oauthError).toEqual({ statusCode: ions });
      expect(error.status).toBe(ours);
    }
  });
});

describe('an error of an option', () => {
  it('names the option', () => {
    expect(new IonOptionError('scope', 'It said this.').option).toBe('scope');
  });
});

describe('an error of saving', () => {
  it('gives the tokens to who asks, and to no log that does not', () => {
    const error = new IonTokensNotSavedError(tokens, cause);
    expect(error).toMatchObject({
      name: 'IonTokensNotSavedError',
      code: 'ERR_ION_TOKENS_NOT_SAVED',
      status: 500,
      cause,
    });
    expect(error.tokens).toBe(tokens);
    expect(whatALogShows(error, { getters: false })).not.toContain('the-A1');
  });
});

describe('an error of the API', () => {
  it('has what Ion said, where it said something', () => {
    expect(new IonAPIError('It said this.', 400, 'Too late.').detail).toBe('Too late.');
    expect('detail' in new IonAPIError('It said this.', 400)).toBe(false);
  });
});

describe('every error class', () => {
  it('is exported, so that an app can tell it', () => {
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
