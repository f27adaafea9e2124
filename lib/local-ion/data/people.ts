// Who there is at the local Ion, unless told otherwise. All of them are invented.

/** What kind of person somebody is to Ion. */
export type PersonType =
  | 'student'
  | 'teacher'
  | 'counselor'
  | 'user'
  | 'simple_user'
  | 'tjstar_presenter'
  | 'alum'
  | 'service';

/**
 * A person, in the facts that Ion holds about them, under Ion's own names. All else in their profile
 * (`display_name`, `grade`, `picture`, …) follows from these as it does on Ion.
 */
export interface Person {
  /** The primary key. Default: the lowest number from 1 that is free. */
  readonly id?: number;
  /** What they sign in with: `A-Za-z0-9`, unique in any case. */
  readonly ion_username: string;
  /** The first name. Default null. */
  readonly first_name?: string | null;
  /** The last name. Default null. Where both are null, Ion says `None None`. */
  readonly last_name?: string | null;
  /** What they are called by friends. Default null. */
  readonly nickname?: string | null;
  /** Ion's key for the title. Default null. */
  readonly title?: 'mr' | 'ms' | 'mrs' | 'dr' | 'mx' | null;
  /** Empty where Ion does not know. Default empty. */
  readonly sex?: '' | 'male' | 'female' | 'non-binary';
  /** The year of graduation. Default null. The grade follows from it: 13 without one. */
  readonly graduation_year?: number | null;
  /** What kind of person they are. Default `student`. `user`, `alum` and `service` are restricted: they see themselves only. */
  readonly user_type?: PersonType;
  /** The address. Default, as Ion guesses: at fcps.edu for teachers and counselors, at tjhsst.edu for all others. */
  readonly tj_email?: string;
  /** The number of a student. Default null. Shown only to teachers, counselors and eighth-period admins. */
  readonly student_id?: number | null;
  /** The `ion_username` of another person. Default null. */
  readonly counselor?: string | null;
  /** The `ion_username` of another person. Default null. */
  readonly administrator?: string | null;
  /** Whether they run eighth period. Default false. */
  readonly is_eighth_admin?: boolean;
  /** Whether there is a photo of them; without, their picture is a grey outline. Default true. */
  readonly photo?: boolean;
}

/**
 * The people of the local Ion: one for each shape that a profile can have. Graduation years are
 * fixed, so grades move on with the years as they do at school; in the school year that ends in
 * 2027, `2027jdoe` is a senior and `2031mlee` has yet to come.
 */
export const people: readonly Person[] = [
  {
    id: 6,
    ion_username: '2027jdoe',
    first_name: 'Jane',
    last_name: 'Doe',
    sex: 'female',
    graduation_year: 2027,
    student_id: 1500006,
    counselor: 'cbravo',
    administrator: 'adelta',
  },
  {
    id: 3,
    ion_username: '2028znunez',
    first_name: 'Zoë',
    last_name: 'Núñez-Łukasik',
    nickname: '小梅',
    sex: 'female',
    graduation_year: 2028,
    student_id: 1500003,
    counselor: 'cbravo',
    administrator: 'adelta',
  },
  {
    id: 9,
    ion_username: '2031mlee',
    first_name: 'Minh',
    last_name: 'Lê',
    sex: 'male',
    graduation_year: 2031,
    student_id: 1500009,
  },
  { id: 5, ion_username: 'nonames', photo: false },
  {
    id: 4,
    ion_username: 'jteacher',
    first_name: 'José',
    last_name: "O'Teach",
    title: 'dr',
    sex: 'male',
    user_type: 'teacher',
  },
  {
    id: 2,
    ion_username: 'adelta',
    first_name: 'Avery',
    last_name: 'Delta',
    title: 'mx',
    sex: 'non-binary',
    user_type: 'teacher',
  },
  {
    id: 1,
    ion_username: 'cbravo',
    first_name: 'Carmen',
    last_name: 'Bravo',
    title: 'ms',
    sex: 'female',
    user_type: 'counselor',
  },
  {
    id: 7,
    ion_username: 'roak',
    first_name: 'Riley',
    last_name: 'Oak',
    nickname: '<Oak & Ash>',
    title: 'mrs',
    sex: 'female',
    user_type: 'teacher',
    is_eighth_admin: true,
  },
  {
    id: 8,
    ion_username: '2024sali',
    first_name: 'Samira',
    last_name: 'Ali',
    sex: 'female',
    graduation_year: 2024,
    user_type: 'alum',
    student_id: 1500008,
  },
];
