// Measures how much time and memory it takes to load each package.

'use strict';

const { execFile } = require('node:child_process');
const { join } = require('node:path');
const { promisify } = require('node:util');

const { BASELINE, NAMES, OURS } = require('../contestants.js');

const ROUNDS = 21;
const PROGRAM = join(__dirname, '../children/load-package.js');

const run = promisify(execFile);

/**
 * Returns milliseconds, KiB of heap, and MiB of resident memory by contestant, with one sample per round; and the
 * milliseconds that passport-ion takes in a process that has loaded its dependencies.
 */
async function measureLoading() {
  const samples = Object.fromEntries(
    NAMES.map((name) => [name, { milliseconds: [], heap: [], resident: [] }]),
  );
  const own = [];
  // The first round only fills the disk cache.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of NAMES) {
      const took = await loadInNewProcess(name);
      if (round === 0) continue;
      for (const [what, value] of Object.entries(took)) samples[name][what].push(value);
    }
    const { milliseconds } = await loadInNewProcess(OURS, BASELINE);
    if (round > 0) own.push(milliseconds);
  }
  return { samples, own, rounds: ROUNDS };
}

async function loadInNewProcess(...names) {
  const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM, ...names]);
  return JSON.parse(stdout);
}

module.exports = { measureLoading };
