// What the paths of the API give, and to whom.

import { announcementsAt } from './announcements.js';
import type { AccessToken } from './grants.js';
import type { DirectoryEntry } from './directory.js';
import type { Ion } from './ion.js';
import { valueOf } from './messages.js';
import type { IonRequest } from './messages.js';
import { paginate } from './pagination.js';
import { GRADES, gradeOf, isRestricted, profileOf } from './person-profile.js';
import { outline, portraitOf } from './portraits.js';
import { dayNamed, daysFrom } from './schedule.js';

/** Who asks: a person, an application by itself, or nobody who is known. */
export interface Asker {
  readonly person: DirectoryEntry | undefined;
  /** For a token of client_credentials, which belongs to nobody. */
  readonly applicationToken: AccessToken | undefined;
}

/** Data to be rendered, with a status where it is not 200. */
export interface Result {
  readonly status?: number;
  readonly data: unknown;
}

/** One resource of the API. */
export interface View {
  /** As Django REST framework names it to who asks by OPTIONS. */
  readonly name: string;
  readonly description: string;
  /** In the order of the Allow header. */
  readonly methods: readonly string[];
  readonly isPicture?: boolean;
  /** Whether the asker may use this method. */
  permits(asker: Asker, method: string): boolean;
  get(ion: Ion, request: IonRequest, asker: Asker): Result;
}

const READ = ['GET', 'HEAD', 'OPTIONS'];

const NO_SUCH_PERSON: Result = {
  status: 404,
  data: { details: ['Object does not exist (in database).'] },
};

const isUnrestricted = ({ person }: Asker): boolean =>
  person !== undefined && !isRestricted(person);

/** `/api/profile`, and of others `/api/profile/<id or username>`. */
export const profileView: View = {
  name: 'Profile Detail',
  description: 'The profile of a person: your own, or one by id or username.',
  methods: READ,
  permits: ({ person }) => person !== undefined,
  get: (ion, request, { person: asker }) => {
    const named = request.parameters['person'];
    const person = named === undefined ? asker : ion.directory.find(named);
    if (!asker || !person || (isRestricted(asker) && person !== asker)) return NO_SUCH_PERSON;
    const sent = valueOf(request.query, 'format');
    const format = sent === '' ? undefined : sent;
    const { directory } = ion;
    const context = { directory, now: ion.now(), origin: request.origin, format, asker };
    return { data: profileOf(person, context) };
  },
};

/** `/api/profile/<id or username>/picture`, and the one of a school year below it. */
export const pictureView: View = {
  name: 'Profile Picture Detail',
  description: 'The picture of a person: the latest, or the one of a school year.',
  methods: READ,
  isPicture: true,
  permits: isUnrestricted,
  get: (ion, request) => {
    const person = ion.directory.find(request.parameters['person'] ?? '');
    if (!person) return NO_SUCH_PERSON;
    const year = request.parameters['year'];
    return { data: hasPhotoOf(year, person, ion.now()) ? portraitOf(person) : outline() };
  },
};

// A photo was taken in each year at school so far; of staff, one as staff.
function hasPhotoOf(year: string | undefined, person: DirectoryEntry, now: number): boolean {
  if (year === undefined) return true;
  if (person.graduation_year === null) return year === 'staff';
  const index = GRADES.indexOf(year);
  return index >= 0 && index + 9 <= gradeOf(person, now).number;
}

/** `/api/schedule`. */
export const scheduleView: View = {
  name: 'Day List',
  description: 'The days from today on.',
  methods: READ,
  permits: () => true,
  get: (ion, request) => {
    const asked = Number(valueOf(request.query, 'page_size') ?? 1);
    const pageSize = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 7) : 1;
    return paginate(daysFrom(ion.now(), request.origin), pageSize, request);
  },
};

/** `/api/schedule/<date>`. */
export const scheduleDayView: View = {
  name: 'Day Detail',
  description: 'One day.',
  methods: READ,
  permits: () => true,
  get: (ion, request) => {
    const day = dayNamed(request.parameters['date'] ?? '', ion.now(), request.origin);
    return typeof day === 'string' ? { status: 400, data: [pythonList(day)] } : { data: day };
  },
};

// Trap of Ion's: the words stand in a list that Python has written out as text, in a list.
function pythonList(text: string): string {
  return text.includes("'") && !text.includes('"') ? `["${text}"]` : `['${text}']`;
}

// Reading needs any token; nobody here may write.
const readsAnnouncements = (asker: Asker, method: string): boolean =>
  READ.includes(method) && (isUnrestricted(asker) || asker.applicationToken !== undefined);

/** `/api/announcements`. */
export const announcementsView: View = {
  name: 'List Create Announcement',
  description: 'The announcements, newest first.',
  methods: ['GET', 'POST', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request) => paginate(announcementsOf(ion, request), 50, request),
};

/** `/api/announcements/<id>`. */
export const announcementView: View = {
  name: 'Retrieve Update Destroy Announcement',
  description: 'One announcement.',
  methods: ['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  permits: readsAnnouncements,
  get: (ion, request) => {
    const id = Number(request.parameters['id']);
    const found = announcementsOf(ion, request).find((each) => each.id === id);
    return found ? { data: found } : { status: 404, data: { detail: 'Not found.' } };
  },
};

function announcementsOf(ion: Ion, request: IonRequest): ReturnType<typeof announcementsAt> {
  const author = ion.directory.entries.find((entry) => entry.is_eighth_admin);
  return announcementsAt(ion.now(), request.origin, author?.id ?? null);
}

/** `/api/emerg`: there never is an emergency here. */
export const emergencyView: View = {
  name: 'Emerg Status',
  description: 'Whether the school is closed.',
  methods: ['GET', 'OPTIONS'],
  permits: () => true,
  get: () => ({ data: { status: false, message: null } }),
};
