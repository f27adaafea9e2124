// Processor time of the profile and of TokenVault.

'use strict';

const { start } = require('../child-processes.js');

const ROUNDS = 9;

/** Microseconds by what is done, a sample for each round. */
async function measurePure() {
  const child = start('profile-and-vault.js');
  const samples = {};
  try {
    await child.ask('measure');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [what, microseconds] of Object.entries(await child.ask('measure'))) {
        (samples[what] ??= []).push(microseconds);
      }
    }
  } finally {
    await child.stop();
  }
  return { samples, rounds: ROUNDS };
}

module.exports = { measurePure };
