// Checks the people on a local Ion, fills in their default values, and finds them by id or username.

import { wrongOption } from '../errors.js';
import { seniorYearOf } from './new-york-time.js';
import type { Person, PersonType } from './people.js';

/** A person with every field filled in. */
export type DirectoryEntry = Required<Person>;

const TYPES: readonly string[] = [
  'student',
  'teacher',
  'counselor',
  'user',
  'simple_user',
  'tjstar_presenter',
  'alum',
  'service',
] satisfies PersonType[];

const TITLES: readonly string[] = ['mr', 'ms', 'mrs', 'dr', 'mx'];
const SEXES: readonly string[] = ['', 'male', 'female', 'non-binary'];

/** The names of grades 9 to 12, in order. */
export const GRADES: readonly string[] = ['freshman', 'sophomore', 'junior', 'senior'];

/** A rule for the values of a field. In the error message, the words in `must` follow “must”. */
interface Kind {
  readonly must: string;
  readonly isValid: (value: unknown) => boolean;
}

const TEXT: Kind = { must: 'be a string', isValid: (value) => typeof value === 'string' };
const FLAG: Kind = { must: 'be true or false', isValid: (value) => typeof value === 'boolean' };
const COUNT: Kind = {
  must: 'be a positive whole number',
  isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0,
};
const USERNAME: Kind = {
  must: 'be a username of the letters A-Z, a-z and digits',
  isValid: (value) => typeof value === 'string' && /^[A-Za-z0-9]+$/.test(value),
};

function oneOf(values: readonly string[], must = `be one of ${values.join(', ')}`): Kind {
  return { must, isValid: (value) => typeof value === 'string' && values.includes(value) };
}

function orNull({ must, isValid }: Kind): Kind {
  return { must: `${must} or null`, isValid: (value) => value === null || isValid(value) };
}

interface Field<Value> {
  readonly kind: Kind;
  /** The default value. A field without a default is either required or computed by `complete`. */
  readonly fallback?: Value;
}

const FIELDS: { readonly [Name in keyof Person]-?: Field<DirectoryEntry[Name]> } = {
  id: { kind: COUNT },
  ion_username: { kind: USERNAME },
  first_name: { kind: orNull(TEXT), fallback: null },
  last_name: { kind: orNull(TEXT), fallback: null },
  nickname: { kind: orNull(TEXT), fallback: null },
  title: { kind: orNull(oneOf(TITLES)), fallback: null },
  sex: { kind: oneOf(SEXES, "be '', male, female or non-binary"), fallback: '' },
  graduation_year: { kind: orNull(COUNT), fallback: null },
  user_type: { kind: oneOf(TYPES), fallback: 'student' },
  tj_email: { kind: TEXT },
  student_id: { kind: orNull(COUNT), fallback: null },
  counselor: { kind: orNull(USERNAME), fallback: null },
  administrator: { kind: orNull(USERNAME), fallback: null },
  is_eighth_admin: { kind: FLAG, fallback: false },
  photo: { kind: FLAG, fallback: true },
  show_pictures: { kind: FLAG, fallback: false },
  show_eighth: { kind: FLAG, fallback: false },
};

const DEFAULTS = Object.fromEntries(
  Object.entries(FIELDS).map(([name, { fallback }]) => [name, fallback]),
);

/** The maximum number of usernames in an error message. */
const MAX_LISTED_NAMES = 20;

/** Returns the grade. Quirk of Ion: anyone outside grades 9 to 12 is a `graduate`, even a future freshman. */
export function gradeOf(
  { graduation_year }: DirectoryEntry,
  now: number,
): { number: number; name: string } {
  const number = graduation_year === null ? 13 : 12 + seniorYearOf(now) - graduation_year;
  return { number, name: GRADES[number - 9] ?? 'graduate' };
}

/** Returns the first and last name. Quirk of Ion: a name that is null becomes the word None. */
export function fullNameOf({ first_name, last_name }: DirectoryEntry): string {
  return `${first_name ?? 'None'} ${last_name ?? 'None'}`;
}

/** Whether Ion treats the person as a teacher. It treats counselors as teachers, too. */
export function isTeacher({ user_type }: Pick<DirectoryEntry, 'user_type'>): boolean {
  return user_type === 'teacher' || user_type === 'counselor';
}

/** Whether Ion lets the person see only their own profile. */
export function isRestricted({ user_type }: DirectoryEntry): boolean {
  return user_type === 'user' || user_type === 'alum' || user_type === 'service';
}

/** Whether the person may see what other people keep private: student IDs, photos and sign-ups. */
export function seesPrivateData(person: DirectoryEntry): boolean {
  return isTeacher(person) || person.is_eighth_admin;
}

/** All the people on one local Ion. */
export class Directory {
  /** In the order of the `people` option. */
  readonly entries: readonly DirectoryEntry[];
  readonly #byID: ReadonlyMap<number, DirectoryEntry>;
  readonly #byUsername: ReadonlyMap<string, DirectoryEntry>;

  constructor(people: unknown) {
    const checked = checkPeople(people);
    const ids = freeIDs(new Set(checked.flatMap(({ id }) => id ?? [])));
    this.entries = checked.map((person) => complete(person, ids));
    this.#byID = new Map(this.entries.map((entry) => [entry.id, entry]));
    this.#byUsername = new Map(
      this.entries.map((entry) => [entry.ion_username.toLowerCase(), entry]),
    );
    this.#checkReferences();
  }

  /** Finds a person by id. */
  byID(id: number): DirectoryEntry | undefined {
    return this.#byID.get(id);
  }

  /** Finds a person by username, ignoring case. */
  byUsername(username: string): DirectoryEntry | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  /** Finds a person by id or username. A string of digits is an id; anything else is a username. */
  find(idOrUsername: string): DirectoryEntry | undefined {
    return /^\d+$/.test(idOrUsername)
      ? this.byID(Number(idOrUsername))
      : this.byUsername(idOrUsername);
  }

  /**
   * Like {@link Directory.find}, but throws if there is no such person. The error lists the usernames. If the
   * argument was left out, the error also shows a correct call, which `call` writes with one of the usernames.
   */
  findOrThrow(idOrUsername: unknown, call: (username: string) => string): DirectoryEntry {
    const found =
      typeof idOrUsername === 'string' || typeof idOrUsername === 'number'
        ? this.find(String(idOrUsername))
        : undefined;
    if (found) return found;
    const listed = this.entries.slice(0, MAX_LISTED_NAMES).map(({ ion_username }) => ion_username);
    const more = this.entries.length > listed.length ? ', …' : '';
    const anyone = `the username or id of one of ${listed.join(', ')}${more}`;
    if (idOrUsername === undefined) {
      const example = call(listed[0] ?? '');
      throw wrongOption('the person', `is missing: call ${example}, with ${anyone}`);
    }
    throw wrongOption('the person', `must be ${anyone}`, idOrUsername);
  }

  #checkReferences(): void {
    for (const [index, entry] of this.entries.entries()) {
      for (const field of ['counselor', 'administrator'] as const) {
        const username = entry[field];
        if (username !== null && !this.byUsername(username)) {
          throw wrongOption(
            `people[${index}].${field}`,
            'must be the ion_username of someone in people',
            username,
          );
        }
      }
    }
  }
}

function checkPeople(people: unknown): readonly Person[] {
  if (!Array.isArray(people) || people.length === 0) {
    throw wrongOption('people', 'must be an array of at least one person', people);
  }
  const seen = new Set<string | number>();
  for (const [index, person] of people.entries()) {
    checkPerson(`people[${index}]`, person);
    const { id, ion_username } = person;
    for (const key of [ion_username.toLowerCase(), ...(id === undefined ? [] : [id])]) {
      if (seen.has(key))
        throw wrongOption(`people[${index}]`, 'has the username or id of an earlier person', key);
      seen.add(key);
    }
  }
  // The cast is safe because every person has been checked.
  return people as readonly Person[];
}

function checkPerson(path: string, person: unknown): asserts person is Person {
  if (typeof person !== 'object' || person === null || Array.isArray(person)) {
    throw wrongOption(path, 'must be an object', person);
  }
  if (!('ion_username' in person) || person.ion_username === undefined) {
    throw wrongOption(path, 'has no ion_username');
  }
  for (const [field, value] of Object.entries(person)) {
    if (!isField(field)) {
      const known = Object.keys(FIELDS).join(', ');
      throw wrongOption(`${path}.${field}`, `is not a field of a person; the fields are ${known}`);
    }
    const { must, isValid } = FIELDS[field].kind;
    if (value !== undefined && !isValid(value)) {
      throw wrongOption(`${path}.${field}`, `must ${must}`, value);
    }
  }
}

function isField(name: string): name is keyof Person {
  return Object.hasOwn(FIELDS, name);
}

function* freeIDs(taken: ReadonlySet<number>): Generator<number, never> {
  for (let id = 1; ; id += 1) if (!taken.has(id)) yield id;
}

function complete(person: Person, ids: Generator<number, never>): DirectoryEntry {
  const { user_type = 'student', ion_username } = person;
  const entry: Record<string, unknown> = {
    ...DEFAULTS,
    id: person.id ?? ids.next().value,
    tj_email: `${ion_username}@${isTeacher({ user_type }) ? 'fcps.edu' : 'tjhsst.edu'}`,
  };
  for (const [name, value] of Object.entries(person)) if (value !== undefined) entry[name] = value;
  // The cast is safe because every field now has a value: a given one, the default, or one computed above.
  return entry as unknown as DirectoryEntry;
}
