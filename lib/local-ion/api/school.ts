// The API views for the school's schedule, announcements, emergencies, and buses.

import { announcementsAt } from '../data/announcements.js';
import type { Announcement } from '../data/announcements.js';
import {
  isUnrestricted,
  isUnrestrictedOrApplication,
  noMatch,
  READ_METHODS,
  UNKNOWN_ERROR,
  urlAt,
} from './view.js';
import type { Requester, View } from './view.js';
import { BUSES } from '../data/buses.js';
import type { IonState } from '../ion-state.js';
import type { LocalRequest } from '../server/request.js';
import { readPageSize, paginate } from './pagination.js';
import { findDay, daysFrom } from '../data/bell-schedule.js';
import type { ScheduleDay } from '../data/bell-schedule.js';

/** The view for `/api/schedule`. */
export const scheduleView: View = {
  name: 'Day List',
  description: 'The days from today on. Today is the day in UTC.',
  methods: READ_METHODS,
  permits: () => true,
  get: (ion, request) => {
    const days = daysFrom(ion.now()).map((day) => addURL(request, day));
    return paginate(days, readPageSize(request, { usual: 1, max: 7 }), request);
  },
};

/** The view for `/api/schedule/<date>`. */
export const scheduleDayView: View = {
  name: 'Day Detail',
  description: 'One day.',
  methods: READ_METHODS,
  permits: () => true,
  get: (ion, request) => {
    const day = findDay(request.parameters['date'] ?? '', ion.now());
    return typeof day === 'string'
      ? { status: 400, data: [pythonList(day)] }
      : { data: addURL(request, day) };
  },
};

function addURL(request: LocalRequest, day: ScheduleDay): object {
  return { url: urlAt(request, `/schedule/${day.date}`), ...day };
}

// Writes a message as a Python list. Quirk of Ion: this error is a JSON list with one string, which is itself
// a Python list with the message: ["['…']"].
function pythonList(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\');
  if (!text.includes("'")) return `['${escaped}']`;
  return text.includes('"') ? `['${escaped.replaceAll("'", "\\'")}']` : `["${escaped}"]`;
}

// Only announcement admins may post or change announcements, and the local Ion has no such admins.
const readsAnnouncements = (requester: Requester, method: string): boolean =>
  READ_METHODS.includes(method) && isUnrestrictedOrApplication(requester);

/** The view for `/api/announcements`. */
export const announcementsView: View = {
  name: 'List Create Announcement',
  description: 'The announcements: pinned ones first, then the newest.',
  methods: ['GET', 'POST', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request) => {
    const all = announcementsOf(ion).map((each) => showAnnouncement(request, each));
    return paginate(all, 50, request);
  },
};

/** The view for `/api/announcements/<id>`. */
export const announcementView: View = {
  name: 'Retrieve Update Destroy Announcement',
  description: 'One announcement.',
  methods: ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request, { person }) => {
    // Ion responds with a 500 if the requester is an application.
    if (!person) return UNKNOWN_ERROR;
    const id = Number(request.parameters['id']);
    const found = announcementsOf(ion).find((each) => each.id === id);
    return found ? { data: showAnnouncement(request, found) } : noMatch('Announcement');
  },
};

function announcementsOf(ion: IonState): readonly Announcement[] {
  const author = ion.directory.entries.find((entry) => entry.is_eighth_admin);
  return announcementsAt(ion.now(), author?.id ?? null);
}

function showAnnouncement(request: LocalRequest, announcement: Announcement): object {
  return { url: urlAt(request, `/announcements/${announcement.id}`), ...announcement };
}

/** The view for `/api/emerg`. The local Ion never has an emergency. */
export const emergencyView: View = {
  name: 'Emerg Status',
  description: 'Whether the school is closed.',
  methods: ['GET', 'OPTIONS'],
  permits: () => true,
  get: () => ({ data: { status: false, message: '' } }),
};

/** The view for `/api/bus`. */
export const busesView: View = {
  name: 'Route List',
  description: 'The buses, and where they are parked.',
  methods: READ_METHODS,
  permits: isUnrestricted,
  get: (_ion, request) => paginate(BUSES, 50, request),
};

/** The view for `/api/bus/<id>`. */
export const busView: View = {
  name: 'Route Detail',
  description: 'One bus.',
  methods: READ_METHODS,
  permits: isUnrestricted,
  get: (_ion, request) => {
    const bus = BUSES.find(({ id }) => id === Number(request.parameters['id']));
    return bus ? { data: bus } : noMatch('Route');
  },
};
