// Bundles the package's modules as the build does, so that the benchmark can call functions that the package
// doesn't export.

'use strict';

const Module = require('node:module');
const { join } = require('node:path');

const { buildSync } = require('esbuild');

/** Returns everything that these modules in lib/ export. A module is named like `profile.js`. */
function internals(...modules) {
  const contents = modules.map((module) => `export * from './${module}';`).join('\n');
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: join(__dirname, '../../lib') },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    keepNames: true,
    write: false,
  });
  const module = new Module('internals');
  module.paths = require.resolve.paths('passport-ion');
  module._compile(outputFiles[0].text, 'internals');
  return module.exports;
}

module.exports = { internals };
