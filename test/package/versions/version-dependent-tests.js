// Lists the tests that depend on the version of Node or of a package: sockets, HTTP, cryptography, sessions, and
// complete sign-ins.

'use strict';

/** The tests, as path patterns for jest. */
module.exports.CORE = [
  'test/api/',
  'test/call-app-code',
  'test/debug',
  'test/http/',
  'test/local-ion/(?!clients)',
  'test/refresh-and-revoke',
  'test/robustness/faults/quick-faults',
  'test/runtimes',
  'test/sign-in/',
  'test/strategy',
  'test/token-vault',
];
