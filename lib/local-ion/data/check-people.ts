// Checks the `people` option: every field of every person, and that no two people have the same id or username.

import { wrongOption } from '../errors.js';
import type { Person, PersonType } from './people.js';

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

const FIELDS: { readonly [Name in keyof Person]-?: Field<Required<Person>[Name]> } = {
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

/** The default values of the fields that have one. */
export const DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(FIELDS).map(([name, { fallback }]) => [name, fallback]),
);

/** Throws unless `people` can be the people on a local Ion. */
export function checkPeople(people: unknown): readonly Person[] {
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
