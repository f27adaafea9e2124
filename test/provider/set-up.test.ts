// Tests that the setup script says what is missing, and how to install it, if Python or a part of it is missing.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SET_UP = join(__dirname, 'set-up.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-up-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes an executable file that stands in for Python and runs this shell script. */
function pythonThat(script: string): string {
  const python = join(folder, 'python');
  writeFileSync(python, `#!/bin/sh\n${script}\n`);
  chmodSync(python, 0o755);
  return python;
}

function setUpWith(python: string): { status: number | null; out: string; complaint: string } {
  const env = { ...process.env, PYTHON: python };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SET_UP], {
    env,
    encoding: 'utf8',
  });
  return { status, out: stdout, complaint: stderr };
}

describe('the setup of the provider', () => {
  it('prints nothing if everything is there', () => {
    expect(setUpWith(process.env['PYTHON'] ?? '')).toEqual({ status: 0, out: '', complaint: '' });
  });

  it.each<[what: string, python: () => string, complaint: RegExp]>([
    [
      'there is no Python',
      () => join(folder, 'nowhere'),
      /^The tests against django-oauth-toolkit need Python, which cannot be used: \S+\/nowhere cannot be run \(ENOENT\)\.$/m,
    ],
    [
      'the program of that name fails',
      () => pythonThat('echo "no interpreter here" >&2; exit 1'),
      /^The tests .* need Python, which cannot be used: \S+\/python says: no interpreter here\.$/m,
    ],
    [
      'Python is too old',
      () => pythonThat('echo 3 9 2'),
      /^django-oauth-toolkit needs Python 3\.11 or newer, and \S+\/python is 3\.9\.2\.$/m,
    ],
    [
      'Python lacks the module venv',
      () =>
        pythonThat(`case "$2" in
  *version*) echo 3 99 0 ;;
  *) echo "ModuleNotFoundError: No module named 'venv'" >&2; exit 1 ;;
esac`),
      /^\S+\/python cannot make a virtual environment, .*: ModuleNotFoundError: No module named 'venv'\.$/m,
    ],
  ])('says how to install it if %s', (_what, python, complaint) => {
    const result = setUpWith(python());
    expect(result).toMatchObject({ status: 1, out: '' });
    expect(result.complaint).toMatch(complaint);
    expect(result.complaint).toContain('apt-get install python3 python3-venv\n');
    expect(result.complaint).toContain('https://www.python.org/downloads/\n');
    expect(result.complaint).toContain('PYTHON=/path/to/python npm run test:provider\n');
    expect(existsSync(join(__dirname, '.venv/made-from.txt'))).toBe(true);
  });
});
