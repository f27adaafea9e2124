import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import {
  IonAPIError,
  IonAuthorizationError,
  IonResponseError,
  IonTokenError,
} from '../../lib/errors.js';
import type { IonHttpResponse } from '../../lib/http/exchange.js';
import {
  authorizationError,
  readJSON,
  readTokenResponse,
  requireAPISuccess,
  requireOAuthSuccess,
} from '../../lib/http/responses.js';
import { logTextOf } from '../support/log-text.js';
import { fc, numberOfRuns } from '../support/fast-check.js';

const request = { label: 'the token request', secrets: ['the-code', 'hunter2'] } as const;

function responseOf(body: string | Uint8Array, status = 200): IonHttpResponse {
  const message = new IncomingMessage(new Socket());
  return { status, body: Buffer.from(body as string), message };
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('readTokenResponse', () => {
  it('returns both tokens, and the rest as Ion sent it', () => {
    const rest = { access_token: 'A1', token_type: 'Bearer', expires_in: 36000, x: [1] };
    const body = JSON.stringify({ ...rest, refresh_token: 'R1' });
    expect(readTokenResponse(responseOf(body), request)).toEqual({
      accessToken: 'A1',
      refreshToken: 'R1',
      rest,
    });
  });

  it.each([200, 201, 299])('accepts the status %i', (status) => {
    const response = responseOf('{"access_token":"A1","token_type":"Bearer"}', status);
    expect(readTokenResponse(response, request).accessToken).toBe('A1');
  });

  it('changes no prototype, for any keys', () => {
    const body =
      '{"access_token":"A1","token_type":"Bearer","__proto__":{"polluted":1},"constructor":2}';
    const { rest } = readTokenResponse(responseOf(body), request);
    expect(Object.getPrototypeOf(rest)).toBe(Object.prototype);
    expect(rest['polluted']).toBeUndefined();
  });

  const status = fc.oneof(fc.constantFrom(200, 301, 400, 401, 403, 500, 503), fc.nat(999));
  const token = fc.oneof(fc.jsonValue(), fc.constantFrom('A1', 'A\n1', ''));
  const errorText = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('invalid_grant', 'hunter2', 'code the-code', 'aHVudGVyMg=='),
  );
  const tokenish = fc
    .record(
      {
        access_token: token,
        refresh_token: token,
        token_type: fc.oneof(fc.constant('Bearer'), fc.jsonValue()),
        error: errorText,
        error_description: errorText,
        expires_in: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  const body = fc.oneof(tokenish, fc.json(), fc.uint8Array(), fc.string());

  it('returns tokens that fit into a header, or throws an error without secrets, for any response', () => {
    fc.assert(
      fc.property(body, status, (bytes, code) => {
        let tokens;
        try {
          tokens = readTokenResponse(responseOf(bytes, code), request);
        } catch (error) {
          expect(error instanceof IonTokenError || error instanceof IonResponseError).toBe(true);
          // The cast is safe because the class was checked just before.
          expect((error as IonTokenError).status).toBeGreaterThanOrEqual(400);
          const shown = logTextOf(error);
          for (const secret of ['hunter2', 'the-code', 'aHVudGVyMg']) {
            expect(shown).not.toContain(secret);
          }
          return;
        }
        expect(code).toBeGreaterThanOrEqual(200);
        expect(code).toBeLessThan(300);
        expect(tokens.accessToken).toMatch(/^[!-~]+$/);
        expect(tokens.refreshToken ?? '!').toMatch(/^[!-~]+$/);
        expect(tokens.rest).not.toHaveProperty('refresh_token');
      }),
      numberOfRuns(500),
    );
  });
});

describe('readJSON', () => {
  it.each(['', '{', '<html>', '\xff'])('returns undefined if the body is not JSON: %j', (body) => {
    expect(readJSON(responseOf(body))).toBeUndefined();
  });

  it('ignores a byte order mark', () => {
    expect(readJSON(responseOf('\ufeff{"a":1}'))).toEqual({ a: 1 });
  });

  it('decodes UTF-8', () => {
    expect(readJSON(responseOf('{"first_name":"Zoë 小梅"}'))).toEqual({ first_name: 'Zoë 小梅' });
  });
});

describe('requireOAuthSuccess', () => {
  const errorFor = (body: string, status: number): unknown =>
    errorOf(() => {
      requireOAuthSuccess(responseOf(body, status), request);
    });

  it('accepts a success without a body', () => {
    expect(errorFor('', 200)).toBeUndefined();
  });

  it.each([0, 199, 300, 304, 404, 500, 999])('refuses the status %i', (status) => {
    expect(errorFor('', status)).toBeInstanceOf(IonResponseError);
  });

  it.each([0, 199, 200, 302, 400, 401, 407, 499, 500, 503, 599, 600, 999])(
    'throws an error that does not blame the visitor, with or without a body: %i',
    (status) => {
      for (const body of ['', '<html>', '{"error":"invalid_client"}']) {
        const error = errorFor(body, status);
        if (error === undefined) expect(status).toBe(200);
        else {
          expect(error).toMatchObject({ ionStatus: status });
          // The cast is safe because both classes have this field.
          expect([500, 502, 503]).toContain((error as IonTokenError).status);
        }
      }
    },
  );

  it('throws an error about the status if the error in the body repeats a secret', () => {
    const response = responseOf('{"error":"hunter","error_description":"hunter"}', 400);
    const error = errorOf(() => {
      requireOAuthSuccess(response, { ...request, secrets: ['', 'hunter'] });
    });
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ ionStatus: 400 });
    expect(logTextOf(error)).not.toContain('hunter');
  });
});

describe('requireAPISuccess', () => {
  const errorFor = (body: unknown, status = 400): unknown =>
    errorOf(() => {
      requireAPISuccess(responseOf(JSON.stringify(body), status), 'GET /api/x', ['s3cret']);
    });

  it.each([
    ['detail', { detail: 'Not found.' }, [{ text: 'Not found.' }]],
    ['details', { details: ['One.', 'Two.'] }, [{ text: 'One.' }, { text: 'Two.' }]],
    [
      'error',
      { error: 'You are not an administrator.' },
      [{ text: 'You are not an administrator.' }],
    ],
    ['a bare list', ['Invalid format for date.'], [{ text: 'Invalid format for date.' }]],
    [
      'fields',
      { title: ['This field is required.'], non_field_errors: ['Too late.'] },
      [{ text: 'This field is required.', field: 'title' }, { text: 'Too late.' }],
    ],
    ['nothing that is text', { detail: 7, nested: { detail: 'x' }, list: [{}] }, []],
    ['null', null, []],
  ])('keeps the reasons in whatever form Ion sends them: %s', (_form, body, reasons) => {
    const error = errorFor(body);
    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ reasons });
  });

  it('reads at most a hundred reasons', () => {
    const details = [...Array.from({ length: 100 }, () => 's3cret'), 'Too late.'];
    expect(errorFor({ details })).toMatchObject({ reasons: [] });
    expect(errorFor({ details: details.slice(1) })).toMatchObject({ detail: 'Too late.' });
  });

  it('reads at most a hundred fields, whether they have a reason or not', () => {
    const empty = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, []]));
    expect(errorFor({ ...empty(100), late: ['Too late.'] })).toMatchObject({ reasons: [] });
    expect(errorFor({ ...empty(99), late: ['Too late.'] })).toMatchObject({
      reasons: [{ text: 'Too late.', field: 'late' }],
    });
  });

  it('keeps at most ten reasons', () => {
    const details = Array.from({ length: 100_000 }, () => 'No.');
    expect(errorFor({ details })).toMatchObject({ reasons: Array(10).fill({ text: 'No.' }) });
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, ['No.']]));
    expect(errorFor(fields)).toMatchObject({
      reasons: Array.from({ length: 10 }, (_, i) => ({ text: 'No.', field: `f${i}` })),
    });
  });

  it.each([
    ['3600', 3600],
    ['0', 0],
    ['99999999', 86_400],
    ['Wed, 25 Nov 2026 12:00:30 GMT', 30],
    ['Wed, 25 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 25 Dec 2026 12:00:00 GMT', 86_400],
    ['Wed, 99 Nov 2026 12:00:00 GMT', undefined],
    ['2026-11-25T12:00:00Z', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['9'.repeat(10_000), undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads Retry-After: %s', (value, retryAfter) => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 10, 25, 12));
    const response = responseOf('<h1>maintenance</h1>', 503);
    if (value !== undefined) response.message.headers['retry-after'] = value;
    const refusal = errorOf(() => {
      requireAPISuccess(response, 'GET /api/x', []);
    });
    expect((refusal as IonAPIError).retryAfter).toBe(retryAfter);
    const error = errorOf(() => {
      requireOAuthSuccess(response, request);
    });
    expect((error as IonResponseError).retryAfter).toBe(retryAfter);
  });
});

describe('authorizationError', () => {
  it.each([
    ['invalid_scope', 500, 'the option scope names a scope that Ion does not know'],
    ['unauthorized_client', 500, 'Authorization Grant Type'],
    ['server_error', 502, 'something broke there, try again later'],
    ['temporarily_unavailable', 503, 'something broke there, try again later'],
    ['invalid_request', 500, 'start the sign-in again'],
  ])("returns an error with Ion's words and what to do: %s", (code, status, advice) => {
    const error = authorizationError(code, 'Missing response_type parameter.');
    expect(error).toBeInstanceOf(IonAuthorizationError);
    expect(error).toMatchObject({ code, status });
    expect(error.message).toContain(advice);
    expect(error.message).toMatch(
      new RegExp(`^Ion refused the sign-in \\(${code}, Missing response_type parameter\\.\\): `),
    );
  });

  it('works without a description', () => {
    expect(authorizationError('invalid_scope', undefined).message).toMatch(
      /^Ion refused the sign-in \(invalid_scope\): /,
    );
  });

  it.each(['<script>', 'AbCdEfGhIjKlMnOpQrSt12', 'not a code', 'constructor.x'])(
    'does not repeat an error that is not a code: %s',
    (code) => {
      const error = authorizationError(code, undefined);
      expect(error).toMatchObject({ code: 'server_error', status: 502 });
      expect(logTextOf(error)).not.toContain(code);
    },
  );
});
