// Tests that the "Works with" guide names exactly the frameworks that test/frameworks signs in with.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { withTable } from '../frameworks/guide-table.js';
import { rows } from '../frameworks/tried-frameworks.js';

const guide = readFileSync(join(__dirname, '../../docs/guides/frameworks.md'), 'utf8');

// If this fails, run `node scripts/frameworks-guide.js`.
it('the table is the one that scripts/frameworks-guide.js writes', () => {
  expect(guide).toBe(withTable(guide, rows));
});

it('withTable refuses a guide without the markers, which would never get a table', () => {
  expect(() => withTable('# Works with\n', rows)).toThrow('has lost the markers');
});
