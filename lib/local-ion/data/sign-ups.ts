// Eighth period: its blocks, and who has signed up for what in one local Ion.

import { ACTIVITIES, isCancelled } from './activities.js';
import type { Activity } from './activities.js';
import { dayOf } from './calendar.js';
import type { CalendarDay } from './calendar.js';
import { calendarAt, eighthPeriodsOn } from './schedule.js';

const DAY = 86_400_000;
// So that the ids of blocks are not as long as days since 1970 would make them.
const FIRST_DAY = Date.UTC(2020, 0, 1);
const LETTERS = 'AB';

/** A block that one signs up for: half of an eighth period. */
export interface EighthBlock {
  readonly id: number;
  readonly day: CalendarDay;
  readonly letter: string;
  /** Nobody can sign up any more. */
  readonly locked: boolean;
}

/** An activity on a block. */
export interface ScheduledActivity {
  readonly id: number;
  readonly block: EighthBlock;
  readonly activity: Activity;
}

/** Somebody's choice for one block. */
export interface Signup {
  readonly id: number;
  /** The id of the person. */
  readonly person: number;
  readonly scheduled: ScheduledActivity;
}

/** The sign-ups of one local Ion. */
export class EighthPeriod {
  readonly #now: () => number;
  readonly #signups = new Map<number, Signup>();
  readonly #favorites = new Map<number, Set<Activity>>();
  #lastID = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Every block in the calendar, in order; the ones of days that are over are locked. */
  get blocks(): readonly EighthBlock[] {
    const now = this.#now();
    const today = dayOf(now);
    return calendarAt(now).flatMap((day) =>
      eighthPeriodsOn(day).map((letter) => ({
        // The same block has the same id on every day that it is asked for.
        id: ((day - FIRST_DAY) / DAY) * LETTERS.length + LETTERS.indexOf(letter),
        day,
        letter,
        locked: day < today,
      })),
    );
  }

  /** The activities of a block, by name. */
  scheduledOn(block: EighthBlock): readonly ScheduledActivity[] {
    return ACTIVITIES.filter(({ blocks }) => blocks.includes(block.letter)).map((activity) => ({
      id: block.id * 100 + activity.id,
      block,
      activity,
    }));
  }

  /** Every activity on every block. */
  get scheduled(): readonly ScheduledActivity[] {
    return this.blocks.flatMap((block) => this.scheduledOn(block));
  }

  /** The sign-ups of a person, by block. */
  signupsOf(person: number): readonly Signup[] {
    return this.#find((signup) => signup.person === person);
  }

  /** The sign-ups for one activity on one block. */
  rosterOf({ id }: ScheduledActivity): readonly Signup[] {
    return this.#find(({ scheduled }) => scheduled.id === id);
  }

  /** Signs a person up, in place of what they had; or gives the reasons why not. */
  signUp(person: number, wanted: ScheduledActivity): readonly string[] {
    const all = wanted.activity.bothBlocks ? this.#onDayOf(wanted) : [wanted];
    const refused = this.#reasonsAgainst(person, wanted, all);
    if (refused.length > 0) return refused;
    const left = this.signupsOf(person).filter(
      ({ scheduled }) =>
        all.some(({ block }) => block.id === scheduled.block.id) ||
        // Who leaves one half of what takes both leaves the other, too.
        (scheduled.activity.bothBlocks && scheduled.block.day === wanted.block.day),
    );
    for (const { id } of left) this.#signups.delete(id);
    for (const scheduled of all) {
      this.#lastID += 1;
      this.#signups.set(this.#lastID, { id: this.#lastID, person, scheduled });
    }
    return [];
  }

  /** What a person likes, in the order in which they liked it. */
  favoritesOf(person: number): ReadonlySet<Activity> {
    return this.#favorites.get(person) ?? new Set();
  }

  /** Adds an activity to what a person likes, or takes it away. */
  toggleFavorite(person: number, activity: Activity): void {
    const favorites = this.#favorites.get(person) ?? new Set();
    if (!favorites.delete(activity)) favorites.add(activity);
    this.#favorites.set(person, favorites);
  }

  #find(isWanted: (signup: Signup) => boolean): readonly Signup[] {
    return [...this.#signups.values()]
      .filter(isWanted)
      .sort((one, other) => one.scheduled.block.id - other.scheduled.block.id);
  }

  #onDayOf({ activity, block }: ScheduledActivity): readonly ScheduledActivity[] {
    return this.scheduled.filter(
      (each) => each.activity === activity && each.block.day === block.day,
    );
  }

  // In words of our own: Ion's are written for people, too.
  #reasonsAgainst(
    person: number,
    { activity, block }: ScheduledActivity,
    all: readonly ScheduledActivity[],
  ): readonly string[] {
    const isTaken = this.signupsOf(person).some(
      ({ scheduled }) =>
        scheduled.activity === activity &&
        scheduled.block.day === block.day &&
        scheduled.block.id !== block.id,
    );
    const isFull = all.some((each) => this.rosterOf(each).length >= activity.capacity);
    const reasons: readonly (readonly [applies: boolean, reason: string])[] = [
      [isFull, 'This activity is full.'],
      [block.locked, 'This block is locked: it is too late to sign up.'],
      [activity.oneADay && isTaken, 'This activity takes you once a day, and has you already.'],
      [activity.restricted, 'This activity is restricted, and you are not on its list.'],
      [isCancelled(activity, block.day), 'This activity is cancelled on this block.'],
    ];
    return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
  }
}
