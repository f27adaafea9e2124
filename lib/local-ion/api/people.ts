// The API views for people: their profiles and pictures.

import type { IonPersonResponse, IonProfileResponse } from '../../profile.js';
import { isUnrestricted, NO_SUCH_OBJECT, READ_METHODS, urlAt } from './view.js';
import type { View } from './view.js';
import {
  fullNameOf,
  gradeOf,
  GRADES,
  isRestricted,
  isTeacher,
  seesPrivateData,
} from '../data/person-rules.js';
import type { DirectoryEntry } from '../data/directory.js';
import { outline, portraitOf } from '../data/portraits.js';
import type { IonState } from '../ion-state.js';
import type { LocalRequest } from '../server/request.js';

/** The view for `/api/profile` and `/api/profile/<id or username>`. */
export const profileView: View = {
  name: 'Profile Detail',
  description: 'The profile of a person: yours, or anyone’s by id or username.',
  methods: READ_METHODS,
  permits: ({ person }) => person !== undefined,
  get: (ion, request, { person: requester }) => {
    const wanted = request.parameters['person'];
    const person = wanted === undefined ? requester : ion.directory.find(wanted);
    if (!requester || !person || (isRestricted(requester) && person !== requester))
      return NO_SUCH_OBJECT;
    return { data: profileOf(person, requester, ion, request) };
  },
};

// The keys are in Ion's order.
function profileOf(
  person: DirectoryEntry,
  requester: DirectoryEntry,
  ion: IonState,
  request: LocalRequest,
): IonProfileResponse {
  const inBrief = (username: string | null): IonPersonResponse | null => {
    const other = username === null ? undefined : ion.directory.byUsername(username);
    return other ? personInBrief(other, urlAt(request, `/profile/${other.id}`)) : null;
  };
  return {
    id: person.id,
    ion_username: person.ion_username,
    sex: person.sex,
    title: person.title,
    display_name: fullNameOf(person),
    full_name: fullNameOf(person),
    short_name: person.first_name,
    first_name: person.first_name,
    last_name: person.last_name,
    nickname: person.nickname,
    tj_email: person.tj_email,
    ...(seesPrivateData(requester) ? { student_id: person.student_id } : {}),
    grade: gradeOf(person, ion.now()),
    graduation_year: person.graduation_year,
    user_type: person.user_type,
    counselor: inBrief(person.counselor),
    administrator: inBrief(person.administrator),
    // urlAt repeats the request's `format`, but the URL of a picture needs `format=jpg`, because pictures
    // have no other format.
    picture: urlAt(request, `/profile/${person.id}/picture`).replace(/format=.*/, 'format=jpg'),
    is_eighth_admin: person.is_eighth_admin,
    is_teacher: isTeacher(person),
    is_student: person.user_type === 'student',
  };
}

/** Returns the short form of a person, for use inside other responses. `url` is the URL of their profile. */
export function personInBrief(person: DirectoryEntry, url: string): IonPersonResponse {
  return {
    id: person.id,
    url,
    user_type: person.user_type,
    username: person.ion_username,
    full_name: fullNameOf(person),
    first_name: person.first_name,
    last_name: person.last_name,
  };
}

/**
 * The view for `/api/profile/<id or username>/picture`, and for the path below it with the picture from a
 * certain grade, such as `freshman`.
 */
export const pictureView: View = {
  name: 'Profile Picture Detail',
  description: 'The picture of a person: the latest, or the one of a school year.',
  methods: READ_METHODS,
  isPicture: true,
  permits: isUnrestricted,
  get: (ion, request, { person: requester }) => {
    const wanted = request.parameters['person'] ?? '';
    const person = ion.directory.find(wanted);
    // Usernames are case-sensitive here, although they are not in the path of a profile.
    const isFound = /^\d+$/.test(wanted) || person?.ion_username === wanted;
    if (!requester || !person || !isFound) return NO_SUCH_OBJECT;
    const isVisible = person === requester || person.show_pictures || seesPrivateData(requester);
    const isThere = hasPhotoOf(request.parameters['year'], person, ion.now());
    return { data: isVisible && isThere ? portraitOf(person) : outline() };
  },
};

// Students have a photo from each grade that they have reached. People without a graduation year have a single
// photo, with the name `staff`.
function hasPhotoOf(year: string | undefined, person: DirectoryEntry, now: number): boolean {
  if (year === undefined) return true;
  if (person.graduation_year === null) return year === 'staff';
  const index = GRADES.indexOf(year);
  return index >= 0 && index + 9 <= gradeOf(person, now).number;
}
