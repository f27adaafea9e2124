// Starts api-process.ts, an app that uses Ion's API in its own process, and makes it send requests.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { temporaryFolder } from './temporary-folder.js';

let program: string;
let running: ChildProcess[] = [];

beforeAll(async () => {
  program = join(await temporaryFolder('api-process'), 'app.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'api-process.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
  });
});

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }
  running = [];
});

/** Starts a process whose tokens are in the file `store`. It is stopped when the test ends. */
export async function startAPIProcess(
  ionOrigin: string,
  store: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = fork(program, [ionOrigin, store], {
    env: { ...process.env, ...environment },
    execArgv: ['--unhandled-rejections=strict'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8');
  running.push(child);
  await once(child, 'message');
  return child;
}

/** Makes the process send this many requests at the same time, and returns the outcome of each. */
export async function sendRequests(child: ChildProcess, count: number): Promise<unknown> {
  const finished = once(child, 'message');
  child.send(count);
  // Cast because `once` types its results as `any`.
  const [outcomes] = (await finished) as [unknown];
  return outcomes;
}
