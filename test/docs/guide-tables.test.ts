// Compares the tables in the guides for options and profile fields with the source code.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { RAW_FIELDS } from '../../lib/profile.js';
import { textOf } from '../support/snippets.js';

const ROOT = join(__dirname, '../..');

describe('the guides', () => {
  it('have every option of the strategy in the table of options, and no other', () => {
    const source = readFileSync(join(ROOT, 'lib/settings.ts'), 'utf8');
    const [, names = ''] = /^const OPTIONS: [^]*?= \{\n(.*?)^\}/ms.exec(source) ?? [];
    const options = [...names.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    const [table = ''] = textOf('docs/guides/options.md').split('\n## ', 1);
    const shown = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(10);
    expect(shown.sort()).toEqual(options.sort());
  });

  it('have every field of the profile in the table of the profile, and no other', () => {
    const source = readFileSync(join(ROOT, 'lib/profile.ts'), 'utf8');
    const [, body = ''] = /^export interface IonProfile \{\n(.*?)^\}/ms.exec(source) ?? [];
    const fields = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name);
    const rows = textOf('docs/guides/profile.md').match(/^\| `[^|]*/gm) ?? [];
    const shown = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
    expect(fields.length).toBeGreaterThan(15);
    expect(shown.sort()).toEqual(fields.sort());
  });

  it('mark the raw fields that throw when they are read', () => {
    const [table = ''] = textOf('docs/guides/moving.md').split('**2.', 1);
    const marked = [...table.matchAll(/`(\w+)` \*/g)].map(([, name = '']) => name);
    expect(marked.sort()).toEqual([...RAW_FIELDS].sort());
  });
});
