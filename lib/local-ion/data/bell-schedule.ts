// The made-up school calendar behind /api/schedule.

import {
  dayFrom,
  dayOf,
  dayOfWeek,
  daysAfter,
  isoDay,
  utcDayOf,
  weekdayOf,
} from './new-york-time.js';
import type { CalendarDay } from './new-york-time.js';

/** A day as Ion's API shows it, without its URL. */
export interface ScheduleDay {
  readonly date: string;
  readonly day_type: {
    /** Can contain HTML. */
    readonly name: string;
    readonly special: boolean;
    readonly blocks: readonly Block[];
  };
}

interface Block {
  readonly order: number;
  readonly name: string;
  /** The time in 24-hour format, without a leading zero, such as `8:40`. */
  readonly start: string;
  readonly end: string;
}

/**
 * The number of days that the calendar goes back, and also the number that it goes ahead. Both include today.
 */
const CALENDAR_DAYS = 28;

const BLUE = blocksOf([
  ['Period 1', '8:40', '10:15'],
  ['Period 2', '10:25', '12:00'],
  ['Lunch', '12:00', '12:40'],
  ['Period 3', '12:45', '14:15'],
  ['Period 4', '14:25', '16:00'],
]);
const RED = blocksOf([
  ['Period 5', '8:40', '10:15'],
  ['Period 6', '10:25', '12:00'],
  ['Lunch', '12:00', '12:40'],
  ['Period 7', '12:45', '14:15'],
  ['8A', '14:25', '15:05'],
  ['8B', '15:15', '16:00'],
]);
const ANCHOR = blocksOf(
  [1, 2, 3, 4, 5, 6, 7].map((period): Times => [
    `Period ${period}`,
    `${8 + period - (period > 4 ? 0 : 1)}:40`,
    `${9 + period - (period > 4 ? 0 : 1)}:30`,
  ]),
);

// Ion's name for a day off really does end with a `<br>`.
const NO_SCHOOL = { name: 'NO SCHOOL<br>', special: false, blocks: [] };
// The schedule for each day of the week, Sunday first.
const WEEK = [
  NO_SCHOOL,
  { name: 'Blue Day', special: false, blocks: BLUE },
  { name: 'Red Day', special: false, blocks: RED },
  { name: 'Blue Day', special: false, blocks: BLUE },
  { name: 'Red Day', special: false, blocks: RED },
  { name: 'Anchor Day', special: true, blocks: ANCHOR },
  NO_SCHOOL,
];

/**
 * Returns the days from today on. Quirk of Ion: it takes today's date from UTC, so in the evening it starts
 * with the day that is still tomorrow in New York.
 */
export function daysFrom(now: number): readonly ScheduleDay[] {
  const today = utcDayOf(now);
  return calendarAt(now)
    .filter((day) => day >= today)
    .map(scheduleOf);
}

/** Returns every day in the current calendar, in order. */
export function calendarAt(now: number): readonly CalendarDay[] {
  const first = daysAfter(dayOf(now), 1 - CALENDAR_DAYS);
  return Array.from({ length: 2 * CALENDAR_DAYS - 1 }, (_, index) => daysAfter(first, index));
}

/** Returns the letters of a day's eighth-period blocks. */
export function eighthPeriodsOn(day: CalendarDay): readonly string[] {
  return scheduleOf(day).day_type.blocks.flatMap(({ name }) => /^8([A-Z])$/.exec(name)?.[1] ?? []);
}

/** Finds the day that `text` names. If `text` is not a date, returns Django's error message. */
export function findDay(text: string, now: number): ScheduleDay | string {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  const [year = NaN, month = NaN, dayOfMonth = NaN] = parts ?? [];
  const day = parseISODay(text) ?? dayFrom(year, month, dayOfMonth);
  if (day !== undefined) {
    const isKnown = calendarAt(now).includes(day);
    // Quirk of Ion: if the day is not in its calendar, the response repeats the date exactly as it was sent.
    return isKnown ? scheduleOf(day) : { date: text, day_type: NO_SCHOOL };
  }
  return parts
    ? `“${text}” value has the correct format (YYYY-MM-DD) but it is an invalid date.`
    : `“${text}” value has an invalid date format. It must be in YYYY-MM-DD format.`;
}

// Parses the other formats that Python's date.fromisoformat accepts besides YYYY-MM-DD: 20261125, 2026-W48-3 and
// 2026W483. A week without a day means the Monday of that week.
function parseISODay(text: string): CalendarDay | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year !== undefined) return dayFrom(Number(year), Number(month), Number(day));
  const week = /^(\d{4})(?:-W(\d\d)(?:-(\d))?|W(\d\d)(\d)?)$/.exec(text);
  if (!week) return undefined;
  const [, weekYear, long, longDay, short, shortDay] = week;
  return dayOfWeek(Number(weekYear), Number(long ?? short), Number(longDay ?? shortDay ?? 1));
}

function scheduleOf(day: CalendarDay): ScheduleDay {
  return { date: isoDay(day), day_type: WEEK[weekdayOf(day)] ?? NO_SCHOOL };
}

type Times = readonly [name: string, start: string, end: string];

function blocksOf(times: readonly Times[]): readonly Block[] {
  return times.map(([name, start, end], order) => ({ order, name, start, end }));
}
