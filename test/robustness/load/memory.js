// Loaded into the process of the app: when it is asked, it tells how much memory is in use.

'use strict';

process.on('SIGUSR2', () => {
  // Once is not enough for what is held by something that is itself garbage.
  for (let times = 0; times < 3; times += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`In use: ${heapUsed + external} bytes\n`);
});
