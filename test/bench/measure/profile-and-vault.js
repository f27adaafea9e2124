// Measures how much processor time the profile and TokenVault use.

'use strict';

const { start } = require('../child-processes.js');

const ROUNDS = 9;

/** Returns microseconds by kind of work, with one sample per round. */
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
