// The versions of TypeScript that the declarations are compiled with. The documents name the oldest.

/** The oldest version that can compile the current types of Node and Express. */
export const OLDEST_TYPESCRIPT = '5.6';

/** The versions to test with all module settings. `declarations.test.ts` tests the one in package.json. */
export const TYPESCRIPTS: readonly string[] = [OLDEST_TYPESCRIPT, '5.9', '6.0', '7.0'];
