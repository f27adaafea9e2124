// Turns Ion's profile response into a profile in Passport's form, and defines the types of both.

import { URL } from 'node:url';

import type { Endpoints } from './endpoints.js';
import { IonAppError, IonResponseError } from './errors.js';
import type { IonResponseErrorCode } from './errors.js';
import { isRecord } from './json.js';

/**
 * Ion's response to a request for `/api/profile`, unchanged: the `_json` of a profile. Only its `id` has
 * been checked; the rest is what Ion promises.
 */
export interface IonProfileResponse {
  /** Ion's primary key. */
  id: number;
  /** The name that the person signs in to Ion with. */
  ion_username?: string;
  /** The gender: `male`, `female`, `non-binary` or empty. */
  sex?: string;
  /** The title as Ion stores it: `mr`, `ms`, `mrs`, `dr` or `mx`; null if there is none. */
  title?: string | null;
  /** First and last name. If either is null, Ion writes it as `None`. */
  display_name?: string;
  /** The same as `display_name`. */
  full_name?: string;
  /** The same as `first_name`. */
  short_name?: string | null;
  /** The first name. Null if Ion has none. */
  first_name?: string | null;
  /** The last name. Null if Ion has none. */
  last_name?: string | null;
  /** The nickname. Null if there is none. */
  nickname?: string | null;
  /** The address at fcps.edu or tjhsst.edu; guessed from the username if Ion has none. */
  tj_email?: string;
  /** The student ID, which Ion sends only to teachers, counselors and eighth-period admins. */
  student_id?: number | null;
  /**
   * The person's grade: `{ number: 13, name: 'graduate' }` for graduates, staff, and anyone without a
   * graduation year.
   */
  grade?: {
    /**
     * 9 to 12; 13 for graduates, staff, and anyone without a graduation year; 8 or less for future students.
     */
    number: number;
    /** `freshman`, `sophomore`, `junior` or `senior`; `graduate` for everyone else. */
    name: string;
  };
  /** The year of graduation. Null for staff and anyone else without one. */
  graduation_year?: number | null;
  /** See {@link IonUserType}. */
  user_type?: string;
  /** The person's counselor. Null if there is none. */
  counselor?: IonPersonResponse | null;
  /** The person's administrator. Null if there is none. Absent in Ion's responses before August 2026. */
  administrator?: IonPersonResponse | null;
  /** The URL of the picture, which loads only with an access token. */
  picture?: string;
  /** True for people who run eighth period. */
  is_eighth_admin?: boolean;
  /** True for teachers and for counselors. */
  is_teacher?: boolean;
  /** True only if `user_type` is `student`. */
  is_student?: boolean;
}

/** A counselor or an administrator in Ion's response. */
export interface IonPersonResponse {
  /** The `id` of their own profile. */
  id: number;
  /** The URL of their profile in Ion's API. */
  url?: string;
  /** See {@link IonUserType}. */
  user_type?: string;
  /** The name that they sign in with. */
  username: string;
  /** First and last name. If either is null, Ion writes it as `None`. */
  full_name?: string;
  /** The first name. Null if Ion has none. */
  first_name?: string | null;
  /** The last name. Null if Ion has none. */
  last_name?: string | null;
}

/** The kinds of users in Ion today. A newer version of Ion might send other strings. */
export type IonUserType =
  | 'student'
  | 'teacher'
  | 'counselor'
  | 'user'
  | 'simple_user'
  | 'tjstar_presenter'
  | 'alum'
  | 'service'
  // Any other string, written in this way so that editors still suggest those above.
  | (string & {});

/** A counselor or an administrator. */
export interface IonPerson {
  /** The `id` of their own profile. */
  id: string;
  /** The name that they sign in with. */
  username: string;
  /** First and last name; the username if Ion has neither. */
  displayName: string;
  /** Their page on Ion, for people who are signed in there. */
  profileUrl: string;
}

/**
 * The person who signed in: Passport's normalized profile, and what Ion adds to it. A field that Ion does
 * not send, or sends in an unknown form, is absent (or null, if its type has null). Reading one of Ion's
 * raw names, such as `profile.is_student`, throws an {@link IonAppError} that names the field to use.
 */
export interface IonProfile {
  /** Always `ion`. */
  provider: 'ion';
  /** Ion's primary key, as a string of digits. Store this: everything else about a person can change. */
  id: string;
  /** The name that the person signs in to Ion with, such as `2027jdoe`. Unique. */
  username?: string;
  /** First and last name, never the nickname. The username if Ion has no name. */
  displayName: string;
  /** First and last name. Absent if Ion has neither; if it has only one, the other is empty. */
  name?: {
    /** The first name. */
    givenName: string;
    /** The last name. */
    familyName: string;
  };
  /** What friends call the person. */
  nickname?: string;
  /** The title as Ion stores it: `mr`, `ms`, `mrs`, `dr` or `mx`. Absent if there is none. */
  title?: string;
  /**
   * One address, at fcps.edu or tjhsst.edu. If Ion has none, it guesses one from the username, so the
   * address proves nothing: identify people by `id`.
   */
  emails?: {
    /** The address. */
    value: string;
  }[];
  /**
   * One picture. It loads only with an access token, so a page cannot show it by this URL: fetch it
   * with {@link IonAPI.picture} and serve it yourself.
   */
  photos?: {
    /** The URL. */
    value: string;
  }[];
  /** The person's page on Ion, for people who are signed in there. */
  profileUrl: string;
  /** Use this, rather than `grade`, to tell students from staff. */
  userType?: IonUserType;
  /** True only for current students: an alumnus is neither a student nor a teacher. */
  isStudent?: boolean;
  /** True for teachers **and counselors**. */
  isTeacher?: boolean;
  /** Whether the person runs eighth period. */
  isEighthAdmin?: boolean;
  /** The year of graduation. Null for staff and anyone else without one. */
  graduationYear: number | null;
  /**
   * The grade of a current student, 9 to 12. Null for everyone else, including staff and future
   * freshmen: Ion labels them all `graduate`. Grades change on August 1.
   */
  grade: {
    /** The grade in the current school year, counted from August 1. */
    number: 9 | 10 | 11 | 12;
    /** `freshman`, `sophomore`, `junior` or `senior`. */
    name: string;
  } | null;
  /**
   * The student ID, which Ion sends only if the person who signed in is a teacher, a counselor or an
   * eighth-period admin.
   */
  studentID?: number;
  /** The person's counselor. Null if there is none. */
  counselor: IonPerson | null;
  /** The person's administrator. Null if there is none; absent if Ion is older than August 2026. */
  administrator?: IonPerson | null;
  /** Ion's response, as text. */
  _raw: string;
  /** Ion's response, as an object. */
  _json: IonProfileResponse;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Creates a profile from Ion's JSON text.
 *
 * @throws {@link IonResponseError} (`ERR_ION_NOT_JSON`, `ERR_ION_PROFILE`) if the text does not identify a
 *   person.
 */
export function toIonProfile(raw: string, endpoints: Endpoints): IonProfile {
  const json = parse(raw);
  if (!isRecord(json)) throw unusableProfileError('is not a JSON object');
  const id = idIn(json['id']);
  if (id === undefined) throw unusableProfileError('has no usable id');
  const username = textIn(json['ion_username']);
  const profile: IonProfile = {
    provider: 'ion',
    id,
    displayName: displayNameIn(json, 'display_name') ?? username ?? id,
    profileUrl: endpoints.person(id),
    graduationYear: integerIn(json['graduation_year']) ?? null,
    grade: gradeIn(json['grade']),
    counselor: personIn(json['counselor'], endpoints),
    ...omitUndefined({
      username,
      name: nameIn(json),
      nickname: textIn(json['nickname']),
      title: textIn(json['title']),
      emails: listOf(textIn(json['tj_email'])),
      photos: listOf(webAddressIn(json['picture'])),
      userType: textIn(json['user_type']),
      isStudent: booleanIn(json['is_student']),
      isTeacher: booleanIn(json['is_teacher']),
      isEighthAdmin: booleanIn(json['is_eighth_admin']),
      studentID: integerIn(json['student_id']),
      administrator:
        json['administrator'] === undefined
          ? undefined
          : personIn(json['administrator'], endpoints),
    }),
    _raw: raw,
    // Cast because only `id` has been checked, and the rest is what Ion promises: see IonProfileResponse.
    _json: json as unknown as IonProfileResponse,
  };
  return Object.defineProperties(profile, THROW_ON_RAW_FIELDS);
}

type RawField = Extract<
  keyof IonProfileResponse,
  | 'ion_username'
  | 'tj_email'
  | 'first_name'
  | 'last_name'
  | 'is_student'
  | 'is_teacher'
  | 'is_eighth_admin'
  | 'user_type'
  | 'graduation_year'
  | 'student_id'
>;

/**
 * Our names for the fields that identify or authorize a person, by Ion's names. Reading one of Ion's names
 * from the profile throws an error. If its value were just `undefined`, code written for Ion's response
 * could sign in the wrong person, for example with an ORM's
 * `findFirst({ where: { username: undefined } })`.
 */
const OUR_NAMES: Readonly<Record<RawField, string>> = {
  ion_username: 'username',
  tj_email: 'emails[0].value',
  first_name: 'name.givenName',
  last_name: 'name.familyName',
  is_student: 'isStudent',
  is_teacher: 'isTeacher',
  is_eighth_admin: 'isEighthAdmin',
  user_type: 'userType',
  graduation_year: 'graduationYear',
  student_id: 'studentID',
};

/** Ion's names, which are the keys of {@link OUR_NAMES}. */
// Cast because Object.keys returns the names as plain strings.
export const RAW_FIELDS: readonly RawField[] = Object.keys(OUR_NAMES) as RawField[];

/**
 * Returns property descriptors that throw an {@link IonAppError} when one of `fields` is read. The properties
 * are not enumerable, so JSON, spreads, and structuredClone leave them out. They can still be set.
 */
export function throwOnRead<Field extends string>(
  fields: readonly Field[],
  messageFor: (field: Field) => string,
): PropertyDescriptorMap {
  const descriptors = fields.map((field): [string, PropertyDescriptor] => [
    field,
    {
      configurable: true,
      get() {
        throw new IonAppError(messageFor(field));
      },
      set(this: object, value: unknown) {
        const data = { value, writable: true, enumerable: true, configurable: true };
        Object.defineProperty(this, field, data);
      },
    },
  ]);
  return Object.fromEntries(descriptors);
}

const THROW_ON_RAW_FIELDS = throwOnRead(
  RAW_FIELDS,
  (field) =>
    `This is Passport's profile, which has no ${field}: read profile.${OUR_NAMES[field]}, or Ion's own response, profile._json.${field}`,
);

function parse(raw: string): unknown {
  try {
    const json: unknown = JSON.parse(raw);
    removePrototypes(json);
    return json;
  } catch (error) {
    // The parser's error is not passed on as the cause, because its message quotes the text.
    if (error instanceof SyntaxError) throw unusableProfileError('is not JSON', 'ERR_ION_NOT_JSON');
    throw unusableProfileError('is nested too deeply');
  }
}

// Deletes each key `__proto__`: if an app copied `_json` with Object.assign, such a key would change the
// copy's prototype. (A reviver could delete them too, but JSON.parse would take five times as long.)
function removePrototypes(json: unknown): void {
  if (typeof json !== 'object' || json === null) return;
  if (Object.hasOwn(json, '__proto__')) Reflect.deleteProperty(json, '__proto__');
  const values: unknown[] = Object.values(json);
  for (const value of values) if (typeof value === 'object') removePrototypes(value);
}

function unusableProfileError(
  how: string,
  code: IonResponseErrorCode = 'ERR_ION_PROFILE',
): IonResponseError {
  const message = `The profile that Ion sent ${how}, so it identifies nobody: check that baseURL is Ion, or try again later`;
  return new IonResponseError(code, message, 200);
}

// Ion's ids are integers. JavaScript rounds large ones, and the result could be another person's id, so
// they are refused.
function idIn(value: unknown): string | undefined {
  const id = typeof value === 'string' && /^[1-9]\d*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(id) && Number(id) > 0 ? String(id) : undefined;
}

// Ion writes a null first or last name as the word None. If the display name is just the two parts put
// together that way, the parts that are not null are used instead.
function displayNameIn(json: Json, key: 'display_name' | 'full_name'): string | undefined {
  const [first, last] = [textIn(json['first_name']), textIn(json['last_name'])];
  const shown = textIn(json[key])?.trim();
  const known = [first, last].filter((part) => part !== undefined).join(' ') || undefined;
  return shown === `${first ?? 'None'} ${last ?? 'None'}` ? known : (shown ?? known);
}

function nameIn(json: Json): IonProfile['name'] | undefined {
  const [first, last] = [textIn(json['first_name']), textIn(json['last_name'])];
  if (first === undefined && last === undefined) return undefined;
  return { givenName: first ?? '', familyName: last ?? '' };
}

function gradeIn(value: unknown): IonProfile['grade'] {
  if (!isRecord(value)) return null;
  const number = value['number'];
  const name = textIn(value['name']);
  if (number !== 9 && number !== 10 && number !== 11 && number !== 12) return null;
  return name === undefined ? null : { number, name };
}

function personIn(value: unknown, endpoints: Endpoints): IonPerson | null {
  if (!isRecord(value)) return null;
  const id = idIn(value['id']);
  const username = textIn(value['username']);
  if (id === undefined || username === undefined) return null;
  const displayName = displayNameIn(value, 'full_name') ?? username;
  return { id, username, displayName, profileUrl: endpoints.person(id) };
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function integerIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function booleanIn(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function webAddressIn(value: unknown): string | undefined {
  const text = textIn(value);
  return text !== undefined && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)
    ? text
    : undefined;
}

function listOf(value: string | undefined): { value: string }[] | undefined {
  return value === undefined ? undefined : [{ value }];
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

// Leaves out the fields that are undefined, since `in` and Object.keys would find them. It uses a loop,
// since Object.fromEntries would take five times as long.
function omitUndefined<T extends object>(fields: T): Present<T> {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) present[name] = value;
  // The cast is safe because the type leaves out the same fields as the loop.
  return present as Present<T>;
}
