// Tests that days and times are computed for New York, whatever the machine's time zone.

import {
  dayFrom,
  dayOf,
  dayOfWeek,
  daysAfter,
  isoDay,
  seniorYearOf,
  timeOn,
  utcDayOf,
  weekdayOf,
} from '../../../lib/local-ion/data/new-york-time.js';
import type { CalendarDay } from '../../../lib/local-ion/data/new-york-time.js';

/** Parses a day, `YYYY-MM-DD`. */
function day(text: string): CalendarDay {
  const [year = NaN, month = NaN, dayOfMonth = NaN] = text.split('-').map(Number);
  const found = dayFrom(year, month, dayOfMonth);
  if (found === undefined) throw new Error(`There is no ${text}`);
  return found;
}

describe('dayOf', () => {
  it.each([
    ['2026-11-25T04:59:59Z', '2026-11-24'],
    ['2026-11-25T05:00:00Z', '2026-11-25'],
    ['2026-07-04T03:59:59Z', '2026-07-03'],
    ['2026-07-04T04:00:00Z', '2026-07-04'],
    // On this day, the clocks go back at 2:00, so midnight is still in daylight saving time.
    ['2026-11-01T03:59:59Z', '2026-10-31'],
    ['2026-11-01T04:00:00Z', '2026-11-01'],
    ['2026-11-02T04:59:59Z', '2026-11-01'],
  ])('at %s is %s', (now, expected) => {
    expect(isoDay(dayOf(Date.parse(now)))).toBe(expected);
  });
});

describe('utcDayOf', () => {
  it.each([
    ['2026-11-24T23:59:59.999Z', '2026-11-24'],
    ['2026-11-25T00:00:00Z', '2026-11-25'],
    ['1969-12-31T12:00:00Z', '1969-12-31'],
  ])('at %s is %s', (now, expected) => {
    expect(isoDay(utcDayOf(Date.parse(now)))).toBe(expected);
  });
});

describe('timeOn', () => {
  it.each([
    ['2026-11-25', '13:15:00'],
    ['2026-07-04', '12:15:00'],
    ['2026-10-31', '12:15:00'],
    ['2026-11-01', '13:15:00'],
    ['2026-03-07', '13:15:00'],
    ['2026-03-08', '12:15:00'],
  ])('8:15 in the morning of %s is %s in UTC', (date, expected) => {
    const time = new Date(timeOn(day(date), '08:15:00')).toISOString();
    expect(time).toBe(`${date}T${expected}.000Z`);
  });
});

describe('dayFrom', () => {
  it('takes a two-digit year literally', () => {
    expect(isoDay(day('99-12-31'))).toBe('0099-12-31');
  });

  it.each([
    [2026, 2, 29],
    [2026, 0, 1],
    [2026, 13, 1],
    [2026, 4, 31],
    [2026, 1, 0],
    [0, 1, 1],
    [NaN, 1, 1],
  ])('returns undefined for %i-%i-%i', (year, month, dayOfMonth) => {
    expect(dayFrom(year, month, dayOfMonth)).toBeUndefined();
  });

  it('knows leap years', () => {
    expect(isoDay(day('2028-2-29'))).toBe('2028-02-29');
  });
});

describe('dayOfWeek', () => {
  it.each([
    [2026, 48, 3, '2026-11-25'],
    [2026, 1, 1, '2025-12-29'],
    [2026, 53, 7, '2027-01-03'],
    [2023, 1, 1, '2023-01-02'],
  ])('of %i, week %i, day %i is %s', (year, week, weekday, expected) => {
    const found = dayOfWeek(year, week, weekday);
    expect(found === undefined ? undefined : isoDay(found)).toBe(expected);
  });

  it.each([
    [2025, 53, 1],
    [2026, 54, 1],
    [2026, 0, 1],
    [2026, 1, 0],
    [2026, 1, 8],
    [0, 1, 1],
  ])('of %i, week %i, day %i is undefined', (year, week, weekday) => {
    expect(dayOfWeek(year, week, weekday)).toBeUndefined();
  });
});

describe('daysAfter and weekdayOf', () => {
  it('count every day once, even when the clocks change', () => {
    const days = [0, 1, 2, 3, 4, 5, 6].map((count) => daysAfter(day('2026-10-30'), count));
    expect(days.map(isoDay)).toEqual([
      '2026-10-30',
      '2026-10-31',
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
      '2026-11-05',
    ]);
    expect(days.map(weekdayOf)).toEqual([5, 6, 0, 1, 2, 3, 4]);
  });
});

describe('seniorYearOf', () => {
  it.each([
    ['2026-08-01T03:59:59Z', 2026],
    ['2026-08-01T04:00:00Z', 2027],
    ['2027-01-01T04:59:59Z', 2027],
    ['2027-01-01T05:00:00Z', 2027],
  ])('at %s is %i', (now, year) => {
    expect(seniorYearOf(Date.parse(now))).toBe(year);
  });
});
