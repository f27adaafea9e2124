// Makes the table in the "Works with" guide from the rows that the tests sign in with.

import type { Row } from './tried-frameworks.js';

const BETWEEN_MARKERS =
  /(?<=<!-- frameworks table: begin -->\n)[^]*(?=<!-- frameworks table: end -->)/;

/** Returns the guide's text with the table of these rows between its two markers. */
export function withTable(guide: string, rows: readonly Row[]): string {
  if (!BETWEEN_MARKERS.test(guide)) {
    throw new Error('docs/guides/frameworks.md has lost the markers of its table');
  }
  // Pass a function, because `$` has a special meaning in a replacement string.
  return guide.replace(BETWEEN_MARKERS, () => `\n${tableOf(rows)}\n`);
}

function tableOf(rows: readonly Row[]): string {
  const lines = [
    ['Framework', 'Installed with', 'Keeps in-flight sign-ins in'],
    ['---', '---', '---'],
    ...rows.map(({ name, packages, keptIn }) => [name, packages.map(code).join(', '), keptIn]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function code(text: string): string {
  return `\`${text}\``;
}
