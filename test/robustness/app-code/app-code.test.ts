// Whatever the app's own code does, the process keeps running, the browser gets a response in time, the handler
// after passport.authenticate doesn't run, and no secret is printed. Each case runs in its own process.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { buildSync } from 'esbuild';

import type { Report } from './app.js';
import { HOOKS } from './hooks.js';
import { TIMEOUT_MS } from './ways-to-fail.js';

/**
 * Three of the app's functions might time out one after another. The extra 10 seconds are for a slow machine.
 */
const LIMIT_MS = 3 * 2 * TIMEOUT_MS + 10_000;
const PROCESSES = 4;
const SECRETS = /CLIENT-SECRET|ACCESS-TOKEN|REFRESH-TOKEN|SESSION-SECRET|code=CODE/;

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passport-ion-app-code-'));
  program = join(folder, 'app.js');
  buildSync({
    entryPoints: [join(__dirname, 'app.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the case. Returns what went wrong, or undefined if nothing did. */
async function problemOf(hook: string, way: string): Promise<string | undefined> {
  const env = { PATH: process.env['PATH'] ?? '', NODE_DEBUG: 'passport-ion' };
  let stdout;
  try {
    const printed = await promisify(execFile)(process.execPath, [program, hook, way], {
      env,
      timeout: 2 * LIMIT_MS,
    });
    if (SECRETS.test(printed.stdout + printed.stderr)) return `printed a secret: ${printed.stderr}`;
    ({ stdout } = printed);
  } catch (error) {
    return `ended the process: ${String(error)}`;
  }
  // The cast is safe because the last line that the program prints is its report.
  const report = JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as Report;
  const status = report.statuses.at(-1) ?? 0;
  if (report.reached > 0) return 'got behind passport.authenticate';
  if (status < 400) return `ended with status ${status}`;
  if (report.slowestMs > LIMIT_MS) return `took ${report.slowestMs} ms`;
  return undefined;
}

it.each(Object.entries(HOOKS))(
  'IonStrategy responds with an error, and nothing else happens, if this goes wrong in any way: %s',
  async (name, { ways }) => {
    const problems: string[] = [];
    const left = [...ways];
    const work = async (): Promise<void> => {
      for (let way = left.pop(); way !== undefined; way = left.pop()) {
        const problem = await problemOf(name, way);
        if (problem !== undefined) problems.push(`${way}: ${problem}`);
      }
    };
    await Promise.all(Array.from({ length: PROCESSES }, work));
    expect(problems).toEqual([]);
  },
);

it('IonStrategy prints each step of a sign-in with NODE_DEBUG=passport-ion', async () => {
  const env = { PATH: process.env['PATH'] ?? '', NODE_DEBUG: 'passport-ion' };
  const wrong = ['verify in the short form', 'throws an Error'];
  const { stderr } = await promisify(execFile)(process.execPath, [program, ...wrong], { env });
  const steps = [...stderr.matchAll(/^PASSPORT-ION \d+: (.*)$/gm)].map(([, step]) => step);
  const begun = expect.stringMatching(
    /^begin: redirecting to Ion for scope "read" and redirect URI http:/,
  ) as string;
  expect(steps).toEqual([
    begun,
    begun,
    'callback: Ion sent a code',
    'token request: Ion issued tokens',
    'userProfile: returned a profile',
    'error: Error',
  ]);
});
