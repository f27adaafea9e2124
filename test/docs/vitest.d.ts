// Declares the Vitest types that a snippet needs, because Vitest is not installed here.

declare module 'vitest' {
  export { afterAll, beforeAll, expect, test } from '@jest/globals';
}
