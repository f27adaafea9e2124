// Writes RESULTS.md, which has the result of every case in the matrix.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { catalog } from './catalog/index.js';
import type { Scheme } from './faulty-ion-connection.js';
import type { Fault } from './fault.js';
import { REQUEST_KINDS } from './faulty-ion.js';
import type { RequestKind } from './faulty-ion.js';
import { KINDS } from './run-case.js';
import type { CaseResult } from './run-case.js';

const FILE = join(__dirname, 'RESULTS.md');
const COLUMNS = ['Fault', 'Token request', 'Profile', 'Refresh', 'API call'];

const INTRODUCTION = `# What happens with every fault

Written by \`npm run test:faults\`. Each row is a fault in Ion or in the network, tried in one kind of request at a time, over
http and over https, against an app in its own process. The cells say what the browser got: the page as usual, or
the status and code of the error.`;

export class Results {
  readonly #results = new Map<string, Map<Scheme, CaseResult>>();

  record(scheme: Scheme, row: string, requestKind: RequestKind, result: CaseResult): void {
    const key = keyOf(row, requestKind);
    this.#results.set(
      key,
      (this.#results.get(key) ?? new Map<Scheme, CaseResult>()).set(scheme, result),
    );
  }

  /** Writes the file, but only if every case was run. */
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
    return REQUEST_KINDS.filter((requestKind) => requestKind in outcomes).every(
      (requestKind) => this.#results.get(keyOf(name, requestKind))?.size === schemes,
    );
  }

  #row({ name, outcomes, scheme }: Fault): string[] {
    const cells = REQUEST_KINDS.map((requestKind) => {
      if (!(requestKind in outcomes)) return '';
      const results = this.#results.get(keyOf(name, requestKind))?.values() ?? [];
      return [...new Set([...results].flatMap(({ got }) => [...got]))].sort().join(' or ');
    });
    return [scheme === undefined ? name : `${name} (${scheme})`, ...cells];
  }

  #summary(): string {
    const results = [...this.#results.values()].flatMap((both) => [...both.values()]);
    const counts = KINDS.map((kind) => [
      kind,
      String(results.filter(({ failings }) => failings.some((one) => one.kind === kind)).length),
    ]);
    return table([[`Of ${results.length} cases, those in which`, 'Number'], ...counts]);
  }
}

function keyOf(row: string, requestKind: RequestKind): string {
  return `${requestKind} ${row}`;
}

// Formats the table as Prettier does.
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rest].map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
