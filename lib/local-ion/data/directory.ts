// Keeps the people on a local Ion: fills in their default values, and finds them by id or username.

import { wrongOption } from '../errors.js';
import { DEFAULTS, checkPeople } from './check-people.js';
import { isTeacher } from './person-rules.js';
import type { Person } from './people.js';

/** A person with every field filled in. */
export type DirectoryEntry = Required<Person>;

/** The maximum number of usernames in an error message. */
const MAX_LISTED_NAMES = 20;

/** All the people on one local Ion. */
export class Directory {
  /** All the people, in the order of the `people` option. */
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
