'use strict';

// Creates the Python environments that the provider runs in, unless they already exist with the versions
// that requirements.txt pins.

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const MIN_PYTHON = [3, 11];

const python = process.env.PYTHON || 'python3';
const version = pythonVersion();
const requirements = fs.readFileSync(path.join(__dirname, 'requirements.txt'), 'utf8');
// Ion does not pin oauthlib, so Ion might run with either of these versions.
makeUnlessThere('.venv', requirements);
makeUnlessThere('.venv-oauthlib-4', requirements.replace(/^oauthlib==.*$/m, 'oauthlib==4.0.1'));

function makeUnlessThere(name, pins) {
  const environment = path.join(__dirname, name);
  const stamp = path.join(environment, 'made-from.txt');
  const madeFrom = createHash('sha256').update(`${version}\n${pins}`).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === madeFrom) return;
  make(environment, pins);
  fs.writeFileSync(stamp, madeFrom);
}

function pythonVersion() {
  const asked = run(python, '-c', 'import sys; print(*sys.version_info[:3])');
  const why = asked.error
    ? `${python} cannot be run (${asked.error.code})`
    : `${python} says: ${lastLineOf(asked.stderr)}`;
  if (asked.status !== 0) {
    giveUp(`The tests against django-oauth-toolkit need Python, which cannot be used: ${why}.`);
  }
  const [major, minor, patch] = asked.stdout.trim().split(' ').map(Number);
  const version = [major, minor, patch].join('.');
  if (major !== MIN_PYTHON[0] || minor < MIN_PYTHON[1]) {
    giveUp(
      `django-oauth-toolkit needs Python ${MIN_PYTHON.join('.')} or newer, and ${python} is ${version}.`,
    );
  }
  return version;
}

function make(environment, pins) {
  // Before removing the old environment, check that this Python can make a new one, because the old one might
  // still work with another Python.
  const able = run(python, '-c', 'import venv, ensurepip');
  if (able.status !== 0) {
    giveUp(
      `${python} cannot make a virtual environment, because a part of its library is missing: ${lastLineOf(able.stderr)}.`,
    );
  }
  console.log(`Installing django-oauth-toolkit into test/provider/${path.basename(environment)}`);
  fs.rmSync(environment, { recursive: true, force: true });
  const made = run(python, '-m', 'venv', environment);
  if (made.status !== 0) {
    giveUp(`${python} could not make a virtual environment:\n${made.stdout}${made.stderr}`);
  }
  const requirementsFile = path.join(environment, 'requirements.txt');
  fs.writeFileSync(requirementsFile, pins);
  const quiet = ['--quiet', '--disable-pip-version-check'];
  const pip = ['-m', 'pip', 'install', ...quiet, '--requirement', requirementsFile];
  const installed = spawnSync(path.join(environment, 'bin/python'), pip, { stdio: 'inherit' });
  if (installed.status !== 0) {
    giveUp(
      'pip could not install the packages of test/provider/requirements.txt; its message is above.',
      'It needs the network once, or the URL of a package index in the variable PIP_INDEX_URL.',
    );
  }
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
