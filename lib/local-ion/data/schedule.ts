// A school-like calendar: what /api/schedule shows.

import { dayFrom, daysAfter, dayOf, isoDay, weekdayOf } from './calendar.js';
import type { CalendarDay } from './calendar.js';

/** A day as Ion's API has it, but for its URL. */
export interface ScheduleDay {
  readonly date: string;
  readonly day_type: {
    /** May hold HTML. */
    readonly name: string;
    readonly special: boolean;
    readonly blocks: readonly Block[];
  };
}

interface Block {
  readonly order: number;
  readonly name: string;
  /** 24 hours, the hour without a leading zero. */
  readonly start: string;
  readonly end: string;
}

/** How many days from today on are in the calendar; it goes as far back. */
const DAYS_AHEAD = 28;

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
  [1, 2, 3, 4, 5, 6, 7].map((period) => [
    `Period ${period}`,
    `${8 + period - (period > 4 ? 0 : 1)}:40`,
    `${9 + period - (period > 4 ? 0 : 1)}:30`,
  ]),
);

// By day of the week, Sunday first. Ion writes the line break into the name of a free day itself.
const NO_SCHOOL = { name: 'NO SCHOOL<br>', special: false, blocks: [] };
const WEEK = [
  NO_SCHOOL,
  { name: 'Blue Day', special: false, blocks: BLUE },
  { name: 'Red Day', special: false, blocks: RED },
  { name: 'Blue Day', special: false, blocks: BLUE },
  { name: 'Red Day', special: false, blocks: RED },
  { name: 'Anchor Day', special: true, blocks: ANCHOR },
  NO_SCHOOL,
];

/** The days from the one of `now` on. */
export function daysFrom(now: number): readonly ScheduleDay[] {
  const today = dayOf(now);
  return Array.from({ length: DAYS_AHEAD }, (_, index) => scheduleOf(daysAfter(today, index)));
}

/** Every day of the calendar at `now`, in order. */
export function calendarAt(now: number): readonly CalendarDay[] {
  const first = daysAfter(dayOf(now), 1 - DAYS_AHEAD);
  return Array.from({ length: 2 * DAYS_AHEAD - 1 }, (_, index) => daysAfter(first, index));
}

/** The letters of the eighth-period blocks of a day. */
export function eighthPeriodsOn(day: CalendarDay): readonly string[] {
  return scheduleOf(day).day_type.blocks.flatMap(({ name }) => /^8([A-Z])$/.exec(name)?.[1] ?? []);
}

/** The day that `text` names, as of `now`; or Django's words for why it names none. */
export function dayNamed(text: string, now: number): ScheduleDay | string {
  if (!/^\d{4}-\d{1,2}-\d{1,2}$/.test(text)) {
    return `“${text}” value has an invalid date format. It must be in YYYY-MM-DD format.`;
  }
  const day = dayFrom(text);
  if (day === undefined) {
    return `“${text}” value has the correct format (YYYY-MM-DD) but it is an invalid date.`;
  }
  const known = scheduleOf(day);
  return calendarAt(now).includes(day) ? known : { ...known, day_type: NO_SCHOOL };
}

function scheduleOf(day: CalendarDay): ScheduleDay {
  return { date: isoDay(day), day_type: WEEK[weekdayOf(day)] ?? NO_SCHOOL };
}

function blocksOf(times: readonly (readonly string[])[]): readonly Block[] {
  return times.map(([name = '', start = '', end = ''], order) => ({ order, name, start, end }));
}
