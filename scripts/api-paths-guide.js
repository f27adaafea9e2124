// Writes the table in docs/guides/api-paths.md, which lists every path of Ion's API with its type, an example,
// and the test for it.

'use strict';

const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { buildSync } = require('esbuild');

const ROOT = path.join(__dirname, '..');

// The temporary folder is inside node_modules, so that Node finds the packages that the table's code needs.
const folder = mkdtempSync(path.join(ROOT, 'node_modules/.api-paths-'));
try {
  const outfile = path.join(folder, 'table.cjs');
  buildSync({
    entryPoints: [path.join(ROOT, 'test/docs/make-api-paths-table.ts')],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  const { GUIDE, readSources, withTable } = require(outfile);
  const guide = path.join(ROOT, GUIDE);
  writeFileSync(guide, withTable(readFileSync(guide, 'utf8'), readSources(ROOT)));
} finally {
  rmSync(folder, { recursive: true });
}
