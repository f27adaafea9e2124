// The API views for eighth-period sign-ups, favorites, and rosters.

import { activityInBrief, activityInFull, blockInBrief, readDayFilter } from './eighth-period.js';
import { ACTIVITIES, titleOf } from '../data/activities.js';
import { fullNameOf, seesPrivateData } from '../data/person-rules.js';
import type { DirectoryEntry } from '../data/directory.js';
import { scheduledOn } from '../data/eighth-blocks.js';
import type { ScheduledActivity, Signup } from '../data/eighth-blocks.js';
import type { IonState } from '../ion-state.js';
import type { LocalRequest } from '../server/request.js';
import { readBoolean, readFields, nonFieldError, readObject } from './fields.js';
import {
  isUnrestrictedOrApplication,
  NO_SUCH_OBJECT,
  NOT_PERMITTED,
  READ_METHODS,
  Refusal,
  UNKNOWN_ERROR,
  urlAt,
} from './view.js';
import type { Requester, View } from './view.js';

const READ_AND_POST = ['GET', 'POST', 'HEAD', 'OPTIONS'];

/** The view for `/api/signups/user` and `/api/signups/user/<id>`. */
export const signupsView: View = {
  name: 'Eighth User Signup List Add',
  description: 'The eighth-period sign-ups of a person: yours, or anyone’s by id.',
  methods: READ_AND_POST,
  permits: isUnrestrictedOrApplication,
  get: (ion, request, requester) => {
    const person = findPerson(ion, request, requester);
    if (person instanceof Refusal) return person.result;
    const isOnDay = readDayFilter(request, ['date', 'start_date']);
    if (isOnDay instanceof Refusal) return isOnDay.result;
    const visible = ion.eighthPeriod
      .signupsOf(person)
      .filter(({ scheduled }) => isOnDay(scheduled.block) && seesSignupsOf(requester, person));
    return { data: visible.map((signup) => showSignup(request, signup)) };
  },
  post: (ion, request, requester) => {
    // Ion responds with a 500 if the requester is an application.
    if (!requester.person) return UNKNOWN_ERROR;
    const { is_eighth_admin } = requester.person;
    if (request.parameters['id'] !== undefined && !is_eighth_admin) return NOT_PERMITTED;
    const person = findPerson(ion, request, requester);
    if (person instanceof Refusal) return person.result;
    const wanted = readSignupRequest(ion, request);
    if (wanted instanceof Refusal) return wanted.result;
    const { scheduled, force } = wanted;
    if (scheduled === undefined) return NO_SUCH_OBJECT;
    if (force && !is_eighth_admin) {
      return { status: 400, data: { error: 'You are not an administrator.' } };
    }
    const reasons = ion.eighthPeriod.signUp(person, scheduled, force);
    return reasons.length > 0
      ? { status: 400, data: { details: reasons } }
      : { status: 201, data: activityInFull(ion, request, scheduled.activity) };
  },
};

/** Whether the requester may see the person's sign-ups. */
function seesSignupsOf({ person: requester }: Requester, person: DirectoryEntry): boolean {
  return (
    person.show_eighth ||
    requester === person ||
    (requester !== undefined && seesPrivateData(requester))
  );
}

function findPerson(
  { directory }: IonState,
  { parameters }: LocalRequest,
  { person: requester }: Requester,
): DirectoryEntry | Refusal {
  const id = parameters['id'];
  if (id === undefined) return requester ?? new Refusal(UNKNOWN_ERROR);
  return directory.byID(Number(id)) ?? new Refusal(NO_SUCH_OBJECT);
}

interface SignupRequest {
  /**
   * The activity on the block that the request names. Undefined if the activity is not offered on that block.
   */
  readonly scheduled: ScheduledActivity | undefined;
  readonly force: boolean;
}

function readSignupRequest(
  { eighthPeriod }: IonState,
  request: LocalRequest,
): SignupRequest | Refusal {
  const fields = readFields(request);
  if (fields instanceof Refusal) return fields;
  const { blocks, scheduled } = eighthPeriod;
  const errors: Record<string, readonly string[]> = {};
  const block = readObject(fields, 'block', blocks, errors);
  const activity = readObject(fields, 'activity', ACTIVITIES, errors);
  const named = readObject(fields, 'scheduled_activity', scheduled, errors);
  const usesScheduled = readBoolean(fields, 'use_scheduled_activity', errors);
  const force = readBoolean(fields, 'force', errors);
  if (Object.keys(errors).length > 0) return new Refusal({ status: 400, data: errors });
  if (block && activity && !usesScheduled) {
    const onBlock = scheduledOn(block);
    return { scheduled: onBlock.find((each) => each.activity === activity), force };
  }
  if (named) return { scheduled: named, force };
  return nonFieldError(
    'Either scheduled_activity, or block and activity must exist. use_scheduled_activity must be false to use block and activity.',
  );
}

function showSignup(request: LocalRequest, { id, person, scheduled }: Signup): object {
  const { block } = scheduled;
  return {
    id,
    block: { ...blockInBrief(request, block), block_letter: block.letter },
    activity: activityWithTitle(request, scheduled),
    scheduled_activity: scheduled.id,
    user: person.id,
  };
}

/** The view for `/api/signups/user/favorites`. */
export const favoritesView: View = {
  name: 'Eighth User Favorites List Toggle',
  description: 'Your favorite activities. POST an activity to add it, or to remove it again.',
  methods: READ_AND_POST,
  permits: isUnrestrictedOrApplication,
  get: (ion, request, { person }) => {
    if (!person) return UNKNOWN_ERROR;
    const favorites = [...ion.eighthPeriod.favoritesOf(person)];
    return { data: favorites.map((activity) => activityInBrief(request, activity)) };
  },
  post: (ion, request, { person }) => {
    if (!person) return UNKNOWN_ERROR;
    const fields = readFields(request);
    if (fields instanceof Refusal) return fields.result;
    const errors: Record<string, readonly string[]> = {};
    const activity = readObject(fields, 'activity', ACTIVITIES, errors);
    if (Object.keys(errors).length > 0) return { status: 400, data: errors };
    // Ion does not check whether the request has the field `activity`, and responds with a 500 if it doesn't.
    if (!activity) return UNKNOWN_ERROR;
    ion.eighthPeriod.toggleFavorite(person, activity);
    return { status: 201, data: activityInFull(ion, request, activity) };
  },
};

/** The view for `/api/signups/scheduled_activity/<id>`. */
export const rosterView: View = {
  name: 'Eighth Scheduled Activity Signup List',
  description: 'Who has signed up for an activity on a block.',
  methods: READ_METHODS,
  permits: isUnrestrictedOrApplication,
  get: (ion, request, requester) => {
    const wanted = Number(request.parameters['id']);
    const scheduled = ion.eighthPeriod.scheduled.find(({ id }) => id === wanted);
    if (!scheduled) return NO_SUCH_OBJECT;
    const roster = ion.eighthPeriod.rosterOf(scheduled).map(({ person }) => person);
    const members = roster.filter((person) => seesSignupsOf(requester, person));
    return {
      data: {
        id: scheduled.id,
        name: titleOf(scheduled.activity, scheduled.block.day),
        block: blockInBrief(request, scheduled.block),
        activity: activityWithTitle(request, scheduled),
        signups: {
          members: members.map((person) => ({
            id: person.id,
            full_name: fullNameOf(person),
            username: person.ion_username,
            url: urlAt(request, `/profile/${person.id}`),
          })),
          count: roster.length,
          viewable_count: members.length,
        },
        capacity: scheduled.activity.capacity,
      },
    };
  },
};

function activityWithTitle(request: LocalRequest, { activity, block }: ScheduledActivity): object {
  const title = titleOf(activity, block.day);
  return { id: activity.id, title, url: urlAt(request, `/activities/${activity.id}`) };
}
