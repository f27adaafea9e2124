// Jest's fake timers, for the library too: Jest replaces the global timers, and the library uses Node's module.

import timers = require('node:timers');

type Config = Parameters<typeof jest.useFakeTimers>[0];

/** Fakes all timers until `jest.useRealTimers()`, and those of the module until the end of the test. */
export function useFakeTimers(config?: Config): void {
  jest.useFakeTimers(config);
  jest.spyOn(timers, 'setTimeout').mockImplementation(setTimeout);
  jest.spyOn(timers, 'clearTimeout').mockImplementation(clearTimeout);
}
