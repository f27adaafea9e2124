// The API paths guide has every path in lib/api/paths.ts, with its type, an example, and a contract test.

import { join } from 'node:path';

import { textOf } from '../support/snippets.js';
import { GUIDE, readSources, withTable } from './make-api-paths-table.js';

const sources = readSources(join(__dirname, '../..'));
const guide = textOf(GUIDE);

// If this fails, run `node scripts/api-paths-guide.js`.
it('the table is the one that scripts/api-paths-guide.js writes', () => {
  expect(guide).toBe(withTable(guide, sources));
});

describe('withTable refuses', () => {
  /** Returns the text of lib/api/paths.ts with one more path. */
  const withPath = (line: string): string =>
    sources.paths.replace('export interface IonPaths {\n', (start) => `${start}  ${line}\n`);

  it('a path without a type', () => {
    const paths = withPath("'/lunch';");
    expect(() => withTable(guide, { ...sources, paths })).toThrow('/lunch has no type');
  });

  it('a path without an example', () => {
    const paths = withPath("'/lunch': IonGet<IonDay>;");
    expect(() => withTable(guide, { ...sources, paths })).toThrow('has an example of /lunch');
  });

  it('a request without a contract test', () => {
    const contract = { 'school.ts': sources.contract['school.ts'] ?? '' };
    expect(() => withTable(guide, { ...sources, contract })).toThrow(
      'The contract has no row with a request GET /profile',
    );
  });

  it('a guide without the markers, which would never get a table', () => {
    expect(() => withTable('# The paths\n', sources)).toThrow('has lost the markers');
  });
});
