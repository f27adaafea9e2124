// The profile: what Ion sends, what Passport's users expect, and the pure function between them.

import { URL } from 'node:url';

import type { Endpoints } from './endpoints.js';
import { IonAppError, IonResponseError } from './errors.js';
import type { IonResponseErrorCode } from './errors.js';
import { isRecord } from './json.js';

/**
 * Ion's answer to `/api/profile`, word for word. It is `_json` of a profile: only its `id` has been
 * checked, the rest is what Ion promises.
 */
export interface IonProfileResponse {
  /** Ion's primary key. */
  id: number;
  /** The name that one signs in with. */
  ion_username?: string;
  /** `male`, `female`, `non-binary` or empty. */
  sex?: string;
  /** The stored key: `mr`, `ms`, `mrs`, `dr`, `mx`. */
  title?: string | null;
  /** First and last name. Where these are null, the words `None None`. */
  display_name?: string;
  /** The same as `display_name`. */
  full_name?: string;
  /** The same as `first_name`. */
  short_name?: string | null;
  /** Null where Ion knows none. */
  first_name?: string | null;
  /** Null where Ion knows none. */
  last_name?: string | null;
  /** Null where there is none. */
  nickname?: string | null;
  /** The address at fcps.edu or tjhsst.edu; guessed from the username where Ion knows none. */
  tj_email?: string;
  /** Sent only to teachers, counselors and eighth-period admins. */
  student_id?: number | null;
  /** `{ number: 13, name: 'graduate' }` for staff and for whoever has no graduation year, too. */
  grade?: {
    /** 9 to 12, 13 for graduates, 8 and below for who has yet to come. */
    number: number;
    /** `freshman`, `sophomore`, `junior`, `senior`, or `graduate`. */
    name: string;
  };
  /** Null for staff, and for whoever has none. */
  graduation_year?: number | null;
  /** See {@link IonUserType}. */
  user_type?: string;
  /** Null where there is none. */
  counselor?: IonPersonResponse | null;
  /** Left out by servers older than August 2026. */
  administrator?: IonPersonResponse | null;
  /** Loads only with an access token. */
  picture?: string;
  /** True for who runs eighth period. */
  is_eighth_admin?: boolean;
  /** True for teachers and for counselors. */
  is_teacher?: boolean;
  /** True only where `user_type` is `student`. */
  is_student?: boolean;
}

/** A counselor or an administrator inside Ion's answer. */
export interface IonPersonResponse {
  /** As `id` of their own profile. */
  id: number;
  /** Their profile in Ion's API. */
  url?: string;
  /** See {@link IonUserType}. */
  user_type?: string;
  /** The name that they sign in with. */
  username: string;
  /** First and last name. Where these are null, the words `None None`. */
  full_name?: string;
  /** Null where Ion knows none. */
  first_name?: string | null;
  /** Null where Ion knows none. */
  last_name?: string | null;
}

/** The kinds of people that Ion knows today; another string means a newer Ion. */
export type IonUserType =
  | 'student'
  | 'teacher'
  | 'counselor'
  | 'user'
  | 'simple_user'
  | 'tjstar_presenter'
  | 'alum'
  | 'service'
  // Any other string, without losing the editor's suggestions.
  | (string & {});

/** A counselor or an administrator. */
export interface IonPerson {
  /** As `id` of their own profile. */
  id: string;
  /** The name that they sign in with. */
  username: string;
  /** First and last name; the username where Ion knows neither. */
  displayName: string;
  /** Their page on Ion, for people who are signed in there. */
  profileUrl: string;
}

/**
 * Who signed in: Passport's normalised profile, and what Ion adds to it. What Ion does not send, or
 * sends in a form that it never had, is absent (or null, where the type has null).
 */
export interface IonProfile {
  /** Always `ion`. */
  provider: 'ion';
  /** Ion's primary key, in digits. The one to store: all else about a person may change. */
  id: string;
  /** The name that the person signs in to Ion with, such as `2027jdoe`. Unique. */
  username?: string;
  /** First and last name, never the nickname. The username where Ion knows no name. */
  displayName: string;
  /** Absent where Ion knows neither; where it knows one, the other is empty. */
  name?: {
    /** The first name. */
    givenName: string;
    /** The last name. */
    familyName: string;
  };
  /** What the person is called by friends. */
  nickname?: string;
  /** Ion's key for the title: `mr`, `ms`, `mrs`, `dr` or `mx`. */
  title?: string;
  /**
   * One address, at fcps.edu or tjhsst.edu. Ion guesses it from the username where it knows none,
   * so it proves nothing: know people by `id`.
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
  /** What to tell students from staff by, rather than `grade`. */
  userType?: IonUserType;
  /** True for students of today only: an alumnus is neither student nor teacher. */
  isStudent?: boolean;
  /** True for teachers **and counselors**. */
  isTeacher?: boolean;
  /** Whether the person runs eighth period. */
  isEighthAdmin?: boolean;
  /** Null for staff, and for whoever has none. */
  graduationYear: number | null;
  /**
   * The grade of a student of the school, 9 to 12, else null: Ion calls everybody else `graduate`,
   * staff and incoming eighth-graders included. It changes on 1 August.
   */
  grade: {
    /** Of the school year that ends next. */
    number: 9 | 10 | 11 | 12;
    /** `freshman`, `sophomore`, `junior` or `senior`. */
    name: string;
  } | null;
  /** Sent only where the person who signed in is a teacher, a counselor or an eighth-period admin. */
  studentID?: number;
  /** Null where there is none. */
  counselor: IonPerson | null;
  /** Null where there is none; absent where Ion is older than August 2026. */
  administrator?: IonPerson | null;
  /** Ion's answer, as text. */
  _raw: string;
  /** Ion's answer, as data. */
  _json: IonProfileResponse;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The profile in Ion's JSON text.
 *
 * @throws {@link IonResponseError} (`ERR_ION_NOT_JSON`, `ERR_ION_PROFILE`) where the text names nobody.
 */
export function toIonProfile(raw: string, endpoints: Endpoints): IonProfile {
  const json = parse(raw);
  if (!isRecord(json)) throw unusable('is no JSON object');
  const id = idIn(json['id']);
  if (id === undefined) throw unusable('has no usable id');
  const username = textIn(json['ion_username']);
  const profile: IonProfile = {
    provider: 'ion',
    id,
    displayName: displayNameIn(json, 'display_name') ?? username ?? id,
    profileUrl: endpoints.person(id),
    graduationYear: integerIn(json['graduation_year']) ?? null,
    grade: gradeIn(json['grade']),
    counselor: personIn(json['counselor'], endpoints),
    ...present({
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
    // The cast: Ion's promise, of which `id` has been checked; see IonProfileResponse.
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
 * Ion's names for what identifies or authorizes a person, and ours. Code that was written for Ion's
 * response and finds `undefined` under these names may sign in the wrong person, for example by an
 * ORM's `findFirst({ where: { username: undefined } })`.
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

/** The names of {@link OUR_NAMES} that are Ion's. */
// The cast: Object.keys gives the names as mere strings.
export const RAW_FIELDS: readonly RawField[] = Object.keys(OUR_NAMES) as RawField[];

/**
 * Property descriptors that throw an {@link IonAppError} when one of the fields is read. They are not
 * enumerable, so JSON, a spread and structuredClone leave them out. A field can still be set.
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
    // The parser's message quotes the text, so it is not the cause.
    if (error instanceof SyntaxError) throw unusable('is not JSON', 'ERR_ION_NOT_JSON');
    throw unusable('is nested too deep');
  }
}

// An app may copy `_json` with Object.assign, which would take a prototype from this key. (By a
// reviver, the parser would take five times as long.)
function removePrototypes(json: unknown): void {
  if (typeof json !== 'object' || json === null) return;
  Reflect.deleteProperty(json, '__proto__');
  for (const value of Object.values(json)) removePrototypes(value);
}

function unusable(how: string, code: IonResponseErrorCode = 'ERR_ION_PROFILE'): IonResponseError {
  const message = `The profile that Ion sent ${how}, so nobody is known by it: check that baseURL is Ion, or try again later`;
  return new IonResponseError(code, message, 200);
}

// An integer on Ion; one that JavaScript would round could be another person's.
function idIn(value: unknown): string | undefined {
  const id = typeof value === 'string' && /^[1-9]\d*$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(id) && Number(id) > 0 ? String(id) : undefined;
}

// Ion writes null names as the word None, so "None None" is nobody's name unless it is somebody's.
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

// The fields that are there: a key that holds undefined is a key all the same.
function present<T extends object>(fields: T): Present<T> {
  // The cast: what was filtered out is what the type leaves out.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
