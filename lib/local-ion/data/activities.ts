// Made-up eighth-period activities, one for each possible outcome of a sign-up.

import { weekdayOf } from './new-york-time.js';
import type { CalendarDay } from './new-york-time.js';

/** An eighth-period activity. */
export interface Activity {
  readonly id: number;
  readonly name: string;
  /** Can contain HTML. */
  readonly description: string;
  /** How many people can sign up. */
  readonly capacity: number;
  readonly rooms: readonly string[];
  readonly sponsors: readonly string[];
  /** Whether only people on a list may sign up. In the local Ion, no one is on the list. */
  readonly restricted: boolean;
  /** Whether signing up always covers both blocks of the day. */
  readonly bothBlocks: boolean;
  /** Whether people may sign up for only one block of a day. */
  readonly oneADay: boolean;
  /** The letters of the blocks on which the activity is offered, such as `AB`. */
  readonly blocks: string;
  /** The day of the week on which the activity is always canceled, from 0 for Sunday to 6 for Saturday. */
  readonly cancelledOn: number | undefined;
}

const DEFAULTS = {
  description: '',
  capacity: 30,
  restricted: false,
  bothBlocks: false,
  oneADay: false,
  blocks: 'AB',
  cancelledOn: undefined,
};

/** The activities, sorted by id, which is also Ion's order. */
export const ACTIVITIES: readonly Activity[] = [
  { ...DEFAULTS, id: 1, name: 'Chess Club', rooms: ['Room 101'], sponsors: ['Delta'] },
  {
    ...DEFAULTS,
    id: 2,
    name: 'Driving Simulator',
    description: 'There is only one seat: the second person to sign up is refused.',
    capacity: 1,
    rooms: ['Room 12'],
    sponsors: ['Oak'],
  },
  {
    ...DEFAULTS,
    id: 3,
    name: 'Robotics',
    bothBlocks: true,
    capacity: 24,
    rooms: ['Prototyping Lab'],
    sponsors: ["O'Teach", 'Delta'],
  },
  {
    ...DEFAULTS,
    id: 4,
    name: 'Mock Trial Team',
    restricted: true,
    rooms: ['Room 204'],
    sponsors: ['Bravo'],
  },
  {
    ...DEFAULTS,
    id: 5,
    name: 'Open Gym',
    oneADay: true,
    capacity: 80,
    rooms: ['Gym 1', 'Gym 2'],
    sponsors: [],
  },
  {
    ...DEFAULTS,
    id: 6,
    name: 'Astronomy Club',
    description: 'Not on Thursdays.',
    cancelledOn: 4,
    rooms: ['Planetarium'],
    sponsors: ['Delta'],
  },
  { ...DEFAULTS, id: 7, name: 'Choir', blocks: 'A', rooms: ['Auditorium'], sponsors: ['Oak'] },
  {
    ...DEFAULTS,
    id: 8,
    name: 'Café <Français> & “Kuchen”',
    description: '<p>Bring <b>cake</b>.</p><script>alert(1)</script>',
    rooms: ['Room 7'],
    sponsors: [],
  },
];

/** Whether the activity is canceled on that day. Ion still lists canceled activities. */
export function isCancelled({ cancelledOn }: Activity, day: CalendarDay): boolean {
  return cancelledOn === weekdayOf(day);
}

/** Returns the name followed by Ion's flags: (R) for restricted, (BB) for both blocks. */
export function nameWithFlags({ name, restricted, bothBlocks }: Activity): string {
  return `${name}${restricted ? ' (R)' : ''}${bothBlocks ? ' (BB)' : ''}`;
}

/** Returns the activity's title on a day: the name with flags, and a note if the activity is canceled. */
export function titleOf(activity: Activity, day: CalendarDay): string {
  return `${nameWithFlags(activity)}${isCancelled(activity, day) ? ' (Cancelled)' : ''}`;
}
