// The eighth-period blocks in the calendar, and the activities that are offered on them.

import { ACTIVITIES } from './activities.js';
import type { Activity } from './activities.js';
import { dayOf } from './new-york-time.js';
import type { CalendarDay } from './new-york-time.js';
import type { DirectoryEntry } from './directory.js';
import { calendarAt, eighthPeriodsOn } from './bell-schedule.js';

const DAY_MS = 86_400_000;
// Block ids are counted from this day, so that they stay short.
const FIRST_DAY = Date.UTC(2020, 0, 1);
const LETTERS = 'AB';

/** One half of an eighth period. People sign up for each half separately. */
export interface EighthBlock {
  readonly id: number;
  readonly day: CalendarDay;
  readonly letter: string;
  /** Whether sign-ups are closed. */
  readonly locked: boolean;
}

/** An activity that is offered on a block. */
export interface ScheduledActivity {
  readonly id: number;
  readonly block: EighthBlock;
  readonly activity: Activity;
}

/** A person's choice for one block. */
export interface Signup {
  readonly id: number;
  readonly person: DirectoryEntry;
  readonly scheduled: ScheduledActivity;
}

/** Returns every block in the calendar, in order. Blocks on past days are locked. */
export function blocksAt(now: number): readonly EighthBlock[] {
  const today = dayOf(now);
  return calendarAt(now).flatMap((day) =>
    eighthPeriodsOn(day).map((letter) => ({
      // The id depends only on the day and the letter, so a block keeps its id when the calendar moves ahead.
      id: ((day - FIRST_DAY) / DAY_MS) * LETTERS.length + LETTERS.indexOf(letter),
      day,
      letter,
      locked: day < today,
    })),
  );
}

/** Returns the activities that are offered on a block. */
export function scheduledOn(block: EighthBlock): readonly ScheduledActivity[] {
  return ACTIVITIES.filter(({ blocks }) => blocks.includes(block.letter)).map((activity) => ({
    id: block.id * 100 + activity.id,
    block,
    activity,
  }));
}
