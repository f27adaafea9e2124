// The workflows of GitHub: what they may do, and whose code they run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../.github/workflows');

const workflows = readdirSync(FOLDER).map(
  (name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const,
);

it.each(workflows)('%s runs actions of a commit, not of a name that may move', (_name, text) => {
  const actions = [...text.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(1);
  for (const action of actions) {
    expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

it.each(workflows)('%s may read, and nothing else unless a job says so', (_name, text) => {
  expect(/^permissions:\n((?: .*\n)+)/m.exec(text)?.[1]).toBe('  contents: read\n');
});

it('one job alone may prove to npm who it is, and runs no code of the repository', () => {
  const jobs = workflows.flatMap(([, text]) => text.split(/^ {2}(?=[\w-]+:\n)/m));
  const able = jobs.filter((job) => /: write$/m.test(job));
  expect(able).toHaveLength(1);
  expect(able[0]).toMatch(/^publish:/);
  expect(able[0]).not.toMatch(/checkout|npm (ci|install|run|test)/);
});

it('the release runs no install script of another package', () => {
  const [, release = ''] = workflows.find(([name]) => name === 'release.yml') ?? [];
  const installs = release.match(/\bnpm (ci|install|i)\b.*/g);
  expect(installs).toEqual(['npm ci --ignore-scripts']);
});

it('the tests run on the versions of Node that `npm run test:node` knows', () => {
  const script = readFileSync(join(__dirname, '../package/versions/on-other-nodes.js'), 'utf8');
  const supported = /^const SUPPORTED = \[(.*)\]/m.exec(script)?.[1]?.replaceAll("'", '');
  const [, ci = ''] = workflows.find(([name]) => name === 'ci.yml') ?? [];
  expect(/^ +node: \[(.*)\]$/m.exec(ci)?.[1]).toBe(supported);
});
