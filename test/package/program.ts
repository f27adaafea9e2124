// Runs a program to its end, or until a test ends it, and reads what it prints.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const program of running) await end(program);
});

/** Runs a program to its end, and returns what it printed. If it fails, the error has that text. */
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
    // Cast because execFile rejects with an error that has both.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** Starts a program, which ends after the test. */
export function start(
  folder: string,
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): ChildProcess {
  const child = spawn(program, parameters, {
    cwd: folder,
    env: { ...process.env, ...environment },
    // A process group of its own: `npm start` runs other programs, which must end with it.
    detached: true,
  });
  running.add(child);
  return child;
}

/** The first group of the pattern's first match in what the program prints. Fails if the program ends first. */
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

/** Ends the program, as Ctrl-C does. */
export async function end(program: ChildProcess): Promise<void> {
  running.delete(program);
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, 'exit');
  if (program.pid !== undefined) process.kill(-program.pid, 'SIGTERM');
  await exited;
}
