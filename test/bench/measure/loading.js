// Measures how much time and memory it takes to load each package.

'use strict';

const { execFile } = require('node:child_process');
const { join } = require('node:path');
const { promisify } = require('node:util');

const { NAMES } = require('../contestants.js');

const ROUNDS = 21;
const PROGRAM = join(__dirname, '../children/load-package.js');

const run = promisify(execFile);

/** Returns milliseconds, KiB of heap, and MiB of resident memory by contestant, with one sample per round. */
async function measureLoading() {
  const samples = Object.fromEntries(
    NAMES.map((name) => [name, { milliseconds: [], heap: [], resident: [] }]),
  );
  // The first round only fills the disk cache.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of NAMES) {
      const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM, name]);
      if (round === 0) continue;
      for (const [what, value] of Object.entries(JSON.parse(stdout))) {
        samples[name][what].push(value);
      }
    }
  }
  return { samples, rounds: ROUNDS };
}

module.exports = { measureLoading };
