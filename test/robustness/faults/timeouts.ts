// How long the app under test waits for Ion, in milliseconds.

/** Longer than any exchange takes, on a machine however busy. */
export const PATIENT = 20_000;

/** Where Ion falls silent. */
export const HASTY = 400;
