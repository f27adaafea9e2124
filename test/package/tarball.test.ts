// Checks what is in the tarball, and that package linters find nothing wrong with it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import manifest from '../../package.json';
import { ROOT, TARBALL } from './app-folder.js';
import { run } from './program.js';

const tool = (name: string): string => join(ROOT, 'node_modules/.bin', name);

/** Returns the paths of the files in the tarball, as they will be in the package. */
async function filesInside(): Promise<string[]> {
  const listing = await run(ROOT, 'tar', '-tzf', TARBALL);
  return listing
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

describe('the tarball', () => {
  it('holds one bundle and its declarations for each entry, the documents, and nothing else', async () => {
    expect((await filesInside()).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/index.d.mts',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/index.js.map',
      'dist/index.mjs',
      'dist/local-ion/cli.js',
      'dist/local-ion/index.d.ts',
      'dist/local-ion/index.js',
      'package.json',
    ]);
  });

  it('takes at most 500 KB of disk, in blocks of 4 KB', async () => {
    const listing = await run(ROOT, 'tar', '-tvzf', TARBALL);
    const sizes = listing
      .trim()
      .split('\n')
      .map((line) => Number(line.split(/ +/)[2]));
    const onDisk = sizes.reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0);
    expect(onDisk).toBeGreaterThan(100_000);
    expect(onDisk).toBeLessThanOrEqual(500_000);
  });

  it('runs nothing during the installation', async () => {
    const text = await run(ROOT, 'tar', '-xzOf', TARBALL, 'package/package.json');
    const { scripts } = JSON.parse(text) as typeof manifest;
    expect(Object.keys(scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
  });

  it.each(['index', 'local-ion/index'])(
    'depends on the types of every package that its declarations import: %s',
    async (entry) => {
      const text = await run(ROOT, 'tar', '-xzOf', TARBALL, `package/dist/${entry}.d.ts`);
      const names = [...text.matchAll(/^import .*(?:from |require\()'([^']+)'/gm)]
        .map(([, name]) => name)
        .filter((name) => !name?.startsWith('node:'));
      const { dependencies } = manifest;
      expect(names.filter((name) => !(`@types/${name}` in dependencies))).toEqual([]);
      if (entry === 'index') expect(names).toContain('passport');
    },
  );

  it('holds a changelog with its own version', async () => {
    const changelog = await run(ROOT, 'tar', '-xzOf', TARBALL, 'package/CHANGELOG.md');
    const [latest] = /^## \[\d.*$/m.exec(changelog) ?? [];
    expect(latest?.startsWith(`## [${manifest.version}] - `)).toBe(true);
  });

  it('has no errors, warnings, or suggestions from publint', async () => {
    const said = await run(ROOT, tool('publint'), 'run', '--strict', TARBALL);
    expect(said.trim().split('\n').at(-1)).toContain('All good!');
  });

  it('has types that resolve in every way, says @arethetypeswrong/cli', async () => {
    const said = await run(ROOT, tool('attw'), '--format', 'ascii', '--no-color', TARBALL);
    expect(said).toContain('No problems found');
    const ways = [...said.matchAll(/^(node10|node16 .*|bundler): /gm)];
    // The entry points are the package, its local Ion, and its package.json.
    expect(ways).toHaveLength(3 * 4);
  });

  it('would be published without a warning', async () => {
    const said = await run(ROOT, 'npm', 'publish', '--dry-run', '--loglevel', 'notice', TARBALL);
    const warnings = said.split('\n').filter((line) => line.startsWith('npm warn'));
    // npm prints this warning if no one is logged in to the registry. It has nothing to do with the tarball.
    const unasked = 'npm warn publish This command requires you to be logged in to ';
    expect(warnings.filter((line) => !line.startsWith(unasked))).toEqual([]);
    expect(said).toContain(`+ passport-ion@${manifest.version}`);
  });
});

describe('the manifest', () => {
  it('has the version that the example app asks for', async () => {
    const app = JSON.parse(await readFile(join(ROOT, 'example-app/package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(app.dependencies['passport-ion']).toBe(`^${manifest.version}`);
  });
});
