// The JSON that Ion's API gives of a person.

import type { IonPersonResponse, IonProfileResponse } from '../../profile.js';
import type { Directory, DirectoryEntry } from '../data/directory.js';
import { seniorYearOf } from '../data/calendar.js';

/** The names of the grades 9 to 12, in order. */
export const GRADES: readonly string[] = ['freshman', 'sophomore', 'junior', 'senior'];

/** What a profile depends on besides the person. */
export interface ProfileContext {
  readonly directory: Directory;
  /** Milliseconds since the epoch: the grade depends on the school year. */
  readonly now: number;
  readonly asker: DirectoryEntry;
  /** The URL of a path of the API, with the `format` of the request carried along. */
  urlAt(path: string): string;
}

/** Ion's grade: everybody outside of 9 to 12 is a graduate, an incoming student too. */
export function gradeOf(
  { graduation_year }: DirectoryEntry,
  now: number,
): { number: number; name: string } {
  const number = graduation_year === null ? 13 : 12 + seniorYearOf(now) - graduation_year;
  return { number, name: GRADES[number - 9] ?? 'graduate' };
}

/** First and last name; Python writes a name that is null as the word None. */
export function fullNameOf({ first_name, last_name }: DirectoryEntry): string {
  return `${first_name ?? 'None'} ${last_name ?? 'None'}`;
}

/** True for counselors, too. */
export function isTeacher({ user_type }: DirectoryEntry): boolean {
  return user_type === 'teacher' || user_type === 'counselor';
}

/** Whether Ion lets them see nobody but themselves. */
export function isRestricted({ user_type }: DirectoryEntry): boolean {
  return user_type === 'user' || user_type === 'alum' || user_type === 'service';
}

/** The profile, in Ion's order of keys. */
export function profileOf(entry: DirectoryEntry, context: ProfileContext): IonProfileResponse {
  const { directory, now, asker } = context;
  const staff = isTeacher(asker) || asker.is_eighth_admin;
  const inBrief = (username: string | null): IonPersonResponse | null => {
    const person = username === null ? undefined : directory.byUsername(username);
    return person ? personInBrief(person, context.urlAt(`/profile/${person.id}`)) : null;
  };
  return {
    id: entry.id,
    ion_username: entry.ion_username,
    sex: entry.sex,
    title: entry.title,
    display_name: fullNameOf(entry),
    full_name: fullNameOf(entry),
    short_name: entry.first_name,
    first_name: entry.first_name,
    last_name: entry.last_name,
    nickname: entry.nickname,
    tj_email: entry.tj_email,
    ...(staff ? { student_id: entry.student_id } : {}),
    grade: gradeOf(entry, now),
    graduation_year: entry.graduation_year,
    user_type: entry.user_type,
    counselor: inBrief(entry.counselor),
    administrator: inBrief(entry.administrator),
    // A picture has one format only, whatever the profile was asked for in.
    picture: context.urlAt(`/profile/${entry.id}/picture`).replace(/format=.*/, 'format=jpg'),
    is_eighth_admin: entry.is_eighth_admin,
    is_teacher: isTeacher(entry),
    is_student: entry.user_type === 'student',
  };
}

/** A person as the API refers to them, with the URL of their profile. */
export function personInBrief(entry: DirectoryEntry, url: string): IonPersonResponse {
  return {
    id: entry.id,
    url,
    user_type: entry.user_type,
    username: entry.ion_username,
    full_name: fullNameOf(entry),
    first_name: entry.first_name,
    last_name: entry.last_name,
  };
}
