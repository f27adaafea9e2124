// Vitest's types, as far as a snippet needs them: it is not installed here.

declare module 'vitest' {
  export { afterAll, beforeAll, expect, test } from '@jest/globals';
}
