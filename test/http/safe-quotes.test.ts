import { quoteIfSafe, quoteCodeIfSafe } from '../../lib/http/safe-quotes.js';
import { spellingsOf } from '../support/log-text.js';
import { fc } from '../support/fast-check.js';

describe('quoteIfSafe', () => {
  it.each([
    'Mismatching redirect URI.',
    'Missing code parameter.',
    'Invalid code_challenge_method: unsupported_response_type is meant',
    'Scope «read» — déjà vu 小梅',
    `${'x'.repeat(18)}1`,
    'https://ion',
    'short words '.repeat(25).trim(),
  ])('returns short prose unchanged: %j', (text) => {
    expect(quoteIfSafe(text, ['the-secret'])).toBe(text);
  });

  it.each([
    ['is not a string', 5],
    ['is null', null],
    ['is missing', undefined],
    ['is an object', { toString: () => 'hello' }],
    ['is empty', ''],
    ['is long', 'short words '.repeat(26)],
    ['holds a line break', 'a\nb'],
    ['holds an escape', 'a\x1b[31mb'],
    ['holds a delete', 'a\x7fb'],
    ['holds a C1 control character', 'a\x9bb'],
    ['holds a line separator', 'a\u2028b'],
    ['changes the direction of the text', 'a\u202eb'],
    ['holds an invisible character', 'a\u200bb'],
    ['holds half a character', 'a\ud83db'],
  ])('returns undefined if the text %s', (_case, text) => {
    expect(quoteIfSafe(text, [])).toBeUndefined();
  });

  it.each([
    ['a code', 'Unknown code AbCdEfGhIjKlMnOpQrSt12'],
    ['an address with a code', 'See https://ion.example/?code=AbCdEfGhIjKlMnO'],
    ['something in base64', 'YWJjZGVmZ2hpamtsbW5vcA=='],
    ['twenty characters in a row', 'x'.repeat(19) + '1'],
    ['something percent-encoded', '%41%42%43%44%45%46%47'],
  ])(
    'returns undefined if the text holds something that looks like a secret: %s',
    (_case, text) => {
      expect(quoteIfSafe(text, [])).toBeUndefined();
    },
  );

  it.each(['hunter2', 'two words', 'q"uo\\te', 'p+l/u=s', 'Zoë', '50%'])(
    'returns undefined if the text holds a secret of the request, in any spelling: %s',
    (secret) => {
      for (const spelling of spellingsOf(secret)) {
        const text = `It was ${spelling.replace(/=+$/, '')}.`;
        expect([spelling, quoteIfSafe(text, ['other', secret])]).toEqual([spelling, undefined]);
        expect(quoteIfSafe(text, ['other'])).toBe(text);
      }
    },
  );

  it('returns prose unchanged for a public client, whose secret is empty', () => {
    expect(quoteIfSafe('Mismatching redirect URI.', [''])).toBe('Mismatching redirect URI.');
  });

  it('returns prose unchanged if a secret is not a well-formed string', () => {
    expect(quoteIfSafe('Mismatching redirect URI.', ['a\ud83db'])).toBe(
      'Mismatching redirect URI.',
    );
  });

  it('returns any text unchanged, or undefined, and nothing that holds the secret', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (text, secret) => {
        const repeated = quoteIfSafe(text, [secret]);
        expect([text, undefined]).toContain(repeated);
        expect(repeated?.includes(secret)).not.toBe(true);
        expect(repeated ?? 'x').toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
      }),
    );
  });
});

describe('quoteCodeIfSafe', () => {
  it.each(['invalid_grant', 'access_denied', 'unsupported_response_type', 'x'])(
    'returns an error code unchanged: %s',
    (code) => {
      expect(quoteCodeIfSafe(code, ['the-secret'])).toBe(code);
    },
  );

  it.each([
    'Invalid_grant',
    'invalid grant',
    'invalid-grant',
    'error1',
    '_x',
    'x_',
    'x__y',
    '',
    'a'.repeat(301),
    5,
    null,
    ['invalid_grant'],
    'invalid_grant\n',
  ])('returns undefined for something that is not an error code: %j', (code) => {
    expect(quoteCodeIfSafe(code, [])).toBeUndefined();
  });

  it('returns undefined if the code is the secret', () => {
    expect(quoteCodeIfSafe('hunter', ['hunter'])).toBeUndefined();
  });
});
