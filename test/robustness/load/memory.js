// Loaded into the process of the app: on SIGUSR2, it prints how much memory is in use.

'use strict';

process.on('SIGUSR2', () => {
  // One collection is not enough for garbage that is held by other garbage.
  for (let times = 0; times < 3; times += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`In use: ${heapUsed + external} bytes\n`);
});
