'use strict';

const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/machines'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};
