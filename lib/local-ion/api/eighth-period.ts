// The API views for eighth-period blocks and activities.

import { scheduledOn } from '../data/eighth-blocks.js';
import { ACTIVITIES, isCancelled, nameWithFlags } from '../data/activities.js';
import type { Activity } from '../data/activities.js';
import {
  isUnrestrictedOrApplication,
  noMatch,
  READ_METHODS,
  Refusal,
  UNKNOWN_ERROR,
  urlAt,
} from './view.js';
import type { View } from './view.js';
import type { EighthBlock, ScheduledActivity } from '../data/eighth-blocks.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';
import { dayFrom, daysAfter, isoDay } from '../data/new-york-time.js';
import type { CalendarDay } from '../data/new-york-time.js';
import { readPageSize, paginate } from './pagination.js';

/** The view for `/api/blocks`. */
export const blocksView: View = {
  name: 'Eighth Block List',
  description: 'The blocks of eighth period: all, those from start_date on, or those of one date.',
  methods: READ_METHODS,
  permits: isUnrestrictedOrApplication,
  get: (ion, request) => {
    const isOnDay = readDayFilter(request, ['start_date', 'date']);
    if (isOnDay instanceof Refusal) return isOnDay.result;
    const blocks = ion.eighthPeriod.blocks.filter(isOnDay).map((block) => ({
      id: block.id,
      url: urlAt(request, `/blocks/${block.id}`),
      date: isoDay(block.day),
      block_letter: block.letter,
      locked: block.locked,
    }));
    return paginate(blocks, readPageSize(request, { usual: 50, max: 200 }), request);
  },
};

/** The view for `/api/blocks/<id>`. */
export const blockView: View = {
  name: 'Eighth Block Detail',
  description: 'One block, and the activities to choose from.',
  methods: READ_METHODS,
  permits: isUnrestrictedOrApplication,
  get: (ion, request, { person }) => {
    // Ion responds with a 500 if the requester is an application, because an application has no favorites.
    if (!person) return UNKNOWN_ERROR;
    const { eighthPeriod } = ion;
    const block = eighthPeriod.blocks.find(({ id }) => id === Number(request.parameters['id']));
    if (!block) return { status: 404, data: { detail: 'Not found.' } };
    const favorites = eighthPeriod.favoritesOf(person);
    const activities = scheduledOn(block).map((scheduled) => [
      scheduled.activity.id,
      showOnBlock(request, scheduled, {
        count: eighthPeriod.rosterOf(scheduled).length,
        isFavorite: favorites.has(scheduled.activity),
      }),
    ]);
    return {
      data: {
        id: block.id,
        activities: Object.fromEntries(activities) as unknown,
        date: isoDay(block.day),
        block_letter: block.letter,
        comments: '',
      },
    };
  },
};

// The keys are in Ion's order. Features that the local Ion lacks, such as waitlists, look as if no one uses them.
function showOnBlock(
  request: LocalRequest,
  { id, activity, block }: ScheduledActivity,
  { count, isFavorite }: { readonly count: number; readonly isFavorite: boolean },
): object {
  const rosterURL = urlAt(request, `/signups/scheduled_activity/${id}`);
  const name = nameWithFlags(activity);
  return {
    id: activity.id,
    aid: activity.id,
    scheduled_activity: { id, url: rosterURL },
    url: urlAt(request, `/activities/${activity.id}`),
    name: activity.name,
    name_with_flags: name,
    name_with_flags_for_user: name,
    description: activity.description,
    cancelled: isCancelled(activity, block.day),
    favorited: isFavorite,
    subscribed_to: false,
    subscriptions_enabled: false,
    roster: { count, capacity: activity.capacity, url: rosterURL },
    rooms: activity.rooms,
    sponsors: activity.sponsors,
    restricted: activity.restricted,
    restricted_for_user: activity.restricted,
    both_blocks: activity.bothBlocks,
    one_a_day: activity.oneADay,
    special: false,
    administrative: false,
    presign: false,
    presign_time: presignTime(block.day),
    sticky: false,
    user_sticky: false,
    finance: '',
    title: '',
    comments: '',
    display_text: '',
    waitlist_count: 0,
    waitlisted: false,
    waitlist_position: 0,
    is_recommended: false,
  };
}

// This formatter is created only when it is needed, because creating it takes Node several milliseconds.
let longDate: Intl.DateTimeFormat | undefined;

// Returns the time when sign-ups would open if Ion marked the activity as `presign`: in the evening, two days
// before the block.
function presignTime(day: CalendarDay): string {
  longDate ??= new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
  return `${longDate.format(daysAfter(day, -2))} at 8:00 PM`;
}

/** The view for `/api/activities`. */
export const activitiesView: View = {
  name: 'Eighth Activity List',
  description: 'The activities of eighth period.',
  methods: READ_METHODS,
  permits: isUnrestrictedOrApplication,
  get: (_ion, request) => {
    const all = ACTIVITIES.map((activity) => activityInBrief(request, activity));
    return paginate(all, 50, request);
  },
};

/** The view for `/api/activities/<id>`. */
export const activityView: View = {
  name: 'Eighth Activity Detail',
  description: 'One activity, and the blocks it is scheduled on.',
  methods: READ_METHODS,
  permits: isUnrestrictedOrApplication,
  get: (ion, request) => {
    const activity = ACTIVITIES.find(({ id }) => id === Number(request.parameters['id']));
    return activity ? { data: activityInFull(ion, request, activity) } : noMatch('EighthActivity');
  },
};

/** Returns the short form of an activity, for lists. */
export function activityInBrief(request: LocalRequest, { id, name }: Activity): object {
  return { id, url: urlAt(request, `/activities/${id}`), name };
}

/** Returns an activity with all of its details. */
export function activityInFull(ion: IonState, request: LocalRequest, activity: Activity): object {
  const scheduled = ion.eighthPeriod.scheduled.filter((each) => each.activity === activity);
  return {
    id: activity.id,
    name: activity.name,
    description: activity.description,
    administrative: false,
    restricted: activity.restricted,
    presign: false,
    one_a_day: activity.oneADay,
    both_blocks: activity.bothBlocks,
    sticky: false,
    special: false,
    scheduled_on: Object.fromEntries(
      scheduled.map(({ id, block }) => {
        const roster = { id, url: urlAt(request, `/signups/scheduled_activity/${id}`) };
        const { date, url } = blockInBrief(request, block);
        return [block.id, { id: block.id, date, block_letter: block.letter, url, roster }];
      }),
    ) as unknown,
  };
}

/** Returns the short form of a block, for use inside activities and sign-ups. */
export function blockInBrief(
  request: LocalRequest,
  { id, day }: EighthBlock,
): { id: number; date: string; url: string } {
  return { id, date: isoDay(day), url: urlAt(request, `/blocks/${id}`) };
}

/**
 * Creates a filter for blocks from the query: `date` selects the blocks on that day, and `start_date` selects
 * the blocks on that day or later. If the query has both, the one that comes first in `names` counts. If it has
 * neither, the filter selects every block.
 */
export function readDayFilter(
  { query }: LocalRequest,
  names: readonly ('date' | 'start_date')[],
): ((block: EighthBlock) => boolean) | Refusal {
  const name = names.find((each) => lastValue(query, each) !== undefined);
  const text = name && lastValue(query, name);
  if (name === undefined || text === undefined) return () => true;
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const day = dayFrom(Number(year), Number(month), Number(dayOfMonth));
  if (day === undefined) {
    return new Refusal({ status: 400, data: [`Invalid format for ${name}.`] });
  }
  return (block) => (name === 'date' ? block.day === day : block.day >= day);
}
