// The error for a store that does not answer.

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code = 'ERR_STORAGE';
  readonly status = 503;
}
