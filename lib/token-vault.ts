// TokenVault: seals tokens for storage.

import { Buffer } from 'node:buffer';
import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { IonVaultError } from './errors.js';
import { parseJSON } from './json.js';
import { ENCRYPTION_OVERHEAD_BYTES, decrypt, deriveKey, encrypt } from './sealing.js';
import { checkSecrets } from './check-secrets.js';
import { parseTokens } from './check-tokens.js';
import type { IonTokens } from './tokens.js';

// The version of the format. It is authenticated along with the rest of the string.
const PREFIX = 'ion1.';
// The prefix is followed by the key's id, the total length, the nonce, the sealed text, and the tag. The
// length shows whether a string was cut short (by a cookie or a database column) or was changed.
const KEY_ID_BYTES = 8;
const LENGTH_BYTES = 4;
const HEADER_BYTES = KEY_ID_BYTES + LENGTH_BYTES;

interface Key {
  /** Identifies the key in a sealed string, so that a wrong secret is not mistaken for a changed string. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/**
 * Seals tokens for storage (AES-256-GCM): Ion's acceptable use policy forbids keeping them
 * unencrypted anywhere.
 *
 * A sealed string has about 270 characters (give a column 500): letters, digits, `-`, `_`, and one dot, so
 * it fits into a cookie, a database, or a file without any encoding. Opening it returns exactly the tokens
 * that were sealed, or throws.
 *
 * ```ts
 * const vault = new TokenVault(process.env.TOKEN_SECRET);
 * const sealed = vault.seal(tokens);
 * const opened = vault.open(sealed);
 * ```
 *
 * To change the secret, put the new secret first and keep the old one: `new TokenVault([newer, older])`.
 * The first secret seals, and any of them opens. Once everything that you store has been sealed again, drop
 * the old secret.
 *
 * A sealed string does not say whose tokens it holds: store it where no one can swap it for another
 * person's.
 */
export class TokenVault {
  readonly #newest: Key;
  readonly #keys: readonly Key[];

  /**
   * Derives the keys with HKDF-SHA256 (RFC 5869).
   *
   * @param secret - A random string of 32 characters or more, kept out of the code and out of the database;
   *   or a list of such strings, newest first. The type allows undefined so that you can pass an environment
   *   variable directly; if it is not set, the constructor throws.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if a secret is missing or too short, or if the newest
   *   secret has fewer than 8 different characters or contains an invisible one.
   */
  constructor(secret: string | undefined | readonly (string | undefined)[]) {
    const [newest, ...older] = checkSecrets('TokenVault', secret);
    this.#newest = keyFrom(newest);
    this.#keys = [this.#newest, ...older.map((each) => keyFrom(each))];
  }

  /**
   * Turns tokens into a string that cannot be read without this secret. The string is different each time.
   *
   * @throws {@link IonVaultError} (`ERR_ION_VAULT`) if the argument is not IonTokens.
   */
  seal(tokens: IonTokens): string {
    const checked = parseTokens(tokens);
    if (!checked) {
      throw new IonVaultError('TokenVault: the argument of seal is not IonTokens; see toIonTokens');
    }
    const text = Buffer.from(JSON.stringify(checked));
    const length = HEADER_BYTES + ENCRYPTION_OVERHEAD_BYTES + text.length;
    const header = headerFor(this.#newest, length);
    const encrypted = encrypt(this.#newest.key, text, associatedDataFor(header));
    return PREFIX + Buffer.concat([header, encrypted]).toString('base64url');
  }

  /**
   * Returns the tokens from a string that was sealed by this vault, or by another vault with one of the
   * same secrets.
   *
   * @throws {@link IonVaultError} (`ERR_ION_VAULT`) if the string was sealed with another secret, was
   *   changed or cut short, or did not come from a TokenVault.
   */
  open(sealed: string): IonTokens {
    const bytes = bytesIn(sealed);
    const header = bytes.subarray(0, HEADER_BYTES);
    const key = this.#keys.find(({ id }) => id.equals(header.subarray(0, KEY_ID_BYTES)));
    if (!key) {
      throw new IonVaultError(
        'TokenVault: this was sealed with another secret, or its beginning was changed; if you changed the secret, give the old one too, after the new one: new TokenVault([newer, older])',
      );
    }
    requireWhole(sealed, bytes);
    const text = decrypt(key.key, bytes.subarray(HEADER_BYTES), associatedDataFor(header));
    if (!text) throw changedError();
    const tokens = parseTokens(parseJSON(text.toString()));
    if (!tokens)
      throw new IonVaultError(
        'TokenVault: this was sealed with one of the secrets, but it does not hold IonTokens',
      );
    return tokens;
  }
}

function keyFrom(secret: string): Key {
  const id = deriveKey(secret, `${PREFIX} key id`, KEY_ID_BYTES);
  return { id, key: createSecretKey(deriveKey(secret, `${PREFIX} key`, 32)) };
}

function headerFor(key: Key, length: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  key.id.copy(header);
  header.writeUInt32BE(length, KEY_ID_BYTES);
  return header;
}

function associatedDataFor(header: Buffer): Buffer {
  return Buffer.concat([Buffer.from(PREFIX), header]);
}

function bytesIn(sealed: unknown): Buffer {
  if (typeof sealed !== 'string' || !/^ion\d+\./.test(sealed)) {
    throw new IonVaultError(
      `TokenVault: this is not a string that a TokenVault sealed, which begins with ${PREFIX}`,
    );
  }
  if (!sealed.startsWith(PREFIX)) {
    throw new IonVaultError('TokenVault: this was sealed by another version of passport-ion');
  }
  const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
  if (bytes.length < HEADER_BYTES) throw cutShortError();
  return bytes;
}

function requireWhole(sealed: string, bytes: Buffer): void {
  if (bytes.length < bytes.readUInt32BE(KEY_ID_BYTES)) throw cutShortError();
  // Base64 ignores padding, whitespace, and unused bits, so several strings decode to the same bytes. Only
  // the string that was sealed is accepted.
  if (PREFIX + bytes.toString('base64url') !== sealed) throw changedError();
}

function cutShortError(): IonVaultError {
  return new IonVaultError(
    'TokenVault: the sealed string was cut short; is the column or the cookie that holds it large enough?',
  );
}

function changedError(): IonVaultError {
  return new IonVaultError('TokenVault: the sealed string was changed after it was sealed');
}
