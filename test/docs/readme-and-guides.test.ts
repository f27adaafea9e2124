// Checks the text of the README and the guides: its length, its links, and that its tables match the source code.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { RAW_FIELDS } from '../../lib/profile.js';
import { DOCUMENTS, textOf } from '../support/snippets.js';

const ROOT = join(__dirname, '../..');

describe('the README', () => {
  const readme = textOf('README.md');

  it('can be read in a few minutes', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(150 + 1);
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(10 * 1024);
  });

  it('says how to try it and how to test it', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});

describe('the guides', () => {
  it.each([...DOCUMENTS, 'docs/README.md'])('have links in %s that lead somewhere', (document) => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
    const broken = links
      .map(([, link = '']) => link)
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document : join(dirname(document), path);
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('are all in the index', () => {
    const index = textOf('docs/README.md');
    const guides = DOCUMENTS.filter((path) => path !== 'README.md');
    expect(guides.length).toBeGreaterThan(10);
    expect(guides.filter((path) => !index.includes(`(${path.slice('docs/'.length)})`))).toEqual([]);
  });

  it('have prose that fits a terminal', () => {
    const long = DOCUMENTS.flatMap((document) =>
      textOf(document)
        .replace(/^```.*?^```$/gms, (block) => block.replace(/.+/g, ''))
        .split('\n')
        .map((text, index) => ({ text, place: `${document}:${index + 1}` }))
        .filter(({ text }) => text.length > 110 && !text.startsWith('|') && !/^!?\[/.test(text))
        .map(({ place }) => place),
    );
    expect(long).toEqual([]);
  });

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

  it('name every error code', () => {
    const codes = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(ROOT, 'lib', path), 'utf8'))
      .flatMap((source) => source.match(/\bERR_(?:LOCAL_)?ION_[A-Z_]+/g) ?? []);
    const guide = textOf('docs/guides/errors.md');
    expect(codes.length).toBeGreaterThan(15);
    expect([...new Set(codes)].filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
  });
});

/** Returns the anchors that GitHub makes from a document's headings. */
function anchorsOf(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}
