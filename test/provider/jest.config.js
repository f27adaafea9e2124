'use strict';

const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/provider', '<rootDir>/test/example-app/provider'],
  testPathIgnorePatterns: ['/node_modules/', '/\\.venv/'],
  testTimeout: 60_000,
};
