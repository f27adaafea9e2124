// The pages in docs/reference/ are the ones that `npm run docs` makes from the comments in lib/.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/** Returns the contents of the files in a folder, by their paths in the folder. */
function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')] as const),
  );
}

describe('docs/reference', () => {
  it('is what `npm run docs` writes from the comments', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passport-ion-docs-'));
    try {
      const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
      await promisify(execFile)(process.execPath, [typedoc, '--out', folder], { cwd: ROOT });
      const made = filesOf(folder);
      const kept = filesOf(join(ROOT, 'docs/reference'));
      const differing = [...new Set([...made.keys(), ...kept.keys()])]
        .filter((path) => made.get(path) !== kept.get(path))
        .map((path) => `docs/reference/${path} is out of date: npm run docs`);
      expect(differing).toEqual([]);
      expect(made.size).toBeGreaterThan(50);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
