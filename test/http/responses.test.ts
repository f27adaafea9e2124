import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import fc from 'fast-check';

import { IonAuthorizationError, IonResponseError, IonTokenError } from '../../lib/errors.js';
import type { Incoming } from '../../lib/http/exchange.js';
import {
  objectIn,
  parsed,
  readTokenResponse,
  signInRefusal,
  throwUnlessGranted,
} from '../../lib/http/responses.js';
import type { TokenRequest } from '../../lib/http/responses.js';
import { whatALogShows } from '../support/what-a-log-shows.js';

const request = { what: 'the token request', secrets: ['the-code', 'hunter2'] } as const;

function answer(body: string | Uint8Array, status = 200): Incoming {
  const message = new IncomingMessage(new Socket());
  return { status, headers: {}, body: Buffer.from(body as string), message };
}

function granted(incoming: Incoming, asked: TokenRequest): void {
  throwUnlessGranted(incoming.status, parsed(incoming), asked);
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a token response', () => {
  it('gives both tokens, and the rest as Ion sent it', () => {
    const rest = { access_token: 'A1', expires_in: 36000, scope: 'read', x: [1] };
    const body = JSON.stringify({ ...rest, refresh_token: 'R1' });
    expect(readTokenResponse(answer(body), request)).toEqual({
      accessToken: 'A1',
      refreshToken: 'R1',
      rest,
    });
  });

  it.each([200, 201, 299])('may have the status %i', (status) => {
    const response = readTokenResponse(answer('{"access_token":"A1"}', status), request);
    expect(response.accessToken).toBe('A1');
  });

  it('changes no prototype, whatever its keys', () => {
    const body = '{"access_token":"A1","__proto__":{"polluted":1},"constructor":2}';
    const { rest } = readTokenResponse(answer(body), request);
    expect(Object.getPrototypeOf(rest)).toBe(Object.prototype);
    expect(rest['polluted']).toBeUndefined();
  });
});

describe('any answer at all', () => {
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
        error: errorText,
        error_description: errorText,
        expires_in: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  const body = fc.oneof(tokenish, fc.json(), fc.uint8Array(), fc.string());

  it('gives tokens that a header can carry, or one of our two errors', () => {
    fc.assert(
      fc.property(body, status, (bytes, code) => {
        const incoming = answer(bytes, code);
        let response;
        try {
          response = readTokenResponse(incoming, request);
        } catch (error) {
          expect(error instanceof IonTokenError || error instanceof IonResponseError).toBe(true);
          // The cast: they are the two that were just told.
          expect((error as IonTokenError).status).toBeGreaterThanOrEqual(400);
          const shown = whatALogShows(error);
          for (const secret of ['hunter2', 'the-code', 'aHVudGVyMg']) {
            expect(shown).not.toContain(secret);
          }
          return;
        }
        expect(code).toBeGreaterThanOrEqual(200);
        expect(code).toBeLessThan(300);
        expect(response.accessToken).toMatch(/^[!-~]+$/);
        expect(response.refreshToken ?? '!').toMatch(/^[!-~]+$/);
        expect(response.rest).not.toHaveProperty('refresh_token');
      }),
      { numRuns: 500 },
    );
  });

  it('has an object in it, or none', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        const found = objectIn(answer(bytes));
        if (found === undefined) return;
        expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
      }),
    );
  });
});

describe('an answer without body', () => {
  it('is a grant where its status is a success', () => {
    expect(
      thrownBy(() => {
        granted(answer(''), request);
      }),
    ).toBeUndefined();
  });

  it.each([0, 199, 300, 304, 404, 500, 999])('is none with the status %i', (status) => {
    const error = thrownBy(() => {
      granted(answer('', status), request);
    });
    expect(error).toBeInstanceOf(IonResponseError);
  });

  it("is an error with a status fit for the browser, whatever Ion's is", () => {
    const statuses = [0, 199, 302, 399, 400, 407, 499, 599, 600, 999].map((status) => {
      const error = thrownBy(() => {
        granted(answer('', status), request);
      });
      return (error as IonResponseError).status;
    });
    expect(statuses).toEqual([502, 502, 502, 502, 400, 502, 499, 599, 502, 502]);
  });
});

describe('a refusal', () => {
  it.each([0, 200, 302, 400, 401, 407, 500, 599, 600, 999])(
    'has a status fit for the browser where Ion has sent %i',
    (status) => {
      const error = thrownBy(() => {
        granted(answer('{"error":"x"}', status), request);
      });
      expect(error).toBeInstanceOf(IonTokenError);
      const fits = status >= 400 && status <= 599 && status !== 407;
      expect((error as IonTokenError).status).toBe(fits ? status : 502);
    },
  );
});

describe('a refusal in the words of a secret', () => {
  it('is told by its status', () => {
    const incoming = answer('{"error":"hunter","error_description":"hunter"}', 400);
    const secrets = ['', 'hunter'];
    const error = thrownBy(() => {
      granted(incoming, { ...request, secrets });
    });
    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ status: 400 });
    expect(whatALogShows(error)).not.toContain('hunter');
  });
});

describe('a sign-in that Ion refused', () => {
  it.each([
    ['invalid_scope', 500, 'the option scope names one that Ion does not know'],
    ['unauthorized_client', 500, 'Authorization Grant Type'],
    ['server_error', 502, 'something broke there, try again later'],
    ['temporarily_unavailable', 503, 'something broke there, try again later'],
    ['invalid_request', 500, 'start the sign-in again'],
  ])('says what Ion said and what to do: %s', (code, status, advice) => {
    const error = signInRefusal(code, 'Missing response_type parameter.');
    expect(error).toBeInstanceOf(IonAuthorizationError);
    expect(error).toMatchObject({ code, status });
    expect(error.message).toContain(advice);
    expect(error.message).toMatch(
      new RegExp(`^Ion refused the sign-in \\(${code}, Missing response_type parameter\\.\\): `),
    );
  });

  it('does without a description', () => {
    expect(signInRefusal('invalid_scope', undefined).message).toMatch(
      /^Ion refused the sign-in \(invalid_scope\): /,
    );
  });

  it.each(['<script>', 'AbCdEfGhIjKlMnOpQrSt12', 'not a code', 'constructor.x'])(
    'repeats no code that is none: %s',
    (code) => {
      const error = signInRefusal(code, undefined);
      expect(error).toMatchObject({ code: 'server_error', status: 502 });
      expect(whatALogShows(error)).not.toContain(code);
    },
  );
});
