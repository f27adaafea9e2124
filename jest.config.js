'use strict';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/example-app/dist'],
  // Types are checked by `npm run typecheck`, once for all.
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  // What takes minutes, installs packages or needs other software has scripts of its own.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/(browser|load|machines|package)/',
    '<rootDir>/test/(example-app/)?provider/',
    '<rootDir>/test/faults/whole.test.ts',
  ],
  moduleNameMapper: {
    '^passport-ion$': '<rootDir>/lib/index.ts',
    '^passport-ion/local-ion$': '<rootDir>/lib/local-ion/index.ts',
    // TypeScript sources name the compiled file; jest runs the source.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFilesAfterEnv: ['<rootDir>/test/network-guard.ts'],
  randomize: true,
  restoreMocks: true,
};
