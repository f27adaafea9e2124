// The documents name the oldest Node that the package runs on, as package.json does, and the oldest TypeScript
// that the tarball's tests compile with.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import exampleApp from '../../example-app/package.json';
import manifest from '../../package.json';
import { OLDEST_TYPESCRIPT } from '../package/typescript-versions.js';

const ROOT = join(__dirname, '../..');
const oldest = manifest.engines.node.replace('>=', '');

it('package.json names the oldest Node', () => {
  expect(manifest.engines.node).toMatch(/^>=\d+\.\d+$/);
});

it('the example app asks for the same Node as the package', () => {
  expect(exampleApp.engines.node).toBe(manifest.engines.node);
});

it.each(['README.md', 'CONTRIBUTING.md'])('%s names the same Node as package.json', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [...text.matchAll(/\bNode (\d[\d.]*\d) or newer/g)].map(([, version]) => version);
  expect(named.length).toBeGreaterThan(0);
  expect(new Set(named)).toEqual(new Set([oldest]));
});

it.each(['CHANGELOG.md', 'CONTRIBUTING.md', 'docs/guides/typescript.md'])(
  '%s names the oldest TypeScript that is tested',
  (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const named = [...text.matchAll(/\bTypeScript (\d+\.\d+)/g)].map(([, version]) => version);
    expect(new Set(named)).toEqual(new Set([OLDEST_TYPESCRIPT]));
  },
);
