// Returns today's date at the school, in New York, because the dates in Ion's API are dates there.

import { IonOptionError } from '../errors.js';

/**
 * Returns the current date at the school, in New York, in the form of Ion's dates: `2026-11-25`.
 *
 * Use it to ask for today's schedule. `/schedule` alone begins with the current day in UTC, so after 7 p.m.
 * in New York (8 p.m. in summer), it no longer includes today. And in your server's time zone, it might
 * already be a different day.
 *
 * ```ts
 * const api = strategy.api(tokens);
 * const { day_type } = await api.get(`/schedule/${schoolDay()}`);
 * ```
 *
 * @param at - A point in time, as a `Date` or in milliseconds since 1970. Default: now.
 * @throws {@link IonOptionError} (`ERR_ION_OPTION`) if `at` is not a valid point in time, or not in the
 *   years 0 to 9999.
 */
export function schoolDay(at: Date | number = Date.now()): string {
  const { year = '', month, day } = partsOf(toMoment(at));
  return `${year.padStart(4, '0')}-${month}-${day}`;
}

function toMoment(at: unknown): Date {
  if (at instanceof Date || typeof at === 'number') {
    const moment = new Date(at);
    // Years outside 0 to 9999 have a sign in ISO 8601.
    if (!Number.isNaN(moment.getTime()) && /^\d{4}-/.test(moment.toISOString())) return moment;
  }
  throw new IonOptionError(
    'at',
    'schoolDay: at must be a valid Date, or a time in milliseconds, in the years 0 to 9999',
  );
}

function partsOf(moment: Date): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: 'America/New_York',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}
