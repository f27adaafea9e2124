// Measures how long startLocalIon() takes, compared to a bare HTTP server.

'use strict';

const { start } = require('../child-processes.js');

const BEFORE = 100;
const ROUNDS = 301;

/** Returns how many milliseconds each of the two takes to start, with one sample per round. */
async function measureLocalIon() {
  const child = start('local-ion.js', ['1']);
  const samples = { localIon: [], bare: [] };
  try {
    for (let round = -BEFORE; round < ROUNDS; round += 1) {
      const { localIon, bare } = await child.ask('startOnce');
      if (round < 0) continue;
      samples.localIon.push(localIon);
      samples.bare.push(bare);
    }
  } finally {
    await child.stop();
  }
  return { samples, rounds: ROUNDS };
}

module.exports = { measureLocalIon };
