// Sets the timeout of the Jest project that is running: see jest.config.js.

declare const TEST_TIMEOUT_MS: number;

jest.setTimeout(TEST_TIMEOUT_MS);
