// Runs in the app's process, and prints how much memory is in use each time it gets SIGUSR2.

'use strict';

process.on('SIGUSR2', () => {
  // One collection is not enough for garbage that other garbage refers to.
  for (let times = 0; times < 3; times += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`In use: ${heapUsed + external} bytes\n`);
});
