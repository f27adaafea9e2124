// The tests that depend on what a version of Node, or of a package, does: sockets, HTTP, cryptography,
// sessions, and whole sign-ins.

'use strict';

/** As path patterns for jest. */
module.exports.CORE = [
  'test/api/',
  'test/call-app-code',
  'test/debug',
  'test/environments',
  'test/http/',
  'test/local-ion/(?!clients)',
  'test/robustness/faults/quick-faults',
  'test/sign-in/',
  'test/strategy',
  'test/token-vault',
];
