// The local Ion's default people. All of them are made up.

/** The types of people that Ion distinguishes. */
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
 * What Ion knows about a person, with Ion's own field names. The rest of their profile (`display_name`,
 * `grade`, `picture`, …) is computed from these fields, as on Ion.
 */
export interface Person {
  /** Ion's id for the person. Default: the lowest number, from 1 up, that no one else has. */
  readonly id?: number;
  /** The username: letters `A-Z` and `a-z`, and digits. It must be unique, even if case is ignored. */
  readonly ion_username: string;
  /** Default null. */
  readonly first_name?: string | null;
  /** The last name. Default null. Ion shows the word `None` for a first or last name that is null. */
  readonly last_name?: string | null;
  /** Default null. */
  readonly nickname?: string | null;
  /** The title, in Ion's spelling. Default null. */
  readonly title?: 'mr' | 'ms' | 'mrs' | 'dr' | 'mx' | null;
  /** The default is an empty string, which means that Ion does not know the person's sex. */
  readonly sex?: '' | 'male' | 'female' | 'non-binary';
  /** Default null. Ion computes the grade from the graduation year. Without one, the grade is 13. */
  readonly graduation_year?: number | null;
  /** Default `student`. `user`, `alum` and `service` are restricted: they can see no profile except their own. */
  readonly user_type?: PersonType;
  /**
   * The school email address. The default is Ion's guess: the username at fcps.edu for teachers and counselors,
   * at tjhsst.edu for everyone else.
   */
  readonly tj_email?: string;
  /** The student ID. Default null. Ion shows it only to teachers, counselors and eighth-period admins. */
  readonly student_id?: number | null;
  /** The `ion_username` of the person's counselor. Default null. */
  readonly counselor?: string | null;
  /** The `ion_username` of the person's administrator. Default null. */
  readonly administrator?: string | null;
  /** Whether they are an eighth-period admin. Default false. */
  readonly is_eighth_admin?: boolean;
  /** Whether Ion has a photo of them. Default true. Without a photo, their picture is a gray outline. */
  readonly photo?: boolean;
  /**
   * Whether they and a parent let everyone see their photo. With the default, false, only they themselves,
   * teachers, counselors and eighth-period admins get the photo; everyone else gets a gray outline.
   */
  readonly show_pictures?: boolean;
  /**
   * Whether they and a parent let everyone see their eighth-period sign-ups. With the default, false, only they
   * themselves, teachers, counselors and eighth-period admins can see them.
   */
  readonly show_eighth?: boolean;
}

/**
 * The local Ion's default people, one for each kind of profile. Graduation years are fixed, so their grades
 * advance every August: in the 2026–27 school year, `2027jdoe` is a senior and `2031mlee` is not a freshman
 * yet. Only `2028znunez` lets everyone see her photo and her sign-ups.
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
    show_pictures: true,
    show_eighth: true,
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
