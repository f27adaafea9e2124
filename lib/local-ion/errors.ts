// The errors that the local Ion's functions throw to the program that calls them.

/**
 * Why a {@link LocalIonError} was thrown:
 *
 * - `ERR_LOCAL_ION_OPTION`: an option, or an argument of a method, is wrong.
 * - `ERR_LOCAL_ION_LISTEN`: the local Ion cannot listen on the port, usually because the port is taken.
 * - `ERR_LOCAL_ION_SIGN_IN`: `approve` or `deny` failed before Ion redirected to the callback URL.
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

/** Creates the error for a wrong option or argument. Its message shows `got`, so `got` must not be a secret. */
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
