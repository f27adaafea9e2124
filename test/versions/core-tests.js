// The tests that depend on what a version of Node, or of a package, does: sockets, HTTP, cryptography,
// sessions, and whole sign-ins.

'use strict';

/** For jest, as patterns of paths. */
module.exports.CORE = [
  'test/api',
  'test/code-exchanges',
  'test/connections',
  'test/contract',
  'test/faults/quick',
  'test/flow',
  'test/http',
  'test/local-ion',
  'test/oauth2',
  'test/promised',
  'test/responses',
  'test/state',
  'test/strategy',
  'test/vault',
];
