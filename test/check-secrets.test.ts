// Tests the checks of the option `secret`, which TokenVault and CookieStateStore share.

import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';

import { IonOptionError } from '../lib/errors.js';
import { checkSecrets } from '../lib/check-secrets.js';

const SECRET = 'rQ3xw0x2n0ZB3oT1cW8mJ5yHkVdA6sLe';

function optionErrorOf(secret: unknown): IonOptionError {
  try {
    checkSecrets('TokenVault', secret);
  } catch (error) {
    if (error instanceof IonOptionError) return error;
    throw error;
  }
  throw new Error('the secret was accepted');
}

describe('checkSecrets', () => {
  it.each([undefined, null, 7, {}])('refuses %p as a missing secret', (secret) => {
    const error = optionErrorOf(secret);

    expect(error.option).toBe('secret');
    expect(error.code).toBe('ERR_ION_OPTION');
    expect(error.message).toContain('is its environment variable set?');
  });

  it.each(['', 'x'.repeat(31), ` ${'x'.repeat(31)}`])(
    'refuses a secret that is too short: %j',
    (secret) => {
      expect(optionErrorOf(secret).message).toContain('is shorter than 32 characters');
    },
  );

  it.each(['a'.repeat(32), 'changeme'.repeat(4)])(
    'refuses a secret with fewer than 8 different characters: %s',
    (secret) => {
      const error = optionErrorOf(secret);
      expect(error.message).toContain('fewer than 8 different characters');
      expect(error.message).toContain('randomBytes(32)');
    },
  );

  it.each(['\u200b', '\u00a0', '\n', '\u3164', '\u2800', '\ufe0f'])(
    'refuses a secret with an invisible character: %j',
    (character) => {
      expect(optionErrorOf(SECRET + character).message).toContain('an invisible character');
    },
  );

  it('accepts an older secret that is weak, so that an app can rotate away from it', () => {
    const secrets = [SECRET, 'a'.repeat(32)];

    expect(checkSecrets('TokenVault', secrets)).toEqual(secrets);
  });

  it('does not quote the secret that it refuses', () => {
    expect(inspect(optionErrorOf('sesame'), { depth: Infinity })).not.toContain('sesame');
  });

  it('accepts a secret made with the command in the error message', () => {
    const [, code = ''] = /node -e "(.+)"/.exec(optionErrorOf('').message) ?? [];
    const made = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim();

    expect(checkSecrets('TokenVault', made)).toEqual([made]);
  });
});
