// Writes the table in docs/guides/frameworks.md, from the list of frameworks that the tests sign in with.

'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { runInThisContext } = require('node:vm');

const { buildSync } = require('esbuild');

const ROOT = path.join(__dirname, '..');
const GUIDE = path.join(ROOT, 'docs/guides/frameworks.md');

const { outputFiles } = buildSync({
  stdin: {
    contents:
      "export { withTable } from './guide-table.js'; export { rows } from './tried-frameworks.js';",
    resolveDir: path.join(ROOT, 'test/frameworks'),
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'iife',
  globalName: 'compiled',
  write: false,
});
const { rows, withTable } = runInThisContext(`${outputFiles[0].text}; compiled`);

writeFileSync(GUIDE, withTable(readFileSync(GUIDE, 'utf8'), rows));
