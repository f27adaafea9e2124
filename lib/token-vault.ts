// TokenVault: tokens sealed for storage.

import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { IonOptionError, IonVaultError } from './errors.js';
import { parseJSON } from './json.js';
import { parseTokens } from './tokens.js';
import type { IonTokens } from './tokens.js';

const SHORTEST_SECRET = 32;
const HOW_TO_MAKE_ONE = `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;

// The version of all that follows. It is authenticated with the rest.
const PREFIX = 'ion1.';
const CIPHER = 'aes-256-gcm';
// The bytes after the prefix: which key, how many bytes in all, the nonce, the sealed text, the tag.
// The length tells a string that a cookie or a database column cut short from one that was changed.
const KEY_ID = 8;
const LENGTH = 4;
const HEADER = KEY_ID + LENGTH;
const NONCE = 12;
const TAG = 16;

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
   *   database; or a list of such, the newest first. It may be undefined so that an environment
   *   variable can be given as it is; that is then an error.
   * @throws {@link IonOptionError} (`ERR_ION_OPTION`) where a secret is missing or too short.
   */
  constructor(secret: string | undefined | readonly (string | undefined)[]) {
    const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
    const [newest, ...older] = secrets;
    this.#newest = keyFrom(newest);
    this.#keys = [this.#newest, ...older.map((each, index) => keyFrom(each, index + 1))];
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
    const nonce = randomBytes(NONCE);
    const header = headerFor(this.#newest, HEADER + NONCE + text.length + TAG);
    const cipher = createCipheriv(CIPHER, this.#newest.key, nonce, { authTagLength: TAG });
    cipher.setAAD(authenticated(header));
    const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
    return (
      PREFIX + Buffer.concat([header, nonce, sealed, cipher.getAuthTag()]).toString('base64url')
    );
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
    const tokens = parseTokens(parseJSON(decrypted(key, bytes).toString()));
    if (!tokens) throw new IonVaultError('TokenVault: what was sealed is no IonTokens');
    return tokens;
  }
}

function keyFrom(secret: unknown, place = 0): Key {
  const which = place === 0 ? 'secret' : `secret[${place}]`;
  const refuse = (problem: string): never => {
    const message = `TokenVault: ${which} ${problem}; make one with ${HOW_TO_MAKE_ONE} and keep it in an environment variable`;
    throw new IonOptionError('secret', message);
  };
  if (typeof secret !== 'string') {
    return refuse('is missing or no string: is its environment variable set?');
  }
  if (secret.trim().length < SHORTEST_SECRET) {
    return refuse(`is shorter than ${SHORTEST_SECRET} characters`);
  }
  // HKDF rather than scrypt, which is for secrets that a person can remember.
  const derive = (purpose: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `passport-ion ${PREFIX} ${purpose}`, length));
  return { id: derive('key id', KEY_ID), key: createSecretKey(derive('key', 32)) };
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
  if (bytes.length < HEADER + NONCE + TAG) throw changed();
}

function decrypted(key: Key, bytes: Buffer): Buffer {
  const nonce = bytes.subarray(HEADER, HEADER + NONCE);
  const decipher = createDecipheriv(CIPHER, key.key, nonce, { authTagLength: TAG });
  decipher.setAAD(authenticated(bytes.subarray(0, HEADER)));
  decipher.setAuthTag(bytes.subarray(-TAG));
  const text = decipher.update(bytes.subarray(HEADER + NONCE, -TAG));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    throw changed();
  }
}

function cutShort(): IonVaultError {
  return new IonVaultError(
    'TokenVault: the sealed string was cut short; is the column or the cookie that holds it large enough?',
  );
}

function changed(): IonVaultError {
  return new IonVaultError('TokenVault: the sealed string was changed after it was sealed');
}
