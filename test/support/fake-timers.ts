// Jest fakes only the global timers, but the library uses those of node:timers, so this fakes both.

import timers = require('node:timers');

type Config = Parameters<typeof jest.useFakeTimers>[0];

/** Fakes the global timers until `jest.useRealTimers()`, and those of node:timers until the end of the test. */
export function useFakeTimers(config?: Config): void {
  jest.useFakeTimers(config);
  jest.spyOn(timers, 'setTimeout').mockImplementation(setTimeout);
  jest.spyOn(timers, 'clearTimeout').mockImplementation(clearTimeout);
}
