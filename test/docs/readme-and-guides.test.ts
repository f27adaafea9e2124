// Checks the length of the README, the links and line lengths of the guides, and that the index has them all.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
