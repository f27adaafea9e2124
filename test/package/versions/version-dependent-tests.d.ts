/** The tests, as path patterns for jest. */
export const CORE: readonly string[];
