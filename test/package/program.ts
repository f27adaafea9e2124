// Runs a program until it exits or a test stops it, and reads what it prints.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const program of running) await end(program);
});

/** Runs a program until it exits, and returns what it printed. If it fails, the error contains that text. */
export async function run(
  folder: string,
  program: string,
  ...parameters: readonly string[]
): Promise<string> {
  const options = { cwd: folder, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, parameters, options);
    return stdout + stderr;
  } catch (error) {
    // The cast is safe because execFile rejects with an error that has both outputs.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** Starts a program, which is stopped after the test. */
export function start(
  folder: string,
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): ChildProcess {
  const child = spawn(program, parameters, {
    cwd: folder,
    env: { ...process.env, ...environment },
    // Give it its own process group, because `npm start` runs other programs, which must stop with it.
    detached: true,
  });
  running.add(child);
  return child;
}

/**
 * Waits until the program prints text that matches the pattern. Returns the pattern's first group or, if it
 * has none, the text that matched. Fails if the program exits first.
 */
export function firstMatch(program: ChildProcess, pattern: RegExp): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const match = pattern.exec(printed);
      if (match) resolve(match[1] ?? match[0]);
    };
    program.stdout?.on('data', read);
    program.stderr?.on('data', read);
    program.once('exit', () => {
      reject(new Error(`It ended without ${String(pattern)}:\n${printed}`));
    });
  });
}

/** Stops the program and the programs that it has started, and waits until it has exited. */
export async function end(program: ChildProcess): Promise<void> {
  running.delete(program);
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  if (program.pid !== undefined) process.kill(-program.pid, 'SIGTERM');
  await exited;
}
