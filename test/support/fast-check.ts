// Sets up fast-check to try the same values on every run, so that a test fails only after a change. To try
// other values, and more of them:
//
//   FUZZ_SEED=$RANDOM FUZZ_TIMES=50 npx jest test/robustness/fuzz

import fc from 'fast-check';

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const TIMES = Number(process.env['FUZZ_TIMES'] ?? 1);

fc.configureGlobal({ seed: SEED, ...numberOfRuns(100) });

// Allow a minute, because shrinking a counterexample takes longer than finding it.
jest.setTimeout(60_000 * TIMES);

/** Returns options that try a property `runs` times instead of the usual 100, multiplied by `FUZZ_TIMES`. */
export function numberOfRuns(runs: number): { numRuns: number } {
  return { numRuns: Math.ceil(runs * TIMES) };
}

export { fc };
