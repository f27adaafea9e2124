// What the API shows of people: profiles, pictures, search.

import { isUnrestricted, NO_SUCH_OBJECT, READ, urlAt } from './view.js';
import type { View } from './view.js';
import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../data/state.js';
import type { LocalRequest } from '../server/response.js';
import { paginate } from './pagination.js';
import { GRADES, gradeOf, isRestricted, personInBrief, profileOf } from './profile.js';
import { outline, portraitOf } from '../data/portraits.js';

/** `/api/profile`, and of others `/api/profile/<id or username>`. */
export const profileView: View = {
  name: 'Profile Detail',
  description: 'The profile of a person: your own, or one by id or username.',
  methods: READ,
  permits: ({ person }) => person !== undefined,
  get: (ion, request, { person: asker }) => {
    const named = request.parameters['person'];
    const person = named === undefined ? asker : ion.directory.find(named);
    if (!asker || !person || (isRestricted(asker) && person !== asker)) return NO_SUCH_OBJECT;
    const context = {
      directory: ion.directory,
      now: ion.now(),
      asker,
      urlAt: (path: string) => urlAt(request, path),
    };
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
    if (!person) return NO_SUCH_OBJECT;
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

/** `/api/search/<query>`: people of whom every word of the query is a part of a name. */
export const searchView: View = {
  name: 'Search',
  description: 'People by name, nickname, username or id.',
  methods: READ,
  permits: isUnrestricted,
  get: (ion, request) => {
    const words = (request.parameters['query'] ?? '')
      .toLowerCase()
      .split(/[\s+]+/)
      .filter(Boolean);
    const found = ion.directory.entries
      .filter((person) => words.every((word) => answersTo(person, word)))
      .sort((one, other) => one.id - other.id);
    const shown = found.map((person) => foundPerson(ion, request, person));
    return paginate(shown, 50, request);
  },
};

function answersTo(person: DirectoryEntry, word: string): boolean {
  const { id, ion_username, first_name, last_name, nickname } = person;
  const names = [ion_username, first_name, last_name, nickname];
  return String(id) === word || names.some((name) => name?.toLowerCase().includes(word));
}

function foundPerson(ion: IonState, request: LocalRequest, person: DirectoryEntry): object {
  const brief = personInBrief(person, urlAt(request, `/profile/${person.id}`));
  const isStudent = person.user_type === 'student';
  return isStudent ? { ...brief, grade: gradeOf(person, ion.now()) } : brief;
}
