// Checks the option `secret` of TokenVault and CookieStateStore.

import { IonOptionError } from './errors.js';

const MIN_SECRET_CHARACTERS = 32;
const MIN_DIFFERENT_CHARACTERS = 8;
const HOW_TO_MAKE_ONE = `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
// Matches control characters, zero-width characters, and every space except the usual one. Created only
// when needed, because parsing the character classes takes as long as loading a module.
const invisible = (): RegExp => /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/u;

/**
 * Checks an option `secret` and returns its secrets, newest first. Only the newest must be hard to guess: if
 * the older ones had to be, too, no one could replace a weak secret.
 *
 * @param owner - The class that has the option, for error messages.
 * @throws {@link IonOptionError} for a secret that is missing, too short, or easy to guess.
 */
export function checkSecrets(owner: string, secret: unknown): readonly [string, ...string[]] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const [newest, ...older] = secrets;
  const checked = checkSecret(owner, 'secret', newest);
  const problem = weaknessOf(checked);
  if (problem !== undefined) throw secretError(owner, 'secret', problem);
  return [checked, ...older.map((each, index) => checkSecret(owner, `secret[${index + 1}]`, each))];
}

function checkSecret(owner: string, which: string, secret: unknown): string {
  if (typeof secret !== 'string') {
    const problem = 'is missing or not a string: is its environment variable set?';
    throw secretError(owner, which, problem);
  }
  if (secret.trim().length < MIN_SECRET_CHARACTERS) {
    throw secretError(owner, which, `is shorter than ${MIN_SECRET_CHARACTERS} characters`);
  }
  return secret;
}

function weaknessOf(secret: string): string | undefined {
  if (invisible().test(secret)) {
    return 'has an invisible character, such as a line break or a zero-width space';
  }
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) {
    return `has fewer than ${MIN_DIFFERENT_CHARACTERS} different characters, so it is easy to guess`;
  }
  return undefined;
}

function secretError(owner: string, which: string, problem: string): IonOptionError {
  return new IonOptionError(
    'secret',
    `${owner}: ${which} ${problem}; make one with ${HOW_TO_MAKE_ONE} and keep it in an environment variable`,
  );
}
