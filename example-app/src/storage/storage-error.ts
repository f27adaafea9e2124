// The error of a store that is not answering.

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code = 'ERR_STORAGE';
  readonly status = 503;
}
