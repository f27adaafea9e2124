// Checks what the GitHub workflows are allowed to do, and whose code they run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../.github/workflows');

const workflows = readdirSync(FOLDER).map(
  (name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const,
);

it.each(workflows)('%s pins each action to a commit, since a tag can move', (_name, text) => {
  const actions = [...text.matchAll(/^ +(?:- )?uses: (.*)$/gm)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(1);
  for (const action of actions) {
    expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

it.each(workflows)('%s may only read, unless a job asks for more', (_name, text) => {
  expect(/^permissions:\n((?: .*\n)+)/m.exec(text)?.[1]).toBe('  contents: read\n');
});

it('only one job may get an identity token for npm, and it runs no code from the repository', () => {
  const jobs = workflows.flatMap(([, text]) => text.split(/^ {2}(?=[\w-]+:\n)/m));
  const able = jobs.filter((job) => /: write$/m.test(job));
  expect(able).toHaveLength(1);
  expect(able[0]).toMatch(/^publish:/);
  expect(able[0]).not.toMatch(/checkout|npm (ci|install|run|test)/);
});

it('the release runs no install scripts from other packages', () => {
  const [, release = ''] = workflows.find(([name]) => name === 'release.yml') ?? [];
  const installs = release.match(/\bnpm (ci|install|i)\b.*/g);
  expect(installs).toEqual(['npm ci --ignore-scripts']);
});

it('the tests run on the versions of Node that `npm run test:node` lists', () => {
  const script = readFileSync(join(__dirname, '../package/versions/on-other-nodes.js'), 'utf8');
  const [, ci = ''] = workflows.find(([name]) => name === 'ci.yml') ?? [];
  const listed = /^const SUPPORTED = \[(.*)\]/m.exec(script)?.[1]?.match(/\d+/g);
  expect(listed?.length).toBeGreaterThan(2);
  expect(/^ +node: \[(.*)\]$/m.exec(ci)?.[1]?.match(/\d+/g)?.sort()).toEqual(listed?.sort());
});
