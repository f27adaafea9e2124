// The calendar of New York, by which the school lives, wherever this machine stands.

const ZONE = 'America/New_York';

const calendar = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

const offsets = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' });

/** A day of the calendar, as milliseconds of its beginning in UTC: days can be added without a clock change. */
export type CalendarDay = number & { readonly calendarDay: unique symbol };

/** One day, in milliseconds. */
const DAY = 86_400_000;

/** The day on which `now` falls in New York. */
export function dayOf(now: number): CalendarDay {
  const parts = calendar.formatToParts(now);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  return calendarDay(Date.UTC(part('year'), part('month') - 1, part('day')));
}

/** The day `count` days later. */
export function daysAfter(day: CalendarDay, count: number): CalendarDay {
  return calendarDay(day + count * DAY);
}

/** The day in `YYYY-MM-DD`, or undefined where there is no such day. */
export function dayFrom(text: string): CalendarDay | undefined {
  const [year = NaN, month = NaN, day = NaN] = text.split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? calendarDay(date.getTime()) : undefined;
}

/** The day as `YYYY-MM-DD`. */
export function isoDay(day: CalendarDay): string {
  return new Date(day).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOf(day: CalendarDay): number {
  return new Date(day).getUTCDay();
}

/** The time of day (`HH:MM:SS`) of that day with New York's offset, as Ion writes times. */
export function timeOn(day: CalendarDay, time: string): string {
  const noon = day + DAY / 2;
  const offset = offsets.formatToParts(noon).find(({ type }) => type === 'timeZoneName')?.value;
  return `${isoDay(day)}T${time}${(offset ?? '').replace('GMT', '')}`;
}

/** The year in which the seniors of `now` graduate: the school year turns on 1 August. */
export function seniorYearOf(now: number): number {
  const today = new Date(dayOf(now));
  return today.getUTCFullYear() + (today.getUTCMonth() >= 7 ? 1 : 0);
}

// The cast: the brand exists for the type checker alone.
function calendarDay(milliseconds: number): CalendarDay {
  return milliseconds as CalendarDay;
}
