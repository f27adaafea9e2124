// Jest's fake timers, also for the library: Jest fakes the global timers, and the library uses node:timers.

import timers = require('node:timers');

type Config = Parameters<typeof jest.useFakeTimers>[0];

/** Fakes the global timers until `jest.useRealTimers()`, and those of node:timers until the end of the test. */
export function useFakeTimers(config?: Config): void {
  jest.useFakeTimers(config);
  jest.spyOn(timers, 'setTimeout').mockImplementation(setTimeout);
  jest.spyOn(timers, 'clearTimeout').mockImplementation(clearTimeout);
}
