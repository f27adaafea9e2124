// TokenVault: tokens sealed for storage.

import { Buffer } from 'node:buffer';
import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { IonVaultError } from './errors.js';
import { parseJSON } from './json.js';
import { ENCRYPTION_OVERHEAD_BYTES, checkSecrets, decrypt, deriveKey, encrypt } from './sealing.js';
import { parseTokens } from './tokens.js';
import type { IonTokens } from './tokens.js';

// The version of all that follows. It is authenticated with the rest.
const PREFIX = 'ion1.';
// The bytes after the prefix: which key, how many bytes in all, the nonce, the sealed text, the tag.
// The length tells a string that a cookie or a database column cut short from one that was changed.
const KEY_ID = 8;
const LENGTH = 4;
const HEADER = KEY_ID + LENGTH;

interface Key {
  /** Tells keys apart, so that a wrong secret is not taken for a changed string. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/**
 * Seals tokens for storage (AES-256-GCM): Ion's acceptable use policy forbids keeping them
 * unencrypted anywhere.
 *
 * A sealed string has some 270 characters (give a column 500): letters, digits, `-`, `_` and one dot,
 * so it goes into a cookie, a database, or a file as it is. Whoever opens it gets the very tokens that
 * were sealed, or an error.
 *
 * ```ts
 * const vault = new TokenVault(process.env.TOKEN_SECRET);
 * const sealed = vault.seal(tokens);
 * const opened = vault.open(sealed);
 * ```
 *
 * To change the secret, put the new one first and keep the old: `new TokenVault([newer, older])`.
 * The first seals, all of them open. Once all that is stored was sealed anew, drop the old one.
 *
 * A sealed string does not say whose it is: store it where nobody can swap it for another's.
 */
export class TokenVault {
  readonly #newest: Key;
  readonly #keys: readonly Key[];

  /**
   * Derives the keys, by HKDF-SHA256 (RFC 5869).
   *
   * @param secret - A random string of 32 characters or more, kept out of the code and out of the
   *   database; or a list of them, the newest first. It may be undefined so that you can pass an
   *   environment variable as it is; that is then an error.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if a secret is missing or too short, or if the
   *   newest one has fewer than 8 different characters or an invisible one.
   */
  constructor(secret: string | undefined | readonly (string | undefined)[]) {
    const [newest, ...older] = checkSecrets('TokenVault', secret);
    this.#newest = keyFrom(newest);
    this.#keys = [this.#newest, ...older.map((each) => keyFrom(each))];
  }

  /**
   * The tokens as a string that only this secret opens. It is another string each time.
   *
   * @throws {@link IonVaultError} (`ERR_ION_VAULT`) where these are no tokens.
   */
  seal(tokens: IonTokens): string {
    const checked = parseTokens(tokens);
    if (!checked) {
      throw new IonVaultError('TokenVault: what is to be sealed is no IonTokens; see toIonTokens');
    }
    const text = Buffer.from(JSON.stringify(checked));
    const length = HEADER + ENCRYPTION_OVERHEAD_BYTES + text.length;
    const header = headerFor(this.#newest, length);
    const encrypted = encrypt(this.#newest.key, text, authenticated(header));
    return PREFIX + Buffer.concat([header, encrypted]).toString('base64url');
  }

  /**
   * The tokens that were sealed, by this vault or by another with one of its secrets.
   *
   * @throws {@link IonVaultError} (`ERR_ION_VAULT`) where the string was sealed with another secret, was
   *   changed or cut short, or is no vault's at all.
   */
  open(sealed: string): IonTokens {
    const bytes = bytesIn(sealed);
    const header = bytes.subarray(0, HEADER);
    const key = this.#keys.find(({ id }) => id.equals(header.subarray(0, KEY_ID)));
    if (!key) {
      throw new IonVaultError(
        'TokenVault: this was sealed with another secret, or its beginning was changed; if the secret is a new one, give the old one too, after the new: new TokenVault([newer, older])',
      );
    }
    requireWhole(sealed, bytes);
    const text = decrypt(key.key, bytes.subarray(HEADER), authenticated(header));
    if (!text) throw changed();
    const tokens = parseTokens(parseJSON(text.toString()));
    if (!tokens) throw new IonVaultError('TokenVault: what was sealed is no IonTokens');
    return tokens;
  }
}

function keyFrom(secret: string): Key {
  const id = deriveKey(secret, `${PREFIX} key id`, KEY_ID);
  return { id, key: createSecretKey(deriveKey(secret, `${PREFIX} key`, 32)) };
}

function headerFor(key: Key, length: number): Buffer {
  const header = Buffer.alloc(HEADER);
  key.id.copy(header);
  header.writeUInt32BE(length, KEY_ID);
  return header;
}

function authenticated(header: Buffer): Buffer {
  return Buffer.concat([Buffer.from(PREFIX), header]);
}

function bytesIn(sealed: unknown): Buffer {
  if (typeof sealed !== 'string' || !/^ion\d+\./.test(sealed)) {
    throw new IonVaultError(
      `TokenVault: this is no sealed string of a TokenVault, which begins with ${PREFIX}`,
    );
  }
  if (!sealed.startsWith(PREFIX)) {
    throw new IonVaultError('TokenVault: this was sealed by another version of passport-ion');
  }
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  if (bytes.length < HEADER) throw cutShort();
  return bytes;
}

function requireWhole(sealed: string, bytes: Buffer): void {
  if (bytes.length < bytes.readUInt32BE(KEY_ID)) throw cutShort();
  // Several spellings decode to the same bytes (padding, white space, spare bits); one was sealed.
  if (PREFIX + bytes.toString('base64url') !== sealed) throw changed();
}

function cutShort(): IonVaultError {
  return new IonVaultError(
    'TokenVault: the sealed string was cut short; is the column or the cookie that holds it large enough?',
  );
}

function changed(): IonVaultError {
  return new IonVaultError('TokenVault: the sealed string was changed after it was sealed');
}
