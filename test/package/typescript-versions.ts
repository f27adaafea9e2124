// The versions of TypeScript that the declarations are compiled with. The documents name the oldest.

/** The oldest version that can compile the current types of Node and Express. */
export const OLDEST_TYPESCRIPT = '5.6';

/**
 * The versions that `typescript-versions.test.ts` compiles an app with, from the oldest to the newest.
 * `declarations.test.ts` uses only the version in this repository's package.json.
 */
export const TYPESCRIPTS: readonly string[] = [OLDEST_TYPESCRIPT, '5.9', '6.0', '7.0'];
