// fast-check, with how often each property is tried, and with which values: the same ones on every run, so
// that a test fails only after a change. To try others, and more of them:
//
//   FUZZ_SEED=$RANDOM FUZZ_TIMES=50 npx jest test/robustness/fuzz

import fc from 'fast-check';

const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const TIMES = Number(process.env['FUZZ_TIMES'] ?? 1);

fc.configureGlobal({ seed: SEED, ...numberOfRuns(100) });

// To shrink a counterexample takes longer than to find it.
jest.setTimeout(60_000 * TIMES);

/** For a property that is not tried 100 times: `runs`, or as many times that as `FUZZ_TIMES` says. */
export function numberOfRuns(runs: number): { numRuns: number } {
  return { numRuns: Math.ceil(runs * TIMES) };
}

export { fc };
