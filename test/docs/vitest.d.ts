// Vitest, for the snippet that imports it: it is not installed here.

declare module 'vitest' {
  export { afterAll, beforeAll, expect, test } from '@jest/globals';
}
