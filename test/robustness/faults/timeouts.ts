// The timeouts of the app under test, in milliseconds.

/** The usual timeout, which is longer than any request to Ion takes, even on a busy machine. */
export const LONG_TIMEOUT_MS = 20_000;

/** The timeout for faults in which Ion stops responding. */
export const SHORT_TIMEOUT_MS = 400;
