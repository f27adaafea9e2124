// Applies the rules of Ion that say when a person may sign up for an activity in an eighth period.

import { isCancelled } from './activities.js';
import { gradeOf } from './person-rules.js';
import type { DirectoryEntry } from './directory.js';
import type { ScheduledActivity, Signup } from './eighth-blocks.js';

/** A person's attempt to sign up. */
interface Attempt {
  readonly person: DirectoryEntry;
  readonly wanted: ScheduledActivity;
  /** Whether the activity is full on any block that the sign-up is for. */
  readonly isFull: boolean;
  /** The person's sign-ups so far. */
  readonly earlier: readonly Signup[];
  readonly now: number;
}

/**
 * Returns Ion's messages that explain why the person may not sign up. They are in Ion's order, which goes by
 * the internal names of the reasons.
 */
export function reasonsAgainst({
  person,
  wanted: { activity, block },
  isFull,
  earlier,
  now,
}: Attempt): readonly string[] {
  const isOnOtherBlock = earlier.some(
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
    [gradeOf(person, now).number > 12, 'You may not sign this student up for activities.'],
  ];
  return reasons.flatMap(([applies, reason]) => (applies ? [reason] : []));
}
