// What goes wrong with the local Ion itself, as opposed to what it answers.

/**
 * Why a {@link LocalIonError} was thrown:
 *
 * - `ERR_LOCAL_ION_OPTION`: an option, or an argument of a method, cannot work.
 * - `ERR_LOCAL_ION_LISTEN`: it cannot listen there; mostly because the port is taken.
 * - `ERR_LOCAL_ION_SIGN_IN`: `approve` or `deny` did not get to the callback URL.
 */
export type LocalIonErrorCode =
  'ERR_LOCAL_ION_OPTION' | 'ERR_LOCAL_ION_LISTEN' | 'ERR_LOCAL_ION_SIGN_IN';

/** Every error that the local Ion throws. The message says what to do. */
export class LocalIonError extends Error {
  override readonly name: string = 'LocalIonError';
  /** See {@link LocalIonErrorCode}. */
  readonly code: LocalIonErrorCode;

  constructor(code: LocalIonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of an error of Node's. Not by instanceof: under jest, Node's errors are of another realm. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** The error for an option or argument that cannot work; `got` must be no secret. */
export function wrongOption(option: string, problem: string, got?: unknown): LocalIonError {
  const shown = got === undefined ? '' : `; got ${describe(got)}`;
  return new LocalIonError('ERR_LOCAL_ION_OPTION', `local Ion: ${option} ${problem}${shown}`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
