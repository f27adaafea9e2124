// Ion's rules about a person: their grade, their full name, and what they may see.

import { seniorYearOf } from './new-york-time.js';
import type { Person } from './people.js';

/** The names of grades 9 to 12, in order. */
export const GRADES: readonly string[] = ['freshman', 'sophomore', 'junior', 'senior'];

/** Returns the grade. Quirk of Ion: anyone outside grades 9 to 12 is a `graduate`, even a future freshman. */
export function gradeOf(
  { graduation_year }: Required<Person>,
  now: number,
): { number: number; name: string } {
  const number = graduation_year === null ? 13 : 12 + seniorYearOf(now) - graduation_year;
  return { number, name: GRADES[number - 9] ?? 'graduate' };
}

/** Returns the first and last name. Quirk of Ion: a name that is null becomes the word None. */
export function fullNameOf({ first_name, last_name }: Required<Person>): string {
  return `${first_name ?? 'None'} ${last_name ?? 'None'}`;
}

/** Whether Ion treats the person as a teacher. It treats counselors as teachers, too. */
export function isTeacher({ user_type }: Pick<Required<Person>, 'user_type'>): boolean {
  return user_type === 'teacher' || user_type === 'counselor';
}

/** Whether Ion lets the person see only their own profile. */
export function isRestricted({ user_type }: Required<Person>): boolean {
  return user_type === 'user' || user_type === 'alum' || user_type === 'service';
}

/** Whether the person may see what other people keep private: student IDs, photos and sign-ups. */
export function seesPrivateData(person: Required<Person>): boolean {
  return isTeacher(person) || person.is_eighth_admin;
}
