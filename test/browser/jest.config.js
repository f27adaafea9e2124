'use strict';

const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/browser/chromium.ts',
  testTimeout: 60_000,
  // One browser at a time is work enough for a small machine.
  maxWorkers: 1,
};
