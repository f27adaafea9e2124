// What the API shows of the school's day: schedule, announcements, emergencies, buses.

import { announcementsAt } from '../data/announcements.js';
import type { Announcement } from '../data/announcements.js';
import { isUnrestricted, isUnrestrictedOrApplication, noMatch, READ, urlAt } from './view.js';
import type { Asker, View } from './view.js';
import { BUSES } from '../data/buses.js';
import type { IonState } from '../data/state.js';
import type { LocalRequest } from '../server/response.js';
import { pageSizeIn, paginate } from './pagination.js';
import { dayNamed, daysFrom } from '../data/schedule.js';
import type { ScheduleDay } from '../data/schedule.js';

/** `/api/schedule`. */
export const scheduleView: View = {
  name: 'Day List',
  description: 'The days from today on.',
  methods: READ,
  permits: () => true,
  get: (ion, request) => {
    const days = daysFrom(ion.now()).map((day) => linked(request, day));
    return paginate(days, pageSizeIn(request, { usual: 1, most: 7 }), request);
  },
};

/** `/api/schedule/<date>`. */
export const scheduleDayView: View = {
  name: 'Day Detail',
  description: 'One day.',
  methods: READ,
  permits: () => true,
  get: (ion, request) => {
    const day = dayNamed(request.parameters['date'] ?? '', ion.now());
    return typeof day === 'string'
      ? { status: 400, data: [pythonList(day)] }
      : { data: linked(request, day) };
  },
};

function linked(request: LocalRequest, day: ScheduleDay): object {
  return { url: urlAt(request, `/schedule/${day.date}`), ...day };
}

// Trap of Ion's: the words stand in a list that Python has written out as text, in a list.
function pythonList(text: string): string {
  return text.includes("'") && !text.includes('"') ? `["${text}"]` : `['${text}']`;
}

// Reading needs any token; nobody here may write.
const readsAnnouncements = (asker: Asker, method: string): boolean =>
  READ.includes(method) && isUnrestrictedOrApplication(asker);

/** `/api/announcements`. */
export const announcementsView: View = {
  name: 'List Create Announcement',
  description: 'The announcements, newest first.',
  methods: ['GET', 'POST', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request) => {
    const all = announcementsOf(ion).map((each) => announced(request, each));
    return paginate(all, 50, request);
  },
};

/** `/api/announcements/<id>`. */
export const announcementView: View = {
  name: 'Retrieve Update Destroy Announcement',
  description: 'One announcement.',
  methods: ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request) => {
    const id = Number(request.parameters['id']);
    const found = announcementsOf(ion).find((each) => each.id === id);
    return found ? { data: announced(request, found) } : noMatch('Announcement');
  },
};

function announcementsOf(ion: IonState): readonly Announcement[] {
  const author = ion.directory.entries.find((entry) => entry.is_eighth_admin);
  return announcementsAt(ion.now(), author?.id ?? null);
}

function announced(request: LocalRequest, announcement: Announcement): object {
  return { url: urlAt(request, `/announcements/${announcement.id}`), ...announcement };
}

/** `/api/emerg`: there never is an emergency here. */
export const emergencyView: View = {
  name: 'Emerg Status',
  description: 'Whether the school is closed.',
  methods: ['GET', 'OPTIONS'],
  permits: () => true,
  get: () => ({ data: { status: false, message: null } }),
};

/** `/api/bus`. */
export const busesView: View = {
  name: 'Route List',
  description: 'The buses, and where they stand.',
  methods: READ,
  permits: isUnrestricted,
  get: (_ion, request) => paginate(BUSES, 50, request),
};

/** `/api/bus/<id>`. */
export const busView: View = {
  name: 'Route Detail',
  description: 'One bus.',
  methods: READ,
  permits: isUnrestricted,
  get: (_ion, request) => {
    const bus = BUSES.find(({ id }) => id === Number(request.parameters['id']));
    return bus ? { data: bus } : noMatch('Route');
  },
};
