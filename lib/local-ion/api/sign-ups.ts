// How the API takes sign-ups for eighth period, and what it shows of them.

import { ACTIVITIES, titleOf } from '../data/activities.js';
import { fieldsIn, nonFieldError, objectIn, Refused } from './input.js';
import { isUnrestricted, NO_SUCH_OBJECT, NOT_PERMITTED, READ, urlAt } from './view.js';
import type { Asker, View } from './view.js';
import type { ScheduledActivity, Signup } from '../data/sign-ups.js';
import { activityInBrief, activityInFull, blockInBrief, dayFilterIn } from './eighth-period.js';
import type { IonState } from '../data/state.js';
import type { LocalRequest } from '../server/response.js';
import { fullNameOf } from './profile.js';

const READ_AND_POST = ['GET', 'POST', 'HEAD', 'OPTIONS'];

/** `/api/signups/user`, and of others `/api/signups/user/<id>`. */
export const signupsView: View = {
  name: 'Eighth User Signup List Add',
  description: 'What somebody has signed up for: you, or a person by id.',
  methods: READ_AND_POST,
  permits: isUnrestricted,
  get: (ion, request, asker) => {
    const person = personAsked(ion, request, asker);
    if (person === undefined) return NO_SUCH_OBJECT;
    const isAsked = dayFilterIn(request, ['date', 'start_date']);
    if (isAsked instanceof Refused) return isAsked.result;
    const signups = ion.eighthPeriod.signupsOf(person);
    const asked = signups.filter(({ scheduled }) => isAsked(scheduled.block));
    return { data: asked.map((signup) => signedUp(request, signup)) };
  },
  post: (ion, request, asker) => {
    if (request.parameters['id'] !== undefined && !asker.person?.is_eighth_admin) {
      return NOT_PERMITTED;
    }
    const person = personAsked(ion, request, asker);
    if (person === undefined) return NO_SUCH_OBJECT;
    const wanted = wantedIn(ion, request);
    if (wanted instanceof Refused) return wanted.result;
    if (wanted === undefined) return NO_SUCH_OBJECT;
    const reasons = ion.eighthPeriod.signUp(person, wanted);
    return reasons.length > 0
      ? { status: 400, data: { details: reasons } }
      : { status: 201, data: activityInFull(ion, request, wanted.activity) };
  },
};

function personAsked(
  ion: IonState,
  { parameters }: LocalRequest,
  { person }: Asker,
): number | undefined {
  const named = parameters['id'];
  return (named === undefined ? person : ion.directory.byID(Number(named)))?.id;
}

// What to sign up for; undefined is an activity that is not on the block.
function wantedIn(ion: IonState, request: LocalRequest): ScheduledActivity | Refused | undefined {
  const fields = fieldsIn(request);
  if (fields instanceof Refused) return fields;
  const { blocks, scheduled } = ion.eighthPeriod;
  const errors: Record<string, readonly string[]> = {};
  const block = objectIn(fields, 'block', blocks, errors);
  const activity = objectIn(fields, 'activity', ACTIVITIES, errors);
  const named = objectIn(fields, 'scheduled_activity', scheduled, errors);
  if (Object.keys(errors).length > 0) return new Refused({ status: 400, data: errors });
  if (block && activity) {
    return scheduled.find((each) => each.block.id === block.id && each.activity === activity);
  }
  return named ?? nonFieldError('Give block and activity, or scheduled_activity.');
}

function signedUp(request: LocalRequest, { id, person, scheduled }: Signup): object {
  const { block } = scheduled;
  return {
    id,
    block: { ...blockInBrief(request, block), block_letter: block.letter },
    activity: activityAndTitle(request, scheduled),
    scheduled_activity: scheduled.id,
    user: person,
  };
}

/** `/api/signups/user/favorites`. */
export const favoritesView: View = {
  name: 'Eighth User Favorites List Toggle',
  description: 'The activities that you like. Post one to like it, or to like it no more.',
  methods: READ_AND_POST,
  permits: isUnrestricted,
  get: (ion, request, { person }) => {
    const favorites = person ? [...ion.eighthPeriod.favoritesOf(person.id)] : [];
    return { data: favorites.map((activity) => activityInBrief(request, activity)) };
  },
  post: (ion, request, { person }) => {
    const fields = fieldsIn(request);
    if (fields instanceof Refused) return fields.result;
    const errors: Record<string, readonly string[]> = {};
    const activity = objectIn(fields, 'activity', ACTIVITIES, errors);
    if (!person || Object.keys(errors).length > 0) return { status: 400, data: errors };
    // Ion takes it for granted that there is one.
    if (!activity) return { status: 500, data: { details: ['Unknown error occurred.'] } };
    ion.eighthPeriod.toggleFavorite(person.id, activity);
    return { status: 201, data: activityInFull(ion, request, activity) };
  },
};

/** `/api/signups/scheduled_activity/<id>`. */
export const rosterView: View = {
  name: 'Eighth Scheduled Activity Signup List',
  description: 'Who has signed up for an activity on a block.',
  methods: READ,
  permits: isUnrestricted,
  get: (ion, request) => {
    const wanted = Number(request.parameters['id']);
    const scheduled = ion.eighthPeriod.scheduled.find(({ id }) => id === wanted);
    if (!scheduled) return NO_SUCH_OBJECT;
    const members = ion.eighthPeriod.rosterOf(scheduled).flatMap(({ person: id }) => {
      const person = ion.directory.byID(id);
      if (!person) return [];
      const { ion_username: username } = person;
      return [
        { id, full_name: fullNameOf(person), username, url: urlAt(request, `/profile/${id}`) },
      ];
    });
    const { length: count } = members;
    return {
      data: {
        id: scheduled.id,
        name: titleOf(scheduled.activity, scheduled.block.day),
        block: blockInBrief(request, scheduled.block),
        activity: activityAndTitle(request, scheduled),
        signups: { members, count, viewable_count: count },
        capacity: scheduled.activity.capacity,
      },
    };
  },
};

function activityAndTitle(request: LocalRequest, { activity, block }: ScheduledActivity): object {
  const title = titleOf(activity, block.day);
  return { id: activity.id, title, url: urlAt(request, `/activities/${activity.id}`) };
}
