// What the process that calls these has used so far: processor time and memory.

'use strict';

const { setImmediate } = require('node:timers');

/** The processor time, in microseconds. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The bytes of the heap that are in use, in a process that was started with --expose-gc. */
async function heapInUse() {
  // What is closed is let go of in a later turn of the event loop.
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

module.exports = { cpuTime, heapInUse };
