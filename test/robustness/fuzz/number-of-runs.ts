// How often each property is tried: 100 times, or more with `FUZZ_RUNS=5000 npx jest test/robustness/fuzz`.

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

/** A run takes some milliseconds; shrinking a counterexample takes longer. */
export const TIMEOUT_MS = 60_000 + runs * 100;

/** `weight` is more than 1 for properties whose runs are quick, less for slow ones. */
export function numberOfRuns(weight = 1): { numRuns: number } {
  return { numRuns: Math.ceil(runs * weight) };
}
