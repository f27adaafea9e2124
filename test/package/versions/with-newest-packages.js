// Tests the package with the newest dependencies that its version ranges allow, as a new app gets them,
// rather than with those in the lock file. Builds it, checks its types, and runs the tests that depend
// on versions. Jest gets this program's arguments.

'use strict';

const { execFileSync } = require('node:child_process');
const { cpSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { CORE } = require('./version-dependent-tests.js');

const ROOT = path.join(__dirname, '../../..');
const LOCK = 'package-lock.json';

const copy = mkdtempSync(path.join(tmpdir(), 'passport-ion-newest-'));
try {
  copyTrackedFiles();
  inCopy('npm', 'install', '--no-audit', '--no-fund');
  console.log(`Other than in ${LOCK}: ${others().join(', ') || 'none'}`);
  inCopy('npm', 'run', 'build');
  inCopy('npm', 'run', 'typecheck');
  inCopy('npx', 'jest', ...process.argv.slice(2), '--selectProjects', 'core', '--', ...CORE);
} catch (error) {
  // The command that failed has already printed the reason. The message says which command it was.
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true });
}

function copyTrackedFiles() {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of listed.split('\0').filter((name) => name !== '' && name !== LOCK)) {
    cpSync(path.join(ROOT, file), path.join(copy, file));
  }
}

function inCopy(program, ...parameters) {
  execFileSync(program, parameters, { cwd: copy, stdio: 'inherit' });
}

/**
 * Returns the names and versions of the installed packages that have a different version in the lock file.
 */
function others() {
  const [locked, installed] = [ROOT, copy].map(
    (folder) => JSON.parse(readFileSync(path.join(folder, LOCK), 'utf8')).packages,
  );
  return Object.entries(installed)
    .filter(([place, { version }]) => locked[place] && locked[place].version !== version)
    .map(([place, { version }]) => `${place.replace(/^node_modules\//, '')} ${version}`);
}
