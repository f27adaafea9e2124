// RESULTS.md: what came of every case of the matrix.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { catalog } from './catalog/index.js';
import type { Scheme } from './connection.js';
import type { Fault } from './fault.js';
import { LEGS } from './faulty-ion.js';
import type { Leg } from './faulty-ion.js';
import { KINDS } from './trial.js';
import type { Trial } from './trial.js';

const FILE = join(__dirname, 'RESULTS.md');
const COLUMNS = ['Fault', 'Token request', 'Profile', 'Refresh', 'API call'];

const INTRODUCTION = `# What comes of every fault

Written by \`npm run test:faults\`. Each row is a fault in Ion or in the network, tried in one kind of request at a time, over
http and over https, against an app in a process of its own. The cells say what the browser got: the page as usual, or
the status and code of the error.`;

/** Gathers what comes of the cases, and writes it once all were tried. */
export class Results {
  readonly #trials = new Map<string, Map<Scheme, Trial>>();

  record(scheme: Scheme, row: string, leg: Leg, trial: Trial): void {
    const key = keyOf(row, leg);
    this.#trials.set(key, (this.#trials.get(key) ?? new Map<Scheme, Trial>()).set(scheme, trial));
  }

  /** Writes the file, unless only some of the cases were tried. */
  write(): void {
    const rows = catalog({ authority: '' });
    const faults = [...rows.values()].flat();
    if (!faults.every((fault) => this.#isComplete(fault))) return;
    const tables = [...rows].map(([heading, group]) =>
      [`## ${heading}`, table([COLUMNS, ...group.map((fault) => this.#row(fault))])].join('\n\n'),
    );
    writeFileSync(FILE, `${[INTRODUCTION, this.#summary(), ...tables].join('\n\n')}\n`);
  }

  #isComplete({ name, outcomes, scheme }: Fault): boolean {
    const schemes = scheme === undefined ? 2 : 1;
    return LEGS.filter((leg) => leg in outcomes).every(
      (leg) => this.#trials.get(keyOf(name, leg))?.size === schemes,
    );
  }

  #row({ name, outcomes, scheme }: Fault): string[] {
    const cells = LEGS.map((leg) => {
      if (!(leg in outcomes)) return '';
      const trials = this.#trials.get(keyOf(name, leg))?.values() ?? [];
      return [...new Set([...trials].flatMap(({ got }) => [...got]))].sort().join(' or ');
    });
    return [scheme === undefined ? name : `${name} (${scheme})`, ...cells];
  }

  #summary(): string {
    const trials = [...this.#trials.values()].flatMap((both) => [...both.values()]);
    const counts = KINDS.map((kind) => [
      kind,
      String(trials.filter(({ failings }) => failings.some((one) => one.kind === kind)).length),
    ]);
    return table([[`Of ${trials.length} cases, those in which`, 'Number'], ...counts]);
  }
}

function keyOf(row: string, leg: Leg): string {
  return `${leg} ${row}`;
}

// With columns as wide as Prettier makes them.
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rest].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
