// Keeps the eighth-period sign-ups and favorites on one local Ion.

import type { Activity } from './activities.js';
import type { DirectoryEntry } from './directory.js';
import { blocksAt, scheduledOn } from './eighth-blocks.js';
import type { EighthBlock, ScheduledActivity, Signup } from './eighth-blocks.js';
import { reasonsAgainst } from './sign-up-rules.js';

/** The sign-ups and favorites on one local Ion. */
export class EighthPeriod {
  readonly #now: () => number;
  /** Each person's sign-ups, by block id. */
  readonly #signups = new Map<DirectoryEntry, Map<number, Signup>>();
  /** The sign-ups for each activity on a block, by the id of the scheduled activity. */
  readonly #rosters = new Map<number, Set<Signup>>();
  readonly #favorites = new Map<DirectoryEntry, Set<Activity>>();
  #lastID = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Every block in the calendar, in order. Blocks on past days are locked. */
  get blocks(): readonly EighthBlock[] {
    return blocksAt(this.#now());
  }

  /** Every activity on every block. */
  get scheduled(): readonly ScheduledActivity[] {
    return this.blocks.flatMap(scheduledOn);
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
    const isFull = all.some((each) => this.rosterOf(each).length >= wanted.activity.capacity);
    const earlier = this.signupsOf(person);
    const reasons = force
      ? []
      : reasonsAgainst({ person, wanted, isFull, earlier, now: this.#now() });
    if (reasons.length > 0) return reasons;
    const replaced = earlier.filter(
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
}
