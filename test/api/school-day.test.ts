import { schoolDay } from '../../lib/api/school-day.js';
import { IonOptionError } from '../../lib/errors.js';

describe('schoolDay', () => {
  it.each([
    ['in the morning', '2026-11-25T08:40:00-05:00', '2026-11-25'],
    ['in the evening, when it is tomorrow in UTC', '2026-11-25T19:00:00-05:00', '2026-11-25'],
    ['a millisecond before midnight', '2026-11-25T23:59:59.999-05:00', '2026-11-25'],
    ['at midnight', '2026-11-26T00:00:00-05:00', '2026-11-26'],
    ['on a summer evening', '2026-07-04T23:59:59-04:00', '2026-07-04'],
    ['at midnight in summer', '2026-07-05T00:00:00-04:00', '2026-07-05'],
    ['before daylight saving time begins', '2026-03-07T23:59:59-05:00', '2026-03-07'],
    ['on the 23-hour day', '2026-03-08T00:00:00-05:00', '2026-03-08'],
    ['at the end of the 23-hour day', '2026-03-08T23:59:59-04:00', '2026-03-08'],
    ['on the 25-hour day', '2026-11-01T00:00:00-04:00', '2026-11-01'],
    ['at the end of the 25-hour day', '2026-11-01T23:59:59-05:00', '2026-11-01'],
    ['on the last evening of a year', '2026-12-31T23:00:00-05:00', '2026-12-31'],
    ['on a leap day', '2028-02-29T12:00:00-05:00', '2028-02-29'],
  ])('returns the day in New York %s', (_, moment, day) => {
    expect(schoolDay(new Date(moment))).toBe(day);
    expect(schoolDay(Date.parse(moment))).toBe(day);
  });

  it('returns today if no moment is given', () => {
    jest.useFakeTimers({ now: Date.parse('2026-11-25T21:00:00-05:00') });

    expect(schoolDay()).toBe('2026-11-25');
    jest.useRealTimers();
  });

  it('pads the year', () => {
    expect(schoolDay(new Date('0987-06-05T12:00:00Z'))).toMatch(/^0987-/);
  });

  it.each([
    new Date(NaN),
    NaN,
    Infinity,
    8.64e15,
    -8.64e15,
    '2026-11-25',
    '2026-11-25T08:40:00Z',
    null,
    {},
  ])('throws IonOptionError for %p', (at) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    const call = (): string => schoolDay(at as Date);

    expect(call).toThrow(IonOptionError);
    expect(call).toThrow(/^schoolDay: at must be a valid Date/);
  });
});
