// Runs a program for a test, and reads what it prints. The program is stopped after the tests of the file.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The program's working directory. Default: the tests' working directory. */
  readonly cwd?: string;
  /** The Debian packages that contain the program, for the error message if it is not installed. */
  readonly packages?: string;
}

const programs: Program[] = [];

/** Returns the TZ and faketime variables, because the tests and their programs must agree on the date. */
function clockSettings(): Record<string, string | undefined> {
  const names = Object.keys(process.env).filter((name) =>
    /^(FAKETIME\w*|LD_PRELOAD|TZ)$/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

afterAll(async () => {
  for (const program of programs.splice(0)) await program.stop();
});

export class Program {
  /** Everything that the program has written to stdout and stderr so far. */
  printed = '';
  readonly name: string;
  readonly #child: ChildProcess;
  /** Resolves once the program has exited and all of its output has been read. */
  readonly #closed: Promise<unknown>;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      // Output must always be read, because a program that cannot write would exit.
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
        child.emit('printed');
      });
    }
    programs.push(this);
  }

  /** Starts a program. From this process's environment, it gets only PATH and the clock settings. */
  static async start(command: string, options: ProgramOptions = {}): Promise<Program> {
    const { arguments: args = [], env = {}, cwd, packages } = options;
    // Debian installs servers in /usr/sbin, which is only in root's PATH.
    const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
    const child = spawn(command, args, {
      env: { ...clockSettings(), PATH, ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      await once(child, 'spawn');
    } catch (error) {
      if (packages === undefined) throw error;
      throw new Error(
        `${command} is not installed. On Debian: apt-get install --no-install-recommends ${packages}`,
        { cause: error },
      );
    }
    return new Program(command, child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until the program has printed `text` or has exited. */
  async printedOrEnded(text: string): Promise<void> {
    while (this.running && !this.printed.includes(text)) {
      await Promise.race([once(this.#child, 'printed'), this.#closed]);
    }
    if (!this.running) await this.#closed;
  }

  /** Waits until the program has printed `text`. Throws if it exits before that. */
  async until(text: string): Promise<void> {
    await this.printedOrEnded(text);
    if (!this.printed.includes(text)) {
      throw new Error(`${this.name} ended before it was ready:\n${this.printed}`);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Sends a signal, waits for new output that matches, and returns the first group of the match. */
  async outputAfter(name: NodeJS.Signals, pattern: RegExp): Promise<string> {
    const before = this.printed.length;
    this.signal(name);
    for (;;) {
      const found = pattern.exec(this.printed.slice(before))?.[1];
      if (found !== undefined) return found;
      if (!this.running) throw new Error(`${this.name} has ended:\n${this.printed}`);
      await Promise.race([once(this.#child, 'printed'), this.#closed]);
    }
  }

  /** Waits until the program exits. Returns its exit code, or null if a signal ended it. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Stops the program, whatever it is doing. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
