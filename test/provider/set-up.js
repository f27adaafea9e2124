'use strict';

// Makes the Python environment that the provider runs in, where there is none or the pins have changed.

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const OLDEST = [3, 11];

const python = process.env.PYTHON || 'python3';
const environment = path.join(__dirname, '.venv');
const requirements = path.join(__dirname, 'requirements.txt');
const stamp = path.join(environment, 'made-from.txt');

const madeFrom = createHash('sha256')
  .update(`${pythonVersion()}\n${fs.readFileSync(requirements, 'utf8')}`)
  .digest('hex');
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== madeFrom) make();

function pythonVersion() {
  const asked = run(python, '-c', 'import sys; print(*sys.version_info[:3])');
  const why = asked.error
    ? `${python} cannot be run (${asked.error.code})`
    : `${python} says: ${lastLineOf(asked.stderr)}`;
  if (asked.status !== 0) {
    giveUp(`The tests against django-oauth-toolkit need Python, and there is none: ${why}.`);
  }
  const [major, minor, patch] = asked.stdout.trim().split(' ').map(Number);
  const version = [major, minor, patch].join('.');
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    giveUp(
      `django-oauth-toolkit needs Python ${OLDEST.join('.')} or newer, and ${python} is ${version}.`,
    );
  }
  return version;
}

function make() {
  // Before anything is removed: what is there may still be of use with another Python.
  const able = run(python, '-c', 'import venv, ensurepip');
  if (able.status !== 0) {
    giveUp(
      `${python} cannot make a virtual environment, for it lacks a part of its own library: ${lastLineOf(able.stderr)}.`,
    );
  }
  console.log('Installing django-oauth-toolkit into test/provider/.venv');
  fs.rmSync(environment, { recursive: true, force: true });
  const made = run(python, '-m', 'venv', environment);
  if (made.status !== 0) {
    giveUp(`${python} makes no virtual environment:\n${made.stdout}${made.stderr}`);
  }
  const quiet = ['--quiet', '--disable-pip-version-check'];
  const pip = ['-m', 'pip', 'install', ...quiet, '--requirement', requirements];
  const installed = spawnSync(path.join(environment, 'bin/python'), pip, { stdio: 'inherit' });
  if (installed.status !== 0) {
    giveUp(
      'pip could not install what test/provider/requirements.txt names; what it says is above.',
      'It needs the network once, or an index of packages in the variable PIP_INDEX_URL.',
    );
  }
  fs.writeFileSync(stamp, madeFrom);
}

function run(command, ...parameters) {
  return spawnSync(command, parameters, { encoding: 'utf8' });
}

function lastLineOf(text) {
  return text.trim().split('\n').at(-1);
}

function giveUp(problem, help) {
  const howToGetIt = [
    'On Debian and Ubuntu: apt-get install python3 python3-venv',
    'Elsewhere: https://www.python.org/downloads/',
    'To use another Python than python3, name it: PYTHON=/path/to/python npm run test:provider',
  ];
  console.error([problem, ...(help ? [help] : howToGetIt)].join('\n'));
  process.exit(1);
}
