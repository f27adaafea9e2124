// What `npm publish` would publish, installed as a stranger would, in apps of several kinds.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { UserAgent } from '../user-agent.js';

const run = promisify(execFile);
const root = join(__dirname, '../..');
let workplace: string;
let tarball: string;
let ion: LocalIon;

beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'passport-ion-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', workplace], {
    cwd: root,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  tarball = join(workplace, packed.filename);
  ion = await startLocalIon();
});

afterAll(async () => {
  await ion.stop();
  await rm(workplace, { recursive: true, force: true });
});

describe('the tarball', () => {
  it('holds the compiled package, its declarations, the licence and the README, and nothing else', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout.trim().split('\n');
    const expected =
      /^package\/(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/[\w/-]+\.(d\.ts|d\.mts|js|mjs))$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'package/dist/index.js',
        'package/dist/index.mjs',
        'package/dist/index.d.ts',
        'package/dist/index.d.mts',
        'package/dist/local-ion/index.js',
        'package/dist/local-ion/index.d.ts',
        'package/dist/local-ion/command.js',
        'package/LICENSE',
        'package/README.md',
      ]),
    );
  });
});

describe('an app that installs the tarball signs people in', () => {
  it('from CommonJS, on Express 4', async () => {
    const folder = await install('commonjs', ['express@4', 'express-session', 'passport']);
    await signIn(folder, ['app.js']);
  });

  it('from ESM, on Express 5, by the default export', async () => {
    const folder = await install('esm', ['express@5', 'express-session', 'passport']);
    await signIn(folder, ['app.mjs']);
  });

  it('from TypeScript, checked with the libraries, in CommonJS and in ESM', async () => {
    const folder = await install('typescript', [
      'express@5',
      'express-session',
      'passport',
      'typescript@6.0',
      '@types/express@5',
      '@types/express-session',
      '@types/passport',
      '@types/node@20',
    ]);
    for (const type of ['commonjs', 'module']) {
      await writeFile(
        join(folder, 'package.json'),
        JSON.stringify({ ...(await manifestOf(folder)), type }),
      );
      const flags = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
      const settings = ['--module', 'nodenext', '--target', 'es2022', '--outDir', 'out'];
      await run('npx', ['tsc', ...flags, ...settings, '--types', 'node', 'app.ts'], {
        cwd: folder,
      });
      await signIn(folder, ['out/app.js']);
    }
  });

  it('with the lines of the README', async () => {
    const folder = await install('esm', ['express@5', 'express-session', 'passport']);
    await writeFile(join(folder, 'readme.mjs'), await quickStart());
    await signIn(folder, ['readme.mjs'], { PORT: '0' });
  });
});

describe('the command local-ion', () => {
  it('is installed, and runs with Express beside it', async () => {
    const folder = await install('esm', ['express@5']);
    const command = spawn(join(folder, 'node_modules/.bin/local-ion'), ['--port', '0']);
    const printed = await firstMatch(command, /ION_BASE_URL=(\S+)/);
    const page = await new UserAgent().get(`${printed}/login`);
    expect(page.text).toContain('local');
    await end(command);
  });

  it('says what is missing where Express is not installed', async () => {
    const folder = await install('esm', []);
    const command = run(join(folder, 'node_modules/.bin/local-ion'), ['--port', '0']);
    await expect(command).rejects.toMatchObject({
      stderr: expect.stringContaining('npm install express') as string,
    });
  });
});

async function install(consumer: string, packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(workplace, `${consumer}-`));
  await cp(join(__dirname, 'consumers', consumer), folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', tarball, ...packages], { cwd: folder });
  return folder;
}

async function manifestOf(folder: string): Promise<object> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
}

/** The README's quick start: every block of the chapter, one after the other. */
async function quickStart(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const chapter = /^## Quick start\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
  return [...chapter.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code).join('\n');
}

async function signIn(
  folder: string,
  program: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const app = spawn(process.execPath, program, {
    cwd: folder,
    env: {
      ...process.env,
      ION_BASE_URL: ion.baseURL,
      ION_CLIENT_ID: ion.clientID,
      ION_CLIENT_SECRET: ion.clientSecret,
      SESSION_SECRET: 'not a secret',
      ...environment,
    },
  });
  try {
    const url = await firstMatch(app, /(http:\/\/[\w.:]+)/);
    const browser = new UserAgent();
    const { location = '' } = await browser.get(`${url}/login/ion`);
    const back = await browser.get(await ion.approve(location, { as: '2028znunez' }));
    expect(back).toMatchObject({ status: 302, location: `${url}/` });
    expect((await browser.get(`${url}/`)).text).toContain('Zoë Núñez-Łukasik');
  } finally {
    await end(app);
  }
}

/** What the process prints, up to the first match; fails where it ends before. */
async function firstMatch(process: ChildProcess, pattern: RegExp): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const match = pattern.exec(printed);
      if (match) resolve(match[1] ?? match[0]);
    };
    process.stdout?.on('data', read);
    process.stderr?.on('data', read);
    process.once('exit', () => {
      reject(new Error(`It ended without ${String(pattern)}:\n${printed}`));
    });
  });
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exited = once(process, 'exit');
  process.kill('SIGTERM');
  await exited;
}
