'use strict';

const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/load'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Each begins with the app as the one before has left it.
  randomize: false,
  testTimeout: 600_000,
};
