// Measures how the time to read hostile input grows with the size of the input.

'use strict';

const { start } = require('../child-processes.js');

const ROUNDS = 9;

/** Returns, by the name of each input, its unit and its microseconds in each round at each size. */
async function measureHostileInput() {
  const child = start('hostile-input.js', [], ['--expose-gc']);
  const inputs = {};
  try {
    await child.ask('prepare');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, size, unit, microseconds } of await child.ask('measure')) {
        const { samples } = (inputs[name] ??= { unit, samples: new Map() });
        if (!samples.has(size)) samples.set(size, []);
        samples.get(size).push(microseconds);
      }
    }
  } finally {
    await child.stop();
  }
  return { inputs, rounds: ROUNDS };
}

module.exports = { measureHostileInput };
