// The versions of TypeScript that the declarations are compiled with. The documents name the oldest.

/** The oldest that the types of Node and Express take, as they are published today. */
export const OLDEST_TYPESCRIPT = '5.6';

/** With all settings of modules; `declarations.test.ts` has the version in package.json. */
export const TYPESCRIPTS: readonly string[] = [OLDEST_TYPESCRIPT, '5.9', '6.0', '7.0'];
