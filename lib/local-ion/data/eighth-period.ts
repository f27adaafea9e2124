// Keeps the eighth-period blocks and sign-ups of one local Ion, and applies the rules for signing up.

import { ACTIVITIES, isCancelled } from './activities.js';
import type { Activity } from './activities.js';
import { dayOf } from './new-york-time.js';
import type { CalendarDay } from './new-york-time.js';
import type { DirectoryEntry } from './directory.js';
import { gradeOf } from './directory.js';
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

/** The sign-ups and favorites on one local Ion. */
export class EighthPeriod {
  readonly #now: () => number;
  /** Keyed by person, then by block id. */
  readonly #signups = new Map<DirectoryEntry, Map<number, Signup>>();
  /** Keyed by the id of the scheduled activity. */
  readonly #rosters = new Map<number, Set<Signup>>();
  readonly #favorites = new Map<DirectoryEntry, Set<Activity>>();
  #lastID = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Every block in the calendar, in order. Blocks on past days are locked. */
  get blocks(): readonly EighthBlock[] {
    const now = this.#now();
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

  /** Returns a person's sign-ups, sorted by block. */
  signupsOf(person: DirectoryEntry): readonly Signup[] {
    return [...(this.#signups.get(person)?.values() ?? [])].sort(
      (one, other) => one.scheduled.block.id - other.scheduled.block.id,
    );
  }

  /** Returns the sign-ups for an activity on a block. */
  rosterOf({ id }: ScheduledActivity): readonly Signup[] {
    return [...(this.#rosters.get(id) ?? [])];
  }

  /**
   * Signs a person up, and removes their earlier choice for the block. If they may not sign up, changes nothing
   * and returns Ion's reasons. With `force`, signing up is always allowed.
   */
  signUp(person: DirectoryEntry, wanted: ScheduledActivity, force: boolean): readonly string[] {
    const all = wanted.activity.bothBlocks ? this.#onDayOf(wanted) : [wanted];
    const reasons = force ? [] : this.#reasonsAgainst(person, wanted, all);
    if (reasons.length > 0) return reasons;
    const replaced = this.signupsOf(person).filter(
      ({ scheduled }) =>
        all.some(({ block }) => block.id === scheduled.block.id) ||
        // Someone who leaves one block of an activity that covers both blocks also leaves the other block.
        (scheduled.activity.bothBlocks && scheduled.block.day === wanted.block.day),
    );
    for (const signup of replaced) this.#remove(signup);
    for (const scheduled of all) this.#add(person, scheduled);
    return [];
  }

  /** Returns a person's favorite activities, in the order in which they were added. */
  favoritesOf(person: DirectoryEntry): ReadonlySet<Activity> {
    return this.#favorites.get(person) ?? new Set();
  }

  /** Adds an activity to a person's favorites, or removes it if it is already a favorite. */
  toggleFavorite(person: DirectoryEntry, activity: Activity): void {
    const favorites = this.#favorites.get(person) ?? new Set();
    if (!favorites.delete(activity)) favorites.add(activity);
    this.#favorites.set(person, favorites);
  }

  #add(person: DirectoryEntry, scheduled: ScheduledActivity): void {
    this.#lastID += 1;
    const signup = { id: this.#lastID, person, scheduled };
    const own = this.#signups.get(person) ?? new Map<number, Signup>();
    this.#signups.set(person, own.set(scheduled.block.id, signup));
    const roster = this.#rosters.get(scheduled.id) ?? new Set<Signup>();
    this.#rosters.set(scheduled.id, roster.add(signup));
  }

  #remove(signup: Signup): void {
    const { person, scheduled } = signup;
    this.#signups.get(person)?.delete(scheduled.block.id);
    this.#rosters.get(scheduled.id)?.delete(signup);
  }

  #onDayOf({ activity, block }: ScheduledActivity): readonly ScheduledActivity[] {
    return this.scheduled.filter(
      (each) => each.activity === activity && each.block.day === block.day,
    );
  }

  // Returns Ion's messages that explain why the person may not sign up. They are in Ion's order, which goes by the
  // internal names of the reasons.
  #reasonsAgainst(
    person: DirectoryEntry,
    { activity, block }: ScheduledActivity,
    all: readonly ScheduledActivity[],
  ): readonly string[] {
    const isFull = all.some((each) => this.rosterOf(each).length >= activity.capacity);
    const isOnOtherBlock = this.signupsOf(person).some(
      ({ scheduled }) =>
        scheduled.activity === activity &&
        scheduled.block.day === block.day &&
        scheduled.block.id !== block.id,
    );
    const reasons: readonly (readonly [applies: boolean, reason: string])[] = [
      [isFull, 'This activity is full. You may not sign up for it at this time.'],
      [block.locked, 'This block has been locked. Signup is not allowed at this time.'],
      [
        activity.oneADay && isOnOtherBlock,
        'You may only sign up for this activity once per day. To sign up for the activity during this block, change your signup on the other block where you selected this activity.',
      ],
      [
        activity.restricted,
        'You may not sign up for this restricted activity. You are not on the authorized list.',
      ],
      [isCancelled(activity, block.day), 'This activity has been cancelled for this block.'],
      // The grade is above 12 for alumni, and also for staff and anyone else without a graduation year.
      [
        gradeOf(person, this.#now()).number > 12,
        'You may not sign this student up for activities.',
      ],
    ];
    return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
  }
}
