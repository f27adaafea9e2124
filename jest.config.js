'use strict';

/** Settings for every project. */
const shared = {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/example-app/dist'],
  // `npm run typecheck` checks the types of all files at once, so jest doesn't need to.
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  moduleNameMapper: {
    '^passport-ion$': '<rootDir>/lib/index.ts',
    '^passport-ion/local-ion$': '<rootDir>/lib/local-ion/index.ts',
    // TypeScript sources import compiled files by name, but jest runs the sources.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFilesAfterEnv: [
    '<rootDir>/test/support/network-guard.ts',
    '<rootDir>/test/support/test-timeout.ts',
  ],
  restoreMocks: true,
};

/** Returns a project. `npx jest --selectProjects NAME` runs the tests in its folders. */
function project(displayName, folders, { testTimeout = 30_000, ...options } = {}) {
  return {
    ...shared,
    displayName,
    // Jest ignores `testTimeout` in a project's configuration, so a setup file sets it from this global.
    globals: { TEST_TIMEOUT_MS: testTimeout },
    testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
    testPathIgnorePatterns: ['/node_modules/', '/\\.venv', '/consumers/'],
    ...options,
  };
}

/** @type {import('jest').Config} */
module.exports = {
  randomize: true,
  // By default, jest leaves one core idle, which is half of a machine with two cores.
  maxWorkers: '100%',
  projects: [
    // Every test that needs nothing else installed and finishes within minutes.
    project('core', ['test'], {
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/example-app/(browser|machines|provider)/',
        '<rootDir>/test/frameworks/',
        '<rootDir>/test/package/',
        '<rootDir>/test/provider/',
        '<rootDir>/test/robustness/(load/|faults/all-faults|app-code/)',
      ],
    }),
    project('faults', ['test/robustness/faults', 'test/robustness/app-code'], {
      testPathIgnorePatterns: ['/node_modules/', '/quick-faults.test.ts'],
      testTimeout: 120_000,
    }),
    project('load', ['test/robustness/load'], { testTimeout: 600_000 }),
    project('package', ['test/package'], {
      testPathIgnorePatterns: ['/node_modules/', '/consumers/'],
      globalSetup: '<rootDir>/test/package/pack.ts',
      globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
      testTimeout: 300_000,
    }),
    project('frameworks', ['test/frameworks'], {
      globalSetup: '<rootDir>/test/package/pack.ts',
      globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
      testTimeout: 300_000,
    }),
    project('provider', ['test/provider', 'test/example-app/provider'], { testTimeout: 240_000 }),
    project('browser', ['test/example-app/browser'], {
      globalSetup: '<rootDir>/test/example-app/browser/chromium.ts',
      testTimeout: 60_000,
    }),
    project('machines', ['test/example-app/machines'], { testTimeout: 60_000 }),
  ],
};
