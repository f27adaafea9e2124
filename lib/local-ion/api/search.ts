// The API view that searches for people, with Ion's small query language.

import { isUnrestricted, READ_METHODS, urlAt } from './view.js';
import type { View } from './view.js';
import { gradeOf } from '../data/person-rules.js';
import type { Directory, DirectoryEntry } from '../data/directory.js';
import { seniorYearOf } from '../data/new-york-time.js';
import { paginate } from './pagination.js';
import { personInBrief } from './people.js';

type Condition = (person: DirectoryEntry) => boolean;
type Values = readonly (string | number | null | undefined)[];

/** The view for `/api/search/<query>`. */
export const searchView: View = {
  name: 'Search',
  description: 'Finds people by name, nickname, username or ID, and by operators such as last:Doe.',
  methods: READ_METHODS,
  permits: isUnrestricted,
  get: (ion, request) => {
    const now = ion.now();
    const matches = parseQuery(request.parameters['query'] ?? '', ion.directory, now);
    const found = ion.directory.entries
      // Like Ion, leave service accounts out.
      .filter((person) => person.user_type !== 'service' && matches(person))
      .sort((one, other) => one.id - other.id);
    const shown = found.map((person) => {
      const brief = personInBrief(person, urlAt(request, `/profile/${person.id}`));
      return person.user_type === 'student' ? { ...brief, grade: gradeOf(person, now) } : brief;
    });
    return paginate(shown, 50, request);
  },
};

function parseQuery(query: string, directory: Directory, now: number): Condition {
  // A query that is a number finds only a person with exactly this ID or student ID: 2028 finds no one,
  // although some usernames begin with 2028.
  if (/^\d+$/.test(query)) {
    return ({ id, student_id }) => [id, student_id].includes(Number(query));
  }
  const operators = makeOperators(directory, now);
  const alternatives = query
    .split(' OR ')
    .map((each) =>
      (each.match(/"[^"]*"|[^\s+]+/g) ?? []).map((word) => parseWord(word, operators)),
    );
  return (person) =>
    alternatives.some((conditions) => conditions.every((condition) => condition(person)));
}

type Operators = Readonly<Record<string, Operator>>;

interface Operator {
  valuesOf(person: DirectoryEntry): Values;
  /** Converts the value after the operator before it is compared, such as a grade to a graduation year. */
  translate?(value: string): string;
}

function makeOperators(directory: Directory, now: number): Operators {
  const lastNameOf = (username: string | null): string | null | undefined =>
    username === null ? null : directory.byUsername(username)?.last_name;
  const first: Operator = { valuesOf: ({ first_name, nickname }) => [first_name, nickname] };
  const last: Operator = { valuesOf: ({ last_name }) => [last_name] };
  const nick: Operator = { valuesOf: ({ nickname }) => [nickname] };
  const sex: Operator = {
    valuesOf: (person) => [person.sex],
    translate: (value) => value.slice(0, 1),
  };
  const middle: Operator = { valuesOf: () => [] };
  const gradyear: Operator = { valuesOf: ({ graduation_year }) => [graduation_year] };
  return {
    first,
    firstname: first,
    last,
    lastname: last,
    nick,
    nickname: nick,
    name: { valuesOf: (person) => [person.last_name, person.first_name, person.nickname] },
    middle,
    middlename: middle,
    gradyear,
    grade: {
      ...gradyear,
      translate: (value) => String(12 + seniorYearOf(now) - Number(value)),
    },
    email: { valuesOf: ({ tj_email }) => [tj_email] },
    studentid: { valuesOf: ({ student_id }) => [student_id] },
    sex,
    gender: sex,
    id: { valuesOf: ({ id }) => [id] },
    username: { valuesOf: ({ ion_username }) => [ion_username] },
    counselor: { valuesOf: ({ counselor }) => [lastNameOf(counselor)] },
    administrator: { valuesOf: ({ administrator }) => [lastNameOf(administrator)] },
    type: { valuesOf: ({ user_type }) => [user_type] },
  };
}

function parseWord(word: string, operators: Operators): Condition {
  const [, key, sign, rest] = /^(\w+)([:=<>])(.*)$/s.exec(word) ?? [];
  if (key === undefined || sign === undefined || rest === undefined) return matchName(word);
  // Ion ignores a word with an operator that it does not know, so the word matches everyone.
  const operator = Object.hasOwn(operators, key.toLowerCase())
    ? operators[key.toLowerCase()]
    : undefined;
  if (!operator) return () => true;
  const wanted = (operator.translate?.(rest) ?? rest).toLowerCase();
  const isMatch = (value: string | number): boolean => {
    if (sign === '<') return Number(value) <= Number(wanted);
    if (sign === '>') return Number(value) >= Number(wanted);
    return String(value).toLowerCase().includes(wanted);
  };
  return (person) => withoutNulls(operator.valuesOf(person)).some(isMatch);
}

// A word matches any part of a name, so a `*` at either end has no effect and is removed. A quoted
// word must match a complete name.
function matchName(word: string): Condition {
  const isExact = word.startsWith('"');
  const wanted = (isExact ? word.slice(1, -1) : word.replace(/^\*|\*$/g, '')).toLowerCase();
  return ({ first_name, last_name, nickname, ion_username }) =>
    withoutNulls([first_name, last_name, nickname, ion_username]).some((value) => {
      const name = String(value).toLowerCase();
      return isExact ? name === wanted : name.includes(wanted);
    });
}

function withoutNulls(values: Values): readonly (string | number)[] {
  return values.filter((value) => value !== null && value !== undefined);
}
