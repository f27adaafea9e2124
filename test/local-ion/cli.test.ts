// Runs the built `passport-ion` executable in dist, for the tests that need a real process.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { send } from './contract/support/send.js';

const COMMAND = join(__dirname, '../../dist/local-ion/cli.js');

interface Run {
  readonly process: ChildProcess;
  /** What the command has printed so far: `out` on stdout, `errors` on stderr. */
  out: string;
  errors: string;
}

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
});

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const started: Run = { process: child, out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    started.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    started.errors += chunk.toString();
  });
  return started;
}

/** Waits until the command's output matches the pattern. Throws if the command exits before that. */
async function waitForOutput(command: Run, pattern: RegExp): Promise<string> {
  for (;;) {
    const match = pattern.exec(command.out);
    if (match) return match[1] ?? match[0];
    if (command.process.exitCode !== null) throw new Error(`The command exited: ${command.errors}`);
    await Promise.race([
      once(command.process.stdout ?? command.process, 'data'),
      once(command.process, 'close'),
    ]);
  }
}

async function waitForExit({ process: child }: Run): Promise<number | null> {
  // Unlike 'exit', this event comes after all output has been read.
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

describe('passport-ion', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('exits with code 0 on %s', async (signal) => {
    const command = run('local-ion', '--port', '0');
    await waitForOutput(command, /Ctrl-C/);
    const code = waitForExit(command);
    command.process.kill(signal);
    expect(await code).toBe(0);
    expect(command.errors).toBe('');
  });

  it('exits with code 0 when no one reads its output anymore', async () => {
    const command = run('local-ion', '--port', '0');
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    await waitForOutput(command, /Ctrl-C/);
    const code = waitForExit(command);
    command.process.stdout?.destroy();
    // The command does not notice that its output was closed until it logs a request.
    await send(url).catch(() => undefined);
    expect(await code).toBe(0);
    expect(command.errors).toBe('');
  });

  it('exits with code 2 for a mistake, and prints the mistake and the usage to stderr', async () => {
    const command = run('start');
    expect(await waitForExit(command)).toBe(2);
    expect(command.out).toBe('');
    expect(command.errors).toMatch(/^passport-ion: unknown command 'start': .*\n\nUsage: /);
  });
});
