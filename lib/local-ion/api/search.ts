// `/api/search/<query>`: Ion's small query language for people.

import { isUnrestricted, READ, urlAt } from './view.js';
import type { View } from './view.js';
import { gradeOf } from '../data/directory.js';
import type { Directory, DirectoryEntry } from '../data/directory.js';
import { seniorYearOf } from '../data/calendar.js';
import { paginate } from './pagination.js';
import { personInBrief } from './people.js';

type Test = (person: DirectoryEntry) => boolean;
type Facts = readonly (string | number | null | undefined)[];

/** `/api/search/<query>`. */
export const searchView: View = {
  name: 'Search',
  description: 'Finds people by name, nickname, username or ID, and by operators such as last:Doe.',
  methods: READ,
  permits: isUnrestricted,
  get: (ion, request) => {
    const now = ion.now();
    const matches = testFor(request.parameters['query'] ?? '', ion.directory, now);
    const found = ion.directory.entries
      // Ion hides the accounts of its own services.
      .filter((person) => person.user_type !== 'service' && matches(person))
      .sort((one, other) => one.id - other.id);
    const shown = found.map((person) => {
      const brief = personInBrief(person, urlAt(request, `/profile/${person.id}`));
      return person.user_type === 'student' ? { ...brief, grade: gradeOf(person, now) } : brief;
    });
    return paginate(shown, 50, request);
  },
};

function testFor(query: string, directory: Directory, now: number): Test {
  // An ID matches as a whole: 2028 finds nobody, although usernames begin with it.
  if (/^\d+$/.test(query)) {
    return ({ id, student_id }) => [id, student_id].includes(Number(query));
  }
  const operators = operatorsFor(directory, now);
  const alternatives = query
    .split(' OR ')
    .map((each) =>
      (each.match(/"[^"]*"|[^\s+]+/g) ?? []).map((word) => testForWord(word, operators)),
    );
  return (person) => alternatives.some((tests) => tests.every((test) => test(person)));
}

type Operators = Readonly<Record<string, Operator>>;

interface Operator {
  facts(person: DirectoryEntry): Facts;
  /** What the value stands for, if it is not looked for as it is. */
  translate?(value: string): string;
}

function operatorsFor(directory: Directory, now: number): Operators {
  const lastNameOf = (username: string | null): string | null | undefined =>
    username === null ? null : directory.byUsername(username)?.last_name;
  const first: Operator = { facts: ({ first_name, nickname }) => [first_name, nickname] };
  const last: Operator = { facts: ({ last_name }) => [last_name] };
  const nick: Operator = { facts: ({ nickname }) => [nickname] };
  const sex: Operator = {
    facts: (person) => [person.sex],
    translate: (value) => value.slice(0, 1),
  };
  const middle: Operator = { facts: () => [] };
  const gradyear: Operator = { facts: ({ graduation_year }) => [graduation_year] };
  return {
    first,
    firstname: first,
    last,
    lastname: last,
    nick,
    nickname: nick,
    name: { facts: (person) => [person.last_name, person.first_name, person.nickname] },
    middle,
    middlename: middle,
    gradyear,
    grade: {
      ...gradyear,
      translate: (value) => String(12 + seniorYearOf(now) - Number(value)),
    },
    email: { facts: ({ tj_email }) => [tj_email] },
    studentid: { facts: ({ student_id }) => [student_id] },
    sex,
    gender: sex,
    id: { facts: ({ id }) => [id] },
    username: { facts: ({ ion_username }) => [ion_username] },
    counselor: { facts: ({ counselor }) => [lastNameOf(counselor)] },
    administrator: { facts: ({ administrator }) => [lastNameOf(administrator)] },
    type: { facts: ({ user_type }) => [user_type] },
  };
}

function testForWord(word: string, operators: Operators): Test {
  const [, key, sign, rest] = /^(\w+)([:=<>])(.*)$/s.exec(word) ?? [];
  if (key === undefined || sign === undefined || rest === undefined) return testForName(word);
  // Ion skips an operator that it does not know.
  const operator = Object.hasOwn(operators, key.toLowerCase())
    ? operators[key.toLowerCase()]
    : undefined;
  if (!operator) return () => true;
  const value = (operator.translate?.(rest) ?? rest).toLowerCase();
  const isMatch = (fact: string | number): boolean => {
    if (sign === '<') return Number(fact) <= Number(value);
    if (sign === '>') return Number(fact) >= Number(value);
    return String(fact).toLowerCase().includes(value);
  };
  return (person) => known(operator.facts(person)).some(isMatch);
}

// A word is part of a name, a word in quotes is all of it. Wildcards at its ends are implied.
function testForName(word: string): Test {
  const isExact = word.startsWith('"');
  const wanted = (isExact ? word.slice(1, -1) : word.replace(/^\*|\*$/g, '')).toLowerCase();
  return ({ first_name, last_name, nickname, ion_username }) =>
    known([first_name, last_name, nickname, ion_username]).some((fact) => {
      const name = String(fact).toLowerCase();
      return isExact ? name === wanted : name.includes(wanted);
    });
}

function known(facts: Facts): readonly (string | number)[] {
  return facts.filter((fact) => fact !== null && fact !== undefined);
}
