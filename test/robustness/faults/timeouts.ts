// The timeouts of the app under test, in milliseconds.

/** Longer than any exchange takes, even on a busy machine. */
export const LONG_TIMEOUT_MS = 20_000;

/** For faults where Ion stops responding. */
export const SHORT_TIMEOUT_MS = 400;
