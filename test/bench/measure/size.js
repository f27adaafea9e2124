// Measures the size of each package once it is installed with all its dependencies.

'use strict';

const { execFile } = require('node:child_process');
const { mkdtemp, readFile, readdir, rm, stat, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { promisify } = require('node:util');

const { NAMES, OURS, contestant } = require('../contestants.js');

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');

/** Returns bytes and number of packages by contestant, and for our package, how much of it is declarations. */
async function measureSize() {
  const folder = await mkdtemp(join(tmpdir(), 'passport-ion-bench-'));
  try {
    const tarball = await pack(folder);
    const sizes = {};
    for (const name of NAMES) {
      const packages = contestant(name).packages.map((each) => (each === OURS ? tarball : each));
      sizes[name] = await installedSize(join(folder, name), packages);
    }
    return sizes;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pack(folder) {
  // Don't build here, because the script that runs the benchmark has already built the package.
  const parameters = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', parameters, { cwd: ROOT });
  return join(folder, JSON.parse(stdout)[0].filename);
}

async function installedSize(folder, packages) {
  await run('mkdir', [folder]);
  await writeFile(join(folder, 'package.json'), '{}');
  if (packages.length === 0) return { bytes: 0, typeBytes: 0, packages: 0 };
  const parameters = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages];
  await run('npm', parameters, { cwd: folder });
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  const installed = Object.keys(lock.packages).filter((path) => path !== '');
  const modules = join(folder, 'node_modules');
  const types = join(modules, '@types');
  return {
    bytes: await bytesIn(modules),
    typeBytes: await bytesIn(types),
    packages: installed.length,
  };
}

async function bytesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name !== '.package-lock.json');
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.path, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

module.exports = { measureSize };
