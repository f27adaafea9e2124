// The timeout of the project that runs: see jest.config.js.

declare const TEST_TIMEOUT_MS: number;

jest.setTimeout(TEST_TIMEOUT_MS);
