import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { IonOptionError, IonVaultError } from '../lib/errors.js';
import type { IonTokens } from '../lib/tokens.js';
import { TokenVault } from '../lib/token-vault.js';
import { fc, numberOfRuns } from './support/fast-check.js';

const SECRET = 'rQ3xw0x2n0ZB3oT1cW8mJ5yHkVdA6sLe';
const OTHER = 'pL7uY2vE9qK4tR8zN1bM6cX3aS5dF0gH';

const BASE64URL = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

const tokens: IonTokens = {
  accessToken: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  refreshToken: 'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',
  tokenType: 'Bearer',
  scope: ['read'],
  expiresAt: 1_795_511_552_000,
};

function refusalOf(sealed: unknown, vault = new TokenVault(SECRET)): IonVaultError {
  try {
    // Cast to pass an invalid value, as a JavaScript app could.
    vault.open(sealed as string);
  } catch (error) {
    if (error instanceof IonVaultError) return error;
    throw error;
  }
  throw new Error('tokens came out');
}

function optionErrorOf(secret: unknown): IonOptionError {
  try {
    // Cast to pass an invalid value, as a JavaScript app could.
    new TokenVault(secret as string);
  } catch (error) {
    if (error instanceof IonOptionError) return error;
    throw error;
  }
  throw new Error('a vault came out');
}

// Seals any text, as a TokenVault would if it did not check its argument.
function sealedBytes(text: string): string {
  const derive = (purpose: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', SECRET, '', `passport-ion ion1. ${purpose}`, length));
  const plain = Buffer.from(text);
  const nonce = randomBytes(12);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(8 + 4 + 12 + plain.length + 16);
  const header = Buffer.concat([derive('key id', 8), length]);
  const cipher = createCipheriv('aes-256-gcm', derive('key', 32), nonce);
  cipher.setAAD(Buffer.concat([Buffer.from('ion1.'), header]));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return `ion1.${Buffer.concat([header, nonce, sealed, cipher.getAuthTag()]).toString('base64url')}`;
}

const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const anyTokens: fc.Arbitrary<IonTokens> = fc.record(
  {
    accessToken: visible,
    refreshToken: visible,
    tokenType: fc.string({ unit: 'binary' }),
    scope: fc.array(fc.string({ unit: 'binary' })),
    expiresAt: fc.maxSafeNat(),
  },
  { requiredKeys: ['accessToken', 'tokenType', 'scope'] },
);

describe('TokenVault.seal', () => {
  it('seals tokens that open returns unchanged', () => {
    const vault = new TokenVault(SECRET);

    fc.assert(
      fc.property(anyTokens, (any) => {
        expect(vault.open(vault.seal(any))).toStrictEqual({ ...any });
      }),
    );
  });

  it('seals tokens that another vault with the same secret can open', () => {
    const sealed = new TokenVault(SECRET).seal(tokens);

    expect(new TokenVault(SECRET).open(sealed)).toStrictEqual(tokens);
  });

  it('returns a different string each time', () => {
    const vault = new TokenVault(SECRET);
    const sealed = Array.from({ length: 100 }, () => vault.seal(tokens));

    expect(new Set(sealed).size).toBe(100);
  });

  it('returns a string that needs no encoding in a cookie, URL or file, of the documented length', () => {
    const sealed = new TokenVault(SECRET).seal(tokens);

    expect(sealed).toMatch(/^ion1\.[\w-]+$/);
    expect(encodeURIComponent(sealed)).toBe(sealed);
    expect(sealed.length).toBe(272);
  });

  it('returns a string that shows nothing of the tokens', () => {
    const sealed = new TokenVault(SECRET).seal(tokens);
    const bytes = Buffer.from(sealed.slice(5), 'base64url').toString('latin1');

    expect(bytes).not.toContain('aaaa');
    expect(bytes).not.toContain('accessToken');
  });

  it('seals only the fields of IonTokens, and nothing else that is on the object', () => {
    const vault = new TokenVault(SECRET);
    const row = { ...tokens, password: 'sesame' };

    expect(vault.open(vault.seal(row))).toStrictEqual(tokens);
  });

  it('treats nulls from a database as missing fields', () => {
    const vault = new TokenVault(SECRET);
    const { refreshToken, expiresAt, ...rest } = tokens;
    const row = { ...rest, refreshToken: null, expiresAt: null } as unknown as IonTokens;

    expect([refreshToken, expiresAt]).not.toContain(undefined);
    expect(vault.open(vault.seal(row))).toStrictEqual(rest);
  });

  it.each([
    undefined,
    null,
    'tokens',
    {},
    { ...tokens, accessToken: '' },
    { ...tokens, accessToken: 'a b' },
    { ...tokens, refreshToken: 7 },
    { ...tokens, tokenType: undefined },
    { ...tokens, scope: 'read' },
    { ...tokens, expiresAt: '1795511552000' },
    { ...tokens, expiresAt: NaN },
  ])('throws IonVaultError for %j, which is not IonTokens', (value) => {
    const seal = (): string => new TokenVault(SECRET).seal(value as IonTokens);

    expect(seal).toThrow(IonVaultError);
    expect(seal).toThrow(/is not IonTokens/);
  });
});

describe('new TokenVault, with several secrets', () => {
  it('seals with the first, and opens with all of them', () => {
    const older = new TokenVault(OTHER);
    const both = new TokenVault([SECRET, OTHER]);

    expect(both.open(older.seal(tokens))).toStrictEqual(tokens);
    expect(new TokenVault(SECRET).open(both.seal(tokens))).toStrictEqual(tokens);
    expect(refusalOf(both.seal(tokens), older).message).toContain('another secret');
  });

  it('checks each of them', () => {
    expect(optionErrorOf([SECRET, 'short']).message).toContain('secret[1] is shorter');
    expect(optionErrorOf([SECRET, OTHER, undefined]).message).toContain('secret[2] is missing');
    expect(optionErrorOf([]).message).toContain('secret is missing');
  });
});

describe('TokenVault.open', () => {
  const sealed = new TokenVault(SECRET).seal(tokens);

  it('throws if the string was sealed with another secret', () => {
    const error = refusalOf(sealed, new TokenVault(OTHER));

    expect(error.code).toBe('ERR_ION_VAULT');
    expect(error.message).toContain('sealed with another secret');
    expect(error.message).toContain('new TokenVault([newer, older])');
  });

  it('throws if the string was changed', () => {
    const at = sealed.length - 30;
    const other = sealed[at] === 'A' ? 'B' : 'A';

    expect(refusalOf(sealed.slice(0, at) + other + sealed.slice(at + 1)).message).toContain(
      'was changed',
    );
  });

  it.each([200, 100, 40, 30, 25, 22])(
    'throws if the string was cut short by %i characters, or to that many',
    (length) => {
      expect(refusalOf(sealed.slice(0, length)).message).toMatch(/cut short/);
      expect(refusalOf(sealed.slice(0, -length)).message).toMatch(/cut short/);
    },
  );

  it.each([5, 10, 15])(
    'throws if the string was cut short to %i characters, too few for a key id',
    (length) => {
      expect(refusalOf(sealed.slice(0, length)).message).toMatch(/cut short/);
    },
  );

  it('throws if the string was cut short by a single character', () => {
    expect(refusalOf(sealed.slice(0, -1)).message).toMatch(/cut short/);
  });

  it.each([undefined, null, 7, {}, '', 'ion', 'ion1', JSON.stringify(tokens), `x${sealed}`])(
    'throws for %j, which no vault has sealed',
    (value) => {
      expect(refusalOf(value).message).toContain('not a string that a TokenVault sealed');
    },
  );

  it('throws if the string was sealed by another version', () => {
    expect(refusalOf(sealed.replace('ion1.', 'ion2.')).message).toContain('another version');
  });

  it.each(['=', '==', ' ', '\n', 'A', 'AAAA', '.', '%'])(
    'throws if the string has %j added at its end',
    (suffix) => {
      expect(refusalOf(sealed + suffix).message).toContain('was changed');
    },
  );

  it('throws if the string is spelled in plain base64', () => {
    const vault = new TokenVault(SECRET);
    let withSigns = vault.seal(tokens);
    while (!/[-_]/.test(withSigns.slice(25))) withSigns = vault.seal(tokens);

    const plain = withSigns.replaceAll('-', '+').replaceAll('_', '/');

    expect(refusalOf(plain).message).toMatch(/was changed|another secret/);
  });

  it('throws if any one character of the string was changed, added or removed', () => {
    const vault = new TokenVault(SECRET);

    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom(...BASE64URL, '=', '+', '/', '.', ' ', '\n'),
        fc.constantFrom('replace', 'insert', 'delete'),
        (at, character, change) => {
          const kept = sealed.slice(change === 'insert' ? at : at + 1);
          const changed = sealed.slice(0, at) + (change === 'delete' ? '' : character) + kept;
          fc.pre(changed !== sealed);
          expect(refusalOf(changed, vault)).toBeInstanceOf(IonVaultError);
        },
      ),
      numberOfRuns(2000),
    );
  });

  it('throws if the string differs in the spare bits of its last character', () => {
    const vault = new TokenVault(SECRET);
    const texts = ['a', 'aa', 'aaa'].map((accessToken) => vault.seal({ ...tokens, accessToken }));

    for (const text of texts) {
      const others = BASE64URL.filter((character) => !text.endsWith(character));
      for (const other of others) refusalOf(text.slice(0, -1) + other, vault);
    }
    expect(new Set(texts.map(({ length }) => length % 4))).toStrictEqual(new Set([1, 3, 0]));
  });

  it.each(['{}', 'null', 'sesame', '', '{"accessToken":"sesame"}', '"sesame"'])(
    'throws if the string holds %j, which is not IonTokens',
    (text) => {
      const error = refusalOf(sealedBytes(text));

      expect(error.message).toContain('does not hold IonTokens');
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('sesame');
    },
  );

  it.each([12, 20, 39])(
    'throws if the string claims to have %i bytes, too few for a nonce and a tag',
    (length) => {
      const bytes = Buffer.from(sealed.slice(5), 'base64url').subarray(0, length);
      bytes.writeUInt32BE(length, 8);

      expect(refusalOf(`ion1.${bytes.toString('base64url')}`).message).toContain('was changed');
    },
  );
});

describe('TokenVault in a log', () => {
  it('shows neither the secret nor the key', () => {
    const vault = new TokenVault([SECRET, OTHER]);
    vault.open(vault.seal(tokens));

    expect(inspect(vault, { depth: Infinity, showHidden: true })).toMatch(/^TokenVault \{\}$/);
    expect(JSON.stringify(vault)).toBe('{}');
  });
});
