// Describes how busy the machine was with other work, because the measurements alone don't show that.

'use strict';

const { readFileSync } = require('node:fs');
const os = require('node:os');

/** Call this before the measurements. Call the function that it returns after them, to get the description. */
function watchMachine() {
  const load = os.loadavg()[0].toFixed(2);
  const before = ticks();
  return () => {
    const start = `The load average of the last minute before it was ${load}`;
    const after = ticks();
    if (!before || !after) return `${start}.`;
    const [total, stolen] = ['total', 'stolen'].map((what) => after[what] - before[what]);
    const percent = ((stolen / total) * 100).toFixed(1);
    return `${start}; other virtual machines took ${percent} % of the processor time meanwhile.`;
  };
}

/** Returns the kernel's counts of processor time, or undefined if the system is not Linux. */
function ticks() {
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
    const counts = line.trim().split(/\s+/).slice(1, 9).map(Number);
    // The counts are user, nice, system, idle, iowait, irq, softirq, and steal. `stolen` is the last one.
    return { total: counts.reduce((sum, count) => sum + count, 0), stolen: counts.at(-1) };
  } catch {
    return undefined;
  }
}

module.exports = { watchMachine };
