import { isExpired, toIonTokens } from 'passport-ion';

import { parseTokens } from '../lib/check-tokens.js';
import { fc, numberOfRuns } from './support/fast-check.js';

const NOW = Date.UTC(2026, 10, 24, 12);

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

describe('toIonTokens', () => {
  it('returns tokens, type, scope and expiry as one object', () => {
    const params = {
      access_token: 'A1',
      expires_in: 36000,
      token_type: 'Bearer',
      scope: 'read write',
    };
    expect(toIonTokens('A1', 'R1', params)).toEqual({
      accessToken: 'A1',
      refreshToken: 'R1',
      tokenType: 'Bearer',
      scope: ['read', 'write'],
      expiresAt: NOW + 36_000_000,
    });
  });

  it.each([undefined, null, {}, [], 'x', 5, { expires_in: null, scope: null, token_type: 5 }])(
    'leaves out what the token response does not have: %j',
    (params) => {
      expect(toIonTokens('A1', undefined, params)).toEqual({
        accessToken: 'A1',
        tokenType: 'Bearer',
        scope: [],
      });
    },
  );

  it.each([
    ['read', ['read']],
    ['', []],
    ['  read   write ', ['read', 'write']],
    [['read'], []],
  ])('splits the granted scope into a list: %j', (scope, expected) => {
    expect(toIonTokens('A1', 'R1', { scope }).scope).toEqual(expected);
  });

  it.each([
    [36000, 36_000],
    ['36000', 36_000],
    [0, 0],
    [0.5, 0.5],
  ])('reads expires_in, in seconds from now: %j', (lifetime, seconds) => {
    expect(toIonTokens('A1', 'R1', { expires_in: lifetime }).expiresAt).toBe(NOW + seconds * 1000);
  });

  it.each([
    -1,
    NaN,
    Infinity,
    1e300,
    '1e3',
    '-1',
    '',
    ' 5',
    '36000s',
    '9'.repeat(20),
    true,
    null,
    [5],
  ])('leaves out expiresAt if expires_in makes no sense: %j', (lifetime) => {
    expect(toIonTokens('A1', 'R1', { expires_in: lifetime })).not.toHaveProperty('expiresAt');
  });

  it('does not change the params', () => {
    const params = Object.freeze({ expires_in: 10, scope: 'read' });
    expect(() => toIonTokens('A1', 'R1', params)).not.toThrow();
  });

  it('returns tokens that JSON can represent, for any token response', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({
            expires_in: fc.oneof(fc.double(), fc.jsonValue()),
            scope: fc.string(),
            token_type: fc.jsonValue(),
          }),
          fc.jsonValue(),
        ),
        fc.option(fc.string(), { nil: undefined }),
        (params, refreshToken) => {
          const tokens = toIonTokens('A1', refreshToken, params);
          expect(JSON.parse(JSON.stringify(tokens))).toEqual(tokens);
        },
      ),
      numberOfRuns(1000),
    );
  });

  it('returns tokens that parseTokens accepts', () => {
    const tokens = toIonTokens('A1', 'R1', { expires_in: 36000, scope: 'read' });
    expect(parseTokens(JSON.parse(JSON.stringify(tokens)))).toEqual(tokens);
  });
});

describe('isExpired', () => {
  const ending = (seconds: number): { expiresAt: number } => ({ expiresAt: NOW + seconds * 1000 });

  it('is true from a minute before the tokens expire', () => {
    expect(isExpired(ending(-1))).toBe(true);
    expect(isExpired(ending(60))).toBe(true);
    expect(isExpired({ expiresAt: NOW + 60_001 })).toBe(false);
  });

  it('is true from `within` seconds before the tokens expire', () => {
    expect(isExpired(ending(0), { within: 0 })).toBe(true);
    expect(isExpired({ expiresAt: NOW + 1 }, { within: 0 })).toBe(false);
    expect(isExpired(ending(3600), { within: 3600 })).toBe(true);
    expect(isExpired(ending(3601), { within: 3600 })).toBe(false);
    expect(isExpired(ending(60), {})).toBe(true);
  });

  it('is false without expiresAt', () => {
    expect(isExpired({})).toBe(false);
    // Cast because databases return null for a missing value.
    expect(isExpired({ expiresAt: null as unknown as number })).toBe(false);
    expect(isExpired(toIonTokens('A1', 'R1', {}), { within: Infinity })).toBe(false);
  });
});
