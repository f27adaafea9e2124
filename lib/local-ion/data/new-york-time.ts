// Calculates with dates in New York, the school's time zone, regardless of the machine's time zone.

const ZONE = 'America/New_York';

// These formatters are created only when they are needed, because creating each one takes Node several
// milliseconds.
let calendar: Intl.DateTimeFormat | undefined;
let offsets: Intl.DateTimeFormat | undefined;

/**
 * A calendar day, stored as its midnight in UTC, in milliseconds since the epoch. UTC makes calculations easy,
 * because every day has 24 hours there.
 */
export type CalendarDay = number & { readonly calendarDay: unique symbol };

const DAY_MS = 86_400_000;

/** Returns the current day in New York. */
export function dayOf(now: number): CalendarDay {
  calendar ??= new Intl.DateTimeFormat('en-US', {
    timeZone: ZONE,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const parts = calendar.formatToParts(now);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return calendarDay(Date.UTC(part('year'), part('month') - 1, part('day')));
}

/** Returns the current day in UTC. */
export function utcDayOf(now: number): CalendarDay {
  return calendarDay(now - (((now % DAY_MS) + DAY_MS) % DAY_MS));
}

/** Returns the day that is `count` days later. */
export function daysAfter(day: CalendarDay, count: number): CalendarDay {
  return calendarDay(day + count * DAY_MS);
}

/** Returns the day with this year, month (1 to 12) and day of the month, or undefined if there is no such day. */
export function dayFrom(year: number, month: number, day: number): CalendarDay | undefined {
  const date = new Date(0);
  // Unlike Date.UTC, setUTCFullYear does not read the year 99 as 1999.
  date.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? calendarDay(date.getTime()) : undefined;
}

/**
 * Returns a day of an ISO week (1 to 53), or undefined if there is no such day. `weekday` is 1 for Monday to 7
 * for Sunday.
 */
export function dayOfWeek(year: number, week: number, weekday: number): CalendarDay | undefined {
  // The first week of a year is the week that contains January 4.
  const fourth = dayFrom(year, 1, 4);
  if (fourth === undefined || week < 1 || weekday < 1 || weekday > 7) return undefined;
  const monday = daysAfter(fourth, 7 * (week - 1) - ((weekdayOf(fourth) + 6) % 7));
  const isOfYear = new Date(daysAfter(monday, 3)).getUTCFullYear() === year;
  return isOfYear ? daysAfter(monday, weekday - 1) : undefined;
}

/** Formats the day as `YYYY-MM-DD`. */
export function isoDay(day: CalendarDay): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** Returns the day of the week, from 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: CalendarDay): number {
  return new Date(day).getUTCDay();
}

/** Converts a day and a time of day (`HH:MM:SS`) in New York to milliseconds since the epoch. */
export function timeOn(day: CalendarDay, time: string): number {
  const noon = day + DAY_MS / 2;
  offsets ??= new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' });
  const offset = offsets.formatToParts(noon).find(({ type }) => type === 'timeZoneName')?.value;
  return Date.parse(`${isoDay(day)}T${time}${(offset ?? '').replace('GMT', '')}`);
}

/** Returns the year in which the current seniors graduate. A school year begins on August 1. */
export function seniorYearOf(now: number): number {
  const today = new Date(dayOf(now));
  return today.getUTCFullYear() + (today.getUTCMonth() >= 7 ? 1 : 0);
}

// Cast because a CalendarDay is a plain number at run time: its `calendarDay` property exists only in the type.
function calendarDay(milliseconds: number): CalendarDay {
  return milliseconds as CalendarDay;
}
