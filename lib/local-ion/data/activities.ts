// Invented activities of eighth period: one for each way a sign-up can end.

import { weekdayOf } from './calendar.js';
import type { CalendarDay } from './calendar.js';

/** An activity. */
export interface Activity {
  readonly id: number;
  readonly name: string;
  /** May hold HTML. */
  readonly description: string;
  /** How many people can sign up. */
  readonly capacity: number;
  readonly rooms: readonly string[];
  readonly sponsors: readonly string[];
  /** Open only to people on a list, and nobody is on it. */
  readonly restricted: boolean;
  /** A sign-up for one block of a day is a sign-up for the other block, too. */
  readonly bothBlocks: boolean;
  readonly oneADay: boolean;
  /** The letters of the blocks it is offered on. */
  readonly blocks: string;
  /** The day of the week on which it is canceled, 0 for Sunday. */
  readonly cancelledOn: number | undefined;
}

const USUAL = {
  description: '',
  capacity: 30,
  restricted: false,
  bothBlocks: false,
  oneADay: false,
  blocks: 'AB',
  cancelledOn: undefined,
};

/** By id, as Ion lists them. */
export const ACTIVITIES: readonly Activity[] = [
  { ...USUAL, id: 1, name: 'Chess Club', rooms: ['Room 101'], sponsors: ['Delta'] },
  {
    ...USUAL,
    id: 2,
    name: 'Driving Simulator',
    description: 'There is only one seat: the second person to sign up is refused.',
    capacity: 1,
    rooms: ['Room 12'],
    sponsors: ['Oak'],
  },
  {
    ...USUAL,
    id: 3,
    name: 'Robotics',
    bothBlocks: true,
    capacity: 24,
    rooms: ['Prototyping Lab'],
    sponsors: ["O'Teach", 'Delta'],
  },
  {
    ...USUAL,
    id: 4,
    name: 'Mock Trial Team',
    restricted: true,
    rooms: ['Room 204'],
    sponsors: ['Bravo'],
  },
  {
    ...USUAL,
    id: 5,
    name: 'Open Gym',
    oneADay: true,
    capacity: 80,
    rooms: ['Gym 1', 'Gym 2'],
    sponsors: [],
  },
  {
    ...USUAL,
    id: 6,
    name: 'Astronomy Club',
    description: 'Not on Thursdays.',
    cancelledOn: 4,
    rooms: ['Planetarium'],
    sponsors: ['Delta'],
  },
  { ...USUAL, id: 7, name: 'Choir', blocks: 'A', rooms: ['Auditorium'], sponsors: ['Oak'] },
  {
    ...USUAL,
    id: 8,
    name: 'Café <Français> & “Kuchen”',
    description: '<p>Bring <b>cake</b>.</p><script>alert(1)</script>',
    rooms: ['Room 7'],
    sponsors: [],
  },
];

/** Whether it is canceled on that day, although it is scheduled. */
export function isCancelled({ cancelledOn }: Activity, day: CalendarDay): boolean {
  return cancelledOn === weekdayOf(day);
}

/** The name with Ion's flags. */
export function nameWithFlags({ name, restricted, bothBlocks }: Activity): string {
  return `${name}${restricted ? ' (R)' : ''}${bothBlocks ? ' (BB)' : ''}`;
}

/** Its title on a day: the name with flags, and whether it is canceled. */
export function titleOf(activity: Activity, day: CalendarDay): string {
  return `${nameWithFlags(activity)}${isCancelled(activity, day) ? ' (Cancelled)' : ''}`;
}
