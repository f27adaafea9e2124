// Measures the processor time and memory that the current process has used so far.

'use strict';

const { setImmediate } = require('node:timers');

/** Returns the processor time, in microseconds. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Returns how many bytes of the heap are in use. The process must have been started with --expose-gc. */
async function heapInUse() {
  // Closed sockets and the like are released only in a later turn of the event loop.
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

module.exports = { cpuTime, heapInUse };
