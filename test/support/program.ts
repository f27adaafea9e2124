// A program that a test starts: what it prints, how it ends, and that it ends with the tests of a file.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory. Default: that of the tests. */
  readonly cwd?: string;
  /** The packages of Debian that it comes with. */
  readonly packages?: string;
}

const programs: Program[] = [];

/** The time zone, and what the command `faketime` sets: tests and programs must agree on the date. */
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
  /** What it has written to stdout and to stderr so far. */
  printed = '';
  readonly name: string;
  readonly #child: ChildProcess;
  /** Settles when it has ended and all that it printed has been read. */
  readonly #closed: Promise<unknown>;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      // Read to the end: a program that cannot write ends.
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
        child.emit('printed');
      });
    }
    programs.push(this);
  }

  /** Starts it; of this process's environment it has only PATH and what sets the clock. */
  static async start(command: string, options: ProgramOptions = {}): Promise<Program> {
    const { arguments: args = [], env = {}, cwd, packages } = options;
    // Debian has servers where only root looks.
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

  /** Waits until it has printed `text`, or has ended. */
  async printedOrEnded(text: string): Promise<void> {
    while (this.running && !this.printed.includes(text)) {
      await Promise.race([once(this.#child, 'printed'), this.#closed]);
    }
    if (!this.running) await this.#closed;
  }

  /** Waits until it has printed `text`; an error where it ends before. */
  async until(text: string): Promise<void> {
    await this.printedOrEnded(text);
    if (!this.printed.includes(text)) {
      throw new Error(`${this.name} ended before it was ready:\n${this.printed}`);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** What of that which it prints after a signal matches, at the place of the group. */
  async answerTo(name: NodeJS.Signals, pattern: RegExp): Promise<string> {
    const before = this.printed.length;
    this.signal(name);
    for (;;) {
      const found = pattern.exec(this.printed.slice(before))?.[1];
      if (found !== undefined) return found;
      if (!this.running) throw new Error(`${this.name} has ended:\n${this.printed}`);
      await Promise.race([once(this.#child, 'printed'), this.#closed]);
    }
  }

  /** Its exit code, once it has ended; null where a signal ended it. */
  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  /** Ends it, whatever state it is in. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
