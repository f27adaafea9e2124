'use strict';

// Makes the Python environment that the provider runs in, where there is none or the pins have changed.

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const OLDEST = [3, 11];
const HOW_TO_GET_IT =
  'On Debian and Ubuntu: apt-get install python3 python3-venv. Elsewhere: https://www.python.org/downloads/.\n' +
  'To use another Python than python3, name it in the variable PYTHON.';

const python = process.env.PYTHON || 'python3';
const environment = path.join(__dirname, '.venv');
const requirements = path.join(__dirname, 'requirements.txt');
const stamp = path.join(environment, 'made-from.txt');

const madeFrom = createHash('sha256')
  .update(`${pythonVersion()}\n${fs.readFileSync(requirements, 'utf8')}`)
  .digest('hex');
if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== madeFrom) make();

function pythonVersion() {
  const asked = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:3])'], {
    encoding: 'utf8',
  });
  if (asked.status !== 0) {
    giveUp(`The tests against django-oauth-toolkit need Python: ${python} does not run here.`);
  }
  const [major, minor, patch] = asked.stdout.trim().split(' ').map(Number);
  const version = [major, minor, patch].join('.');
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    giveUp(
      `django-oauth-toolkit needs Python ${OLDEST.join('.')} or newer: ${python} is ${version}.`,
    );
  }
  return version;
}

function make() {
  console.log('Installing django-oauth-toolkit into test/provider/.venv');
  fs.rmSync(environment, { recursive: true, force: true });
  const made = spawnSync(python, ['-m', 'venv', environment], { encoding: 'utf8' });
  if (made.status !== 0) {
    giveUp(`${python} makes no virtual environment:\n${made.stdout}${made.stderr}`);
  }
  const quiet = ['--quiet', '--disable-pip-version-check'];
  const pip = ['-m', 'pip', 'install', ...quiet, '--requirement', requirements];
  const installed = spawnSync(path.join(environment, 'bin/python'), pip, { stdio: 'inherit' });
  if (installed.status !== 0) {
    giveUp('pip could not install what requirements.txt names; what it says is above.', '');
  }
  fs.writeFileSync(stamp, madeFrom);
}

function giveUp(problem, help = HOW_TO_GET_IT) {
  console.error([problem, help].filter(Boolean).join('\n'));
  process.exit(1);
}
