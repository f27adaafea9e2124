// The people that a local Ion was started with: checked, completed, and found by id or username.

import { wrongOption } from '../errors.js';
import type { Person, PersonType } from './people.js';

/** A person with every fact filled in, as Ion's database would hold them. */
export interface DirectoryEntry {
  readonly id: number;
  readonly ion_username: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly nickname: string | null;
  readonly title: string | null;
  readonly sex: string;
  readonly graduation_year: number | null;
  readonly user_type: PersonType;
  readonly tj_email: string;
  readonly student_id: number | null;
  /** Usernames, to be looked up. */
  readonly counselor: string | null;
  readonly administrator: string | null;
  readonly is_eighth_admin: boolean;
  readonly photo: boolean;
}

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

type Check = readonly [valid: (value: unknown) => boolean, must: string];

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const oneOf =
  (values: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && values.includes(value);
const orNull = ([valid, must]: Check): Check => [
  (value) => value === null || valid(value),
  `${must} or null`,
];

const TEXT: Check = [isText, 'be a string'];
const COUNT: Check = [isCount, 'be a positive whole number'];
const FLAG: Check = [isFlag, 'be true or false'];
const USERNAME: Check = [
  (value) => typeof value === 'string' && /^[A-Za-z0-9]+$/.test(value),
  'be a username of the letters A-Z, a-z and digits',
];

const FIELDS: Readonly<Record<keyof Person, Check>> = {
  id: COUNT,
  ion_username: USERNAME,
  first_name: orNull(TEXT),
  last_name: orNull(TEXT),
  nickname: orNull(TEXT),
  title: orNull([oneOf(TITLES), `be one of ${TITLES.join(', ')}`]),
  sex: [oneOf(SEXES), "be '', male, female or non-binary"],
  graduation_year: orNull(COUNT),
  user_type: [oneOf(TYPES), `be one of ${TYPES.join(', ')}`],
  tj_email: TEXT,
  student_id: orNull(COUNT),
  counselor: orNull(USERNAME),
  administrator: orNull(USERNAME),
  is_eighth_admin: FLAG,
  photo: FLAG,
};

/** Everyone whom a local Ion knows. */
export class Directory {
  /** In the order in which they were given. */
  readonly entries: readonly DirectoryEntry[];
  readonly #byID: ReadonlyMap<number, DirectoryEntry>;
  readonly #byUsername: ReadonlyMap<string, DirectoryEntry>;

  constructor(people: unknown) {
    const checked = checkAll(people);
    const ids = freeIDs(new Set(checked.flatMap(({ id }) => id ?? [])));
    this.entries = checked.map((person) => complete(person, ids));
    this.#byID = new Map(this.entries.map((entry) => [entry.id, entry]));
    this.#byUsername = new Map(
      this.entries.map((entry) => [entry.ion_username.toLowerCase(), entry]),
    );
    this.#checkReferences();
  }

  /** By primary key. */
  byID(id: number): DirectoryEntry | undefined {
    return this.#byID.get(id);
  }

  /** By username, in any case. */
  byUsername(username: string): DirectoryEntry | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  /** By what stands in a URL of the API: digits are an id, all else a username. */
  find(idOrUsername: string): DirectoryEntry | undefined {
    return /^\d+$/.test(idOrUsername)
      ? this.byID(Number(idOrUsername))
      : this.byUsername(idOrUsername);
  }

  /** As {@link Directory.find}, for who is named in code: an error where there is no such person. */
  named(idOrUsername: unknown): DirectoryEntry {
    const found =
      typeof idOrUsername === 'string' || typeof idOrUsername === 'number'
        ? this.find(String(idOrUsername))
        : undefined;
    if (found) return found;
    const known = this.entries.map(({ ion_username }) => ion_username).join(', ');
    throw wrongOption('the person', `must be the username or id of one of ${known}`, idOrUsername);
  }

  #checkReferences(): void {
    for (const [index, entry] of this.entries.entries()) {
      for (const field of ['counselor', 'administrator'] as const) {
        const username = entry[field];
        if (username !== null && !this.byUsername(username)) {
          throw wrongOption(`people[${index}].${field}`, 'names nobody in people', username);
        }
      }
    }
  }
}

function checkAll(people: unknown): readonly Person[] {
  if (!Array.isArray(people) || people.length === 0) {
    throw wrongOption('people', 'must be an array of at least one person', people);
  }
  const seen = new Set<string | number>();
  for (const [index, person] of people.entries()) {
    checkPerson(`people[${index}]`, person);
    const { id, ion_username } = person;
    for (const key of [ion_username.toLowerCase(), ...(id === undefined ? [] : [id])]) {
      if (seen.has(key)) throw wrongOption(`people[${index}]`, `is the second with ${String(key)}`);
      seen.add(key);
    }
  }
  // The cast: every one of them has been checked.
  return people as readonly Person[];
}

function checkPerson(where: string, person: unknown): asserts person is Person {
  if (typeof person !== 'object' || person === null || Array.isArray(person)) {
    throw wrongOption(where, 'must be an object', person);
  }
  if (!('ion_username' in person)) throw wrongOption(where, 'has no ion_username');
  for (const [field, value] of Object.entries(person)) {
    const check: Check | undefined = Object.hasOwn(FIELDS, field)
      ? FIELDS[field as keyof Person]
      : undefined;
    if (!check) {
      const known = Object.keys(FIELDS).join(', ');
      throw wrongOption(`${where}.${field}`, `is no fact that Ion holds; it may have ${known}`);
    }
    if (value !== undefined && !check[0](value)) {
      throw wrongOption(`${where}.${field}`, `must ${check[1]}`, value);
    }
  }
  if (person.ion_username === undefined) throw wrongOption(where, 'has no ion_username');
}

function* freeIDs(taken: ReadonlySet<number>): Generator<number, never> {
  for (let id = 1; ; id += 1) if (!taken.has(id)) yield id;
}

function complete(person: Person, ids: Generator<number, never>): DirectoryEntry {
  const user_type = person.user_type ?? 'student';
  const host = ['teacher', 'counselor'].includes(user_type) ? 'fcps.edu' : 'tjhsst.edu';
  return {
    id: person.id ?? ids.next().value,
    ion_username: person.ion_username,
    first_name: person.first_name ?? null,
    last_name: person.last_name ?? null,
    nickname: person.nickname ?? null,
    title: person.title ?? null,
    sex: person.sex ?? '',
    graduation_year: person.graduation_year ?? null,
    user_type,
    tj_email: person.tj_email ?? `${person.ion_username}@${host}`,
    student_id: person.student_id ?? null,
    counselor: person.counselor ?? null,
    administrator: person.administrator ?? null,
    is_eighth_admin: person.is_eighth_admin ?? false,
    photo: person.photo ?? true,
  };
}
