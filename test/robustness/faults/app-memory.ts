// Measures how much memory the app's process holds, and has held at its peak.

import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Returns the peak memory in bytes: on Linux, since `forgetPeak`, and elsewhere, since the process started.
 */
export function peak(): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** Resets the peak, if the system can do that. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Only Linux can reset the peak.
  }
}

/** Returns how many bytes the process holds after garbage collection. */
export function held(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
