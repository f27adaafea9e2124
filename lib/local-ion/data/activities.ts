// The activities of eighth period, all of them invented: one for each way in which a sign-up can end.

import { weekdayOf } from './calendar.js';
import type { CalendarDay } from './calendar.js';

/** An activity. */
export interface Activity {
  readonly id: number;
  readonly name: string;
  /** May hold HTML. */
  readonly description: string;
  /** The most people that it takes. */
  readonly capacity: number;
  readonly rooms: readonly string[];
  readonly sponsors: readonly string[];
  /** Only for who is on a list, and nobody is. */
  readonly restricted: boolean;
  /** Whoever signs up for one block of a day is signed up for the other as well. */
  readonly bothBlocks: boolean;
  readonly oneADay: boolean;
  /** The letters of the blocks that it is on. */
  readonly blocks: string;
  /** The day of the week, 0 for Sunday, on which it is cancelled. */
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
    description: 'It has one seat: whoever comes second is refused.',
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

/** Whether it does not take place on that day, though it is on the schedule. */
export function isCancelled({ cancelledOn }: Activity, day: CalendarDay): boolean {
  return cancelledOn === weekdayOf(day);
}

/** The name with marks for what is special about it. */
export function nameWithFlags({ name, restricted, bothBlocks }: Activity): string {
  return `${name}${restricted ? ' (R)' : ''}${bothBlocks ? ' (BB)' : ''}`;
}

/** What it is called on a day. */
export function titleOf(activity: Activity, day: CalendarDay): string {
  return `${nameWithFlags(activity)}${isCancelled(activity, day) ? ' (Cancelled)' : ''}`;
}
