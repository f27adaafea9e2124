// Writes the table of docs/guides/api-paths.md: Ion's paths with a type, an example and a contract row each.

'use strict';

const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { buildSync } = require('esbuild');

const ROOT = path.join(__dirname, '..');

// Below node_modules, so that what the table needs is found.
const folder = mkdtempSync(path.join(ROOT, 'node_modules/.api-paths-'));
try {
  const outfile = path.join(folder, 'table.cjs');
  buildSync({
    entryPoints: [path.join(ROOT, 'test/docs/api-paths-table.ts')],
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
