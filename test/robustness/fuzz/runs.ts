// How often each property is tried. FUZZ_RUNS=5000 npx jest test/robustness/fuzz looks further than `npm test` does.

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

/** A run takes a few milliseconds; the shrinking of a counterexample takes a while more. */
export const LONGEST = 60_000 + runs * 100;

/** `weight` is for properties whose runs are quicker than others', or whose space is larger. */
export function numberOfRuns(weight = 1): { numRuns: number } {
  return { numRuns: Math.ceil(runs * weight) };
}
